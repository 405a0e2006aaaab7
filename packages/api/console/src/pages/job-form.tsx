/**
 * The form of a new job: its fields, or the JSON of its request. What the service says to a request that it does not take is
 * shown above.
 */
import { useState } from 'preact/hooks';
import { callSageMaker, messageOf } from '../api/aws.js';
import { Confirm } from '../parts/dialog.js';
import { Field } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { notify } from '../parts/notices.js';
import { infoOf, type Kind } from '../state/kinds.js';
import { nameProblem } from '../state/resource-name.js';
import type { Members } from '../state/state.js';
import { useStore } from '../state/store.js';
import { goTo } from '../state/use-route.js';
import type { JobFields } from './job-fields.js';

interface FormProps<Draft> {
  readonly kind: Kind;
  readonly name: string;
  readonly origin: Members;
  readonly fields: JobFields<Draft>;
}

/** The form's own state begins with the props and does not follow them: a reader may have changed it. */
export function JobForm<Draft>({ kind, name: firstName, origin, fields }: FormProps<Draft>) {
  const { fits, draftOf, requestOf, Fields } = fields;
  const info = infoOf(kind);
  const store = useStore();
  const [name, setName] = useState(firstName);
  const [draft, setDraft] = useState<Draft>(() => draftOf(origin));
  const [json, setJson] = useState(fits(origin) ? undefined : JSON.stringify(origin, null, 2));
  const [problem, setProblem] = useState<string>();
  const [asked, setAsked] = useState<Members>();

  const readRequest = (): Members => (json === undefined ? requestOf(draft) : (JSON.parse(json) as Members));
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
      if (json === undefined) setJson(JSON.stringify(request, null, 2));
      else if (!fits(request)) setProblem('A request with TrainingJobDefinitions has no fields: edit it as JSON.');
      else {
        setDraft(draftOf(request));
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
        attempt((request) => setAsked({ ...request, [info.nameMember]: name }));
      }}
    >
      {problem !== undefined && (
        <p class="failure" role="alert">
          {problem}
        </p>
      )}
      <Field
        label="Name"
        value={name}
        placeholder="letters, digits and hyphens"
        problem={nameProblem(kind, name)}
        onChange={setName}
      />
      {json === undefined ? (
        <Fields draft={draft} onChange={setDraft} />
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
        <button type="button" class="quiet" onClick={toggleJson}>
          {json === undefined ? 'Edit as JSON' : 'Edit as fields'}
        </button>
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
