/** The fields of a training job. */
import { ChannelsField } from '../parts/channels-field.js';
import { Field } from '../parts/field.js';
import { PairsField } from '../parts/pairs-field.js';
import type { TrainingDraft } from '../state/draft.js';
import { usePart } from '../state/store.js';

interface TrainingFormProps {
  readonly draft: TrainingDraft;
  readonly onChange: (draft: TrainingDraft) => void;
}

export function TrainingForm({ draft, onChange }: TrainingFormProps) {
  const jobs = usePart((state) => state.rows['training-job']) ?? [];
  const algorithms = usePart((state) => state.rows.algorithm) ?? [];
  const sources = new Set([...algorithms.map(({ name }) => name), ...jobs.flatMap(({ source }) => source ?? [])]);
  const set = (change: Partial<TrainingDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      <Field
        label="Image, or name of an algorithm"
        value={draft.source}
        placeholder="123456789012.dkr.ecr.us-east-1.amazonaws.com/linear-regression:1.0.0"
        list="sources"
        onChange={(source) => set({ source })}
      />
      <datalist id="sources">
        {[...sources].slice(0, 100).map((source) => (
          <option key={source} value={source} />
        ))}
      </datalist>
      <PairsField
        title="Hyperparameters"
        one="Hyperparameter"
        pairs={draft.hyperparameters}
        onChange={(hyperparameters) => set({ hyperparameters })}
      />
      <ChannelsField channels={draft.channels} onChange={(channels) => set({ channels })} />
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
