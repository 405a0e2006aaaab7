/** The fields of a tuning job: those of its training jobs, then what it searches and for how long. */
import { useEffect, useRef } from 'preact/hooks';
import { Choice } from '../parts/choice.js';
import { Field } from '../parts/field.js';
import { RangesField } from '../parts/ranges-field.js';
import { filledIn, hyperparametersOf } from '../state/algorithm-draft.js';
import { listAt, textAt } from '../state/members.js';
import { objectAt } from '../state/request.js';
import type { TuningDraft } from '../state/tuning-draft.js';
import { useAlgorithms } from '../state/use-algorithms.js';
import type { FieldsProps } from './fields-props.js';
import { TrainingForm } from './training-form.js';

const STRATEGIES = ['Bayesian', 'Random', 'Grid', 'Hyperband'];
const DIRECTIONS = [
  ['Minimize', 'Minimize: lower is better'],
  ['Maximize', 'Maximize: higher is better'],
] as const;

export function TuningFields({ draft, onChange }: FieldsProps<TuningDraft>) {
  const algorithms = useAlgorithms(draft.training.source);
  const { description } = algorithms;
  const set = (change: Partial<TuningDraft>) => onChange((before) => ({ ...before, ...change }));
  const text = (
    label: string,
    member: 'maxJobs' | 'parallelJobs' | 'minResource' | 'maxResource',
    isRequired = true,
  ) => (
    <Field label={label} value={draft[member]} isRequired={isRequired} onChange={(value) => set({ [member]: value })} />
  );
  const known = hyperparametersOf(
    objectAt(description ?? {}, 'TrainingSpecification'),
    objectAt(description ?? {}, 'Capabilities.TuningRanges'),
  );
  const tunable = known.filter(({ range }) => range !== undefined);
  /** The reader's own choice, which may be earlier than the description. */
  const isChosen = useRef(false);
  const choose = (change: Pick<TuningDraft, 'metric'> | Pick<TuningDraft, 'direction'>) => {
    isChosen.current = true;
    set(change);
  };
  // When an algorithm has described itself: the first metric that it can be tuned by, and the ranges that have only a name
  useEffect(() => {
    const first = listAt(description, 'TrainingSpecification.SupportedTuningJobObjectiveMetrics')[0];
    const objective = { metric: textAt(first, 'MetricName') ?? '', direction: textAt(first, 'Type') ?? '' };
    onChange((before) => ({
      ...before,
      ...(first && before.metric === '' && !isChosen.current && objective),
      ranges: before.ranges.map((range) => filledIn(range, tunable)),
    }));
  }, [description]);
  return (
    <>
      <h2>Training jobs</h2>
      <TrainingForm
        draft={draft.training}
        algorithms={algorithms}
        hyperparametersTitle="Fixed hyperparameters"
        searched={draft.ranges.map(({ name }) => name)}
        onChange={(change) => onChange((before) => ({ ...before, training: change(before.training) }))}
      />
      <h2>Search</h2>
      <RangesField ranges={draft.ranges} known={tunable} onChange={(ranges) => set({ ranges })} />
      <div class="fields">
        <Field
          label="Objective metric"
          value={draft.metric}
          placeholder="validation:rmse"
          list="metrics"
          onChange={(metric) => choose({ metric })}
        />
        <Choice
          label="Direction"
          value={draft.direction}
          options={DIRECTIONS}
          onChange={(direction) => choose({ direction })}
        />
      </div>
      <datalist id="metrics">
        {draft.training.metrics.map(([name]) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div class="fields">
        <Choice
          label="Strategy"
          value={draft.strategy}
          options={STRATEGIES}
          onChange={(strategy) => set({ strategy })}
        />
        <Choice
          label="Early stopping"
          value={draft.earlyStopping}
          options={['Off', 'Auto']}
          onChange={(earlyStopping) => set({ earlyStopping })}
        />
        {text('Maximum jobs', 'maxJobs', draft.strategy !== 'Grid')}
        {text('Jobs in parallel', 'parallelJobs')}
        {draft.strategy === 'Hyperband' && text('Minimum resource', 'minResource')}
        {draft.strategy === 'Hyperband' && text('Maximum resource', 'maxResource')}
      </div>
    </>
  );
}
