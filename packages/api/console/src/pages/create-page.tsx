/**
 * A new job: from nothing, or from an earlier one, with changes. A training job has fields, and each job can be edited as the
 * JSON of its request. What the service says to a request it does not take is shown above the form.
 */
import { useState } from 'preact/hooks';
import { callSageMaker, messageOf } from '../api/aws.js';
import { Confirm } from '../parts/dialog.js';
import { Field } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { notify } from '../parts/notices.js';
import {
  NEW_TRAINING,
  nextName,
  requestOf,
  type TrainingDraft,
  trainingDraftOf,
  trainingRequestOf,
} from '../state/draft.js';
import { infoOf, type Kind } from '../state/kinds.js';
import { addressOf } from '../state/route.js';
import { keyOf, type Members, type Row } from '../state/state.js';
import { usePart, useStore } from '../state/store.js';
import { useDetail } from '../state/use-resource.js';
import { goTo } from '../state/use-route.js';
import { TrainingForm } from './training-form.js';

interface CreateProps {
  readonly kind: Kind;
  readonly from: string | undefined;
}

const NO_ROWS: readonly Row[] = [];

export function CreatePage({ kind, from }: CreateProps) {
  return (
    <div class="detail-page narrow">
      <nav class="crumbs" aria-label="Path">
        <a href={addressOf({ page: 'list', kind })}>{infoOf(kind).title}</a>
        {from !== undefined && <a href={addressOf({ page: 'detail', kind, name: from })}>{from}</a>}
      </nav>
      <div class="page-head">
        <h1 tabIndex={-1} class="any-name">
          {from === undefined ? `New ${infoOf(kind).one}` : `Run ${from} again`}
        </h1>
      </div>
      {from === undefined ? <NewJob kind={kind} /> : <Again kind={kind} from={from} />}
    </div>
  );
}

// --- internal ---

function NewJob({ kind }: { readonly kind: Kind }) {
  return <JobForm kind={kind} name="" origin={kind === 'training-job' ? NEW_TRAINING : {}} />;
}

function Again({ kind, from }: { readonly kind: Kind; readonly from: string }) {
  const detail = useDetail(kind, from);
  const rows = usePart((state) => state.rows[kind]) ?? NO_ROWS;
  const connection = usePart((state) => state.connection);
  if (!detail && connection === 'live' && !rows.some((row) => row.name === from)) {
    return <p class="empty">There is no {infoOf(kind).one} of this name.</p>;
  }
  if (!detail) return <p class="empty">Loading…</p>;
  if (detail.status === 'failed') return <p class="failure">{detail.message}</p>;
  const name = nextName(from, new Set(rows.map((row) => row.name)));
  return <JobForm key={keyOf(kind, from)} kind={kind} name={name} origin={requestOf(kind, detail.members)} />;
}

interface FormProps {
  readonly kind: Kind;
  readonly name: string;
  readonly origin: Members;
}

/** The form's own state begins with the props and does not follow them: a reader may have changed it. */
function JobForm({ kind, name: firstName, origin }: FormProps) {
  const info = infoOf(kind);
  const store = useStore();
  const hasFields = kind === 'training-job';
  const [name, setName] = useState(firstName);
  const [draft, setDraft] = useState<TrainingDraft>(() => trainingDraftOf(firstName, origin));
  const [json, setJson] = useState(hasFields ? undefined : JSON.stringify(origin, null, 2));
  const [problem, setProblem] = useState<string>();
  const [asked, setAsked] = useState<Members>();

  const readRequest = (): Members => {
    if (json === undefined) return trainingRequestOf({ ...draft, name });
    return { ...(JSON.parse(json) as Members), [info.nameMember]: name };
  };
  const attempt = (use: (request: Members) => void) => {
    try {
      setProblem(undefined);
      use(readRequest());
    } catch (error) {
      setProblem(`The request must be JSON: ${messageOf(error)}`);
    }
  };
  const toggleJson = () =>
    attempt((request) => {
      const { [info.nameMember]: _, ...rest } = request;
      if (json === undefined) setJson(JSON.stringify(rest, null, 2));
      else {
        setDraft(trainingDraftOf(name, rest));
        setJson(undefined);
      }
    });
  const create = async (request: Members) => {
    setAsked(undefined);
    try {
      await callSageMaker(`Create${info.operation}`, request);
      notify(store, 'good', `Started ${name}.`);
      goTo({ page: 'detail', kind, name });
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <form
      class="card form"
      onSubmit={(event) => {
        event.preventDefault();
        attempt(setAsked);
      }}
    >
      {problem !== undefined && (
        <p class="failure" role="alert">
          {problem}
        </p>
      )}
      <Field label="Name" value={name} placeholder="letters, digits and hyphens" onChange={setName} />
      {json === undefined ? (
        <TrainingForm draft={draft} onChange={setDraft} />
      ) : (
        <label>
          Request, as JSON
          <textarea
            rows={24}
            spellcheck={false}
            value={json}
            onInput={({ currentTarget }) => setJson(currentTarget.value)}
          />
        </label>
      )}
      <div class="form-end">
        {hasFields && (
          <button type="button" class="quiet" onClick={toggleJson}>
            {json === undefined ? 'Edit as JSON' : 'Edit as fields'}
          </button>
        )}
        <button type="submit" class="primary">
          <Icon name="play" /> Start
        </button>
      </div>
      {asked && (
        <Confirm
          title={`Start this ${info.one}?`}
          verb="Start"
          tone="primary"
          onConfirm={() => void create(asked)}
          onClose={() => setAsked(undefined)}
        >
          <p>
            <strong class="any-name">{name}</strong> runs on this machine as soon as there is room for it.
          </p>
        </Confirm>
      )}
    </form>
  );
}
