/**
 * The form of a new job: fields for a training job, and for each kind the JSON of its request. What the service says to a
 * request that it does not take is shown above.
 */
import { useState } from 'preact/hooks';
import { callSageMaker, messageOf } from '../api/aws.js';
import { Confirm } from '../parts/dialog.js';
import { Field } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { notify } from '../parts/notices.js';
import { type TrainingDraft, trainingDraftOf, trainingRequestOf } from '../state/draft.js';
import { infoOf, type Kind } from '../state/kinds.js';
import type { Members } from '../state/state.js';
import { useStore } from '../state/store.js';
import { goTo } from '../state/use-route.js';
import { TrainingForm } from './training-form.js';

interface FormProps {
  readonly kind: Kind;
  readonly name: string;
  readonly origin: Members;
}

/** The form's own state begins with the props and does not follow them: a reader may have changed it. */
export function JobForm({ kind, name: firstName, origin }: FormProps) {
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
            <strong class="any-name">{name}</strong> starts on this machine as soon as there is room for it.
          </p>
        </Confirm>
      )}
    </form>
  );
}
