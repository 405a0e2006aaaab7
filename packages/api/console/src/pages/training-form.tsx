/** The fields of a training job. */
import { algorithmOf, describeAlgorithm, imageOf } from '../api/algorithms.js';
import { ChannelsField } from '../parts/channels-field.js';
import { Field } from '../parts/field.js';
import { PairsField } from '../parts/pairs-field.js';
import { draftFor, hyperparametersOf, requiredChannelsOf } from '../state/algorithm-draft.js';
import { objectAt } from '../state/request.js';
import { usePart } from '../state/store.js';
import type { TrainingDraft } from '../state/training-draft.js';
import { type KnownAlgorithms, useAlgorithms } from '../state/use-algorithms.js';
import type { FieldsProps } from './fields-props.js';

interface TrainingFormProps {
  readonly draft: TrainingDraft;
  readonly algorithms: KnownAlgorithms;
  readonly hyperparametersTitle: string;
  /** Hyperparameters that have their values elsewhere: those that are searched. */
  readonly searched?: readonly string[];
  readonly onChange: (change: (draft: TrainingDraft) => TrainingDraft) => void;
}

/** As a job of its own. */
export function TrainingFields({ draft, onChange }: FieldsProps<TrainingDraft>) {
  const algorithms = useAlgorithms(draft.source);
  return <TrainingForm {...{ draft, algorithms, onChange }} hyperparametersTitle="Hyperparameters" />;
}

export function TrainingForm({ draft, algorithms, hyperparametersTitle, searched = [], onChange }: TrainingFormProps) {
  const registered = usePart((state) => state.rows.algorithm) ?? [];
  const { names, description, problem } = algorithms;
  const set = (change: Partial<TrainingDraft>) => onChange((before) => ({ ...before, ...change }));
  const choose = async (name: string) => {
    const image = imageOf(name);
    set({ source: image });
    const described = await describeAlgorithm(name).catch(() => undefined); // the message is below the field
    if (described) onChange((before) => draftFor(before, image, described));
  };
  const known = description ? hyperparametersOf(objectAt(description, 'TrainingSpecification')) : [];
  const required = known.flatMap(({ name, isRequired }) => (isRequired && !searched.includes(name) ? name : []));
  const missing = required.find((name) => !draft.hyperparameters.some(([own]) => own === name));
  return (
    <>
      {names.length > 0 && (
        <fieldset class="chips">
          <legend>Algorithms on this machine</legend>
          {names.map((name) => (
            <button
              key={name}
              type="button"
              class="chip"
              aria-pressed={algorithmOf(draft.source) === name}
              onClick={() => void choose(name)}
            >
              {name}
            </button>
          ))}
        </fieldset>
      )}
      <Field
        label="Image or algorithm name"
        value={draft.source}
        placeholder={imageOf('linear-regression')}
        list="sources"
        problem={missing && `The algorithm requires the hyperparameter "${missing}": add it below.`}
        onChange={(source) => set({ source })}
      />
      <datalist id="sources">
        {registered.slice(0, 100).map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {problem !== undefined && <p class="failure">{problem}</p>}
      <PairsField
        title={hyperparametersTitle}
        one="Hyperparameter"
        pairs={draft.hyperparameters}
        known={known}
        required={required}
        onChange={(hyperparameters) => set({ hyperparameters })}
      />
      <details>
        <summary>Metrics: {draft.metrics.length === 0 ? 'none' : draft.metrics.length}</summary>
        <PairsField
          title="Names, and what finds their values in the log"
          one="Metric"
          pairs={draft.metrics}
          known={[]}
          valueHint="loss=([0-9.]+)"
          onChange={(metrics) => set({ metrics })}
        />
      </details>
      <ChannelsField
        channels={draft.channels}
        required={requiredChannelsOf(description)}
        onChange={(channels) => set({ channels })}
      />
      <Field
        label="Output"
        value={draft.output}
        placeholder="s3://bucket/prefix"
        onChange={(output) => set({ output })}
      />
      <div class="fields">
        <Field label="Instance type" value={draft.instanceType} onChange={(instanceType) => set({ instanceType })} />
        <Field
          label="Maximum run time in seconds"
          value={draft.maxRuntimeInSeconds}
          onChange={(maxRuntimeInSeconds) => set({ maxRuntimeInSeconds })}
        />
        <Field label="Role" value={draft.role} onChange={(role) => set({ role })} />
      </div>
    </>
  );
}
