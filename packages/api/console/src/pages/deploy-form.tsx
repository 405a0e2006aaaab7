/** The form of a deployment: names and places, filled in from the training job, and a question before anything is made. */
import { useState } from 'preact/hooks';
import { messageOf } from '../api/aws.js';
import { deploy } from '../api/deploy.js';
import { Choice } from '../parts/choice.js';
import { Confirm } from '../parts/dialog.js';
import { Field } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { notify } from '../parts/notices.js';
import { type DeploymentDraft, deploymentDraftOf, deploymentRequestsOf } from '../state/deployment.js';
import { infoOf, type Kind } from '../state/kinds.js';
import { nameProblem } from '../state/resource-name.js';
import type { Members } from '../state/state.js';
import { useStore } from '../state/store.js';
import { goTo } from '../state/use-route.js';

interface FormProps {
  readonly job: Members;
  readonly image: string;
}

const PARTS = [
  ['endpoint', 'Model and endpoint'],
  ['model', 'Model only'],
] as const;

export function DeployForm({ job, image }: FormProps) {
  const store = useStore();
  const [draft, setDraft] = useState(() => deploymentDraftOf(job, image, store.get().rows));
  const [problem, setProblem] = useState<string>();
  const [isAsked, setAsked] = useState(false);
  const set = (change: Partial<DeploymentDraft>) => setDraft((before) => ({ ...before, ...change }));
  const requests = deploymentRequestsOf(draft);
  const create = async () => {
    setAsked(false);
    setProblem(undefined);
    try {
      await deploy(requests);
      const { kind, name } = requests.at(-1)!;
      notify(store, 'good', `Created ${name}.`);
      goTo({ page: 'detail', kind, name });
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  const text = (label: string, member: 'image' | 'data' | 'role' | 'instanceType') => (
    <Field label={label} value={draft[member]} onChange={(value) => set({ [member]: value })} />
  );
  const name = (label: string, kind: Kind, member: 'model' | 'config' | 'endpoint') => (
    <Field
      label={label}
      value={draft[member]}
      problem={nameProblem(kind, draft[member])}
      onChange={(value) => set({ [member]: value })}
    />
  );
  return (
    <form
      class="card form"
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
      }}
    >
      {problem !== undefined && (
        <p class="failure" role="alert">
          {problem}
        </p>
      )}
      <Choice
        label="Create"
        value={draft.isModelOnly ? 'model' : 'endpoint'}
        options={PARTS}
        onChange={(part) => set({ isModelOnly: part === 'model' })}
      />
      {name('Model name', 'model', 'model')}
      {text('Image', 'image')}
      {text('Model data', 'data')}
      {text('Role', 'role')}
      {!draft.isModelOnly && (
        <div class="fields">
          {name('Endpoint name', 'endpoint', 'endpoint')}
          {name('Endpoint config name', 'endpoint-config', 'config')}
          {text('Instance type', 'instanceType')}
        </div>
      )}
      <div class="form-end">
        <button type="submit" class="primary">
          <Icon name="endpoint" /> Create
        </button>
      </div>
      {isAsked && (
        <Confirm
          title={draft.isModelOnly ? 'Create this model?' : 'Create this model and endpoint?'}
          verb="Create"
          tone="primary"
          onConfirm={() => void create()}
          onClose={() => setAsked(false)}
        >
          <ul>
            {requests.map(({ kind, name: own }) => (
              <li key={kind}>
                The {infoOf(kind).one} <strong class="any-name">{own}</strong>
              </li>
            ))}
          </ul>
        </Confirm>
      )}
    </form>
  );
}
