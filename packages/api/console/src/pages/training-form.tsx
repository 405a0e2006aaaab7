/** The fields of a training job. */
import { useEffect, useState } from 'preact/hooks';
import { algorithmOf, describeAlgorithm, imageOf, readAlgorithms } from '../api/algorithms.js';
import { messageOf } from '../api/aws.js';
import { ChannelsField } from '../parts/channels-field.js';
import { Field } from '../parts/field.js';
import { PairsField } from '../parts/pairs-field.js';
import { draftFor, hyperparametersOf } from '../state/algorithm-draft.js';
import type { TrainingDraft } from '../state/draft.js';
import type { Members } from '../state/state.js';
import { usePart } from '../state/store.js';

interface TrainingFormProps {
  readonly draft: TrainingDraft;
  readonly onChange: (change: (draft: TrainingDraft) => TrainingDraft) => void;
}

export function TrainingForm({ draft, onChange }: TrainingFormProps) {
  const registered = usePart((state) => state.rows.algorithm) ?? [];
  const { names, description, problem } = useAlgorithms(draft.source);
  const set = (change: Partial<TrainingDraft>) => onChange((before) => ({ ...before, ...change }));
  const choose = async (name: string) => {
    const image = imageOf(name);
    set({ source: image });
    const described = await describeAlgorithm(name).catch(() => undefined); // the message is below the field
    if (described) onChange((before) => draftFor(before, image, described));
  };
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
        onChange={(source) => set({ source })}
      />
      <datalist id="sources">
        {registered.slice(0, 100).map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {problem !== undefined && <p class="failure">{problem}</p>}
      <PairsField
        title="Hyperparameters"
        one="Hyperparameter"
        pairs={draft.hyperparameters}
        known={description ? hyperparametersOf(description) : []}
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

// --- internal ---

/** The algorithms of this machine, and the description of the one that the image names. */
function useAlgorithms(source: string) {
  const [names, setNames] = useState<readonly string[]>([]);
  const [described, setDescribed] = useState<{ readonly name: string; readonly answer: Members | string }>();
  const name = names.find((one) => one === algorithmOf(source));
  useEffect(() => {
    readAlgorithms().then(setNames, () => undefined); // without them the image can be typed
  }, []);
  useEffect(() => {
    if (name === undefined) return;
    describeAlgorithm(name).then(
      (answer) => setDescribed({ name, answer }),
      (error) => setDescribed({ name, answer: messageOf(error) }),
    );
  }, [name]);
  const answer = described?.name === name ? described?.answer : undefined;
  return {
    names,
    description: typeof answer === 'object' ? answer : undefined,
    problem: typeof answer === 'string' ? answer : undefined,
  };
}
