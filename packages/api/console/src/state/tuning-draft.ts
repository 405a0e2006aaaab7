/** A new tuning job as a form has it, from the request of an earlier one and into the request that creates it. */
import { listAt, textAt } from './members.js';
import { integerOf, objectAt, withAt } from './request.js';
import type { Members } from './state.js';
import { type TrainingDraft, trainingDraftOf, trainingRequestOf } from './training-draft.js';

export const RANGE_TYPES = ['Integer', 'Continuous', 'Categorical'] as const;
export type RangeType = (typeof RANGE_TYPES)[number];

export interface RangeDraft {
  readonly type: RangeType;
  readonly name: string;
  readonly min: string;
  readonly max: string;
  readonly scale: string;
  /** Of a categorical range, as `textOfValues` writes them. */
  readonly values: string;
}

export interface TuningDraft {
  readonly strategy: string;
  /** Of Hyperband: the least and the most that it gives to a job. */
  readonly minResource: string;
  readonly maxResource: string;
  readonly metric: string;
  readonly direction: string;
  readonly maxJobs: string;
  readonly parallelJobs: string;
  readonly earlyStopping: string;
  readonly ranges: readonly RangeDraft[];
  readonly training: TrainingDraft;
  /** The request that it comes from. */
  readonly origin: Members;
}

export const NEW_RANGE: RangeDraft = { type: 'Continuous', name: '', min: '', max: '', scale: 'Auto', values: '' };

/** With commas between them, as in CSV: a value is quoted that has a comma, a quote or space at an end of its own, or is empty. */
export function textOfValues(values: readonly string[]): string {
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  return values.map((value) => (/^$|[",]|^\s|\s$/.test(value) ? quoted(value) : value)).join(', ');
}

/** Whether a form can show it: not one with several kinds of training jobs. */
export function isSingleTuning(request: Members): boolean {
  return request.TrainingJobDefinitions === undefined;
}

export function tuningDraftOf(origin: Members): TuningDraft {
  const config = objectAt(origin, 'HyperParameterTuningJobConfig');
  const definition = objectAt(origin, 'TrainingJobDefinition');
  const objective = { ...objectAt(definition, 'TuningObjective'), ...objectAt(config, OBJECTIVE) };
  const { StaticHyperParameters: _, ...training } = definition;
  return {
    strategy: textAt(config, 'Strategy') ?? 'Bayesian',
    minResource: textAt(config, `${HYPERBAND}.MinResource`) ?? '',
    maxResource: textAt(config, `${HYPERBAND}.MaxResource`) ?? '',
    metric: textAt(objective, 'MetricName') ?? '',
    direction: textAt(objective, 'Type') ?? 'Minimize',
    maxJobs: textAt(config, 'ResourceLimits.MaxNumberOfTrainingJobs') ?? '',
    parallelJobs: textAt(config, 'ResourceLimits.MaxParallelTrainingJobs') ?? '',
    earlyStopping: textAt(config, 'TrainingJobEarlyStoppingType') ?? 'Off',
    ranges: RANGE_TYPES.flatMap((type) =>
      listAt(config, `ParameterRanges.${type}ParameterRanges`).map((range) => rangeDraftOf(type, range)),
    ),
    training: trainingDraftOf({ ...training, HyperParameters: fixedHyperparametersOf(definition) }),
    origin,
  };
}

/** Without the one that the service adds, and refuses in a request. @param definition of the training jobs */
export function fixedHyperparametersOf(definition: Members): Members {
  return withAt(objectAt(definition, 'StaticHyperParameters'), '_tuning_objective_metric', undefined);
}

export function tuningRequestOf(draft: TuningDraft): Members {
  const { HyperParameters, ...training } = trainingRequestOf(draft.training);
  const isHyperband = draft.strategy === 'Hyperband';
  const members: readonly (readonly [path: string, value: unknown])[] = [
    ['Strategy', draft.strategy],
    [`${HYPERBAND}.MinResource`, isHyperband ? integerOf(draft.minResource) : undefined],
    [`${HYPERBAND}.MaxResource`, isHyperband ? integerOf(draft.maxResource) : undefined],
    [OBJECTIVE, { Type: draft.direction, MetricName: draft.metric }],
    ['ResourceLimits.MaxNumberOfTrainingJobs', integerOf(draft.maxJobs)],
    ['ResourceLimits.MaxParallelTrainingJobs', integerOf(draft.parallelJobs)],
    ['TrainingJobEarlyStoppingType', draft.earlyStopping],
    ...RANGE_TYPES.map((type) => [`ParameterRanges.${type}ParameterRanges`, rangesOf(draft, type)] as const),
  ];
  const config = objectAt(draft.origin, 'HyperParameterTuningJobConfig');
  return {
    ...draft.origin,
    HyperParameterTuningJobConfig: members.reduce((sum, [path, value]) => withAt(sum, path, value), config),
    TrainingJobDefinition: {
      ...withAt(training, 'TuningObjective', undefined),
      StaticHyperParameters: HyperParameters,
    },
  };
}

// --- internal ---

const OBJECTIVE = 'HyperParameterTuningJobObjective';
const HYPERBAND = 'StrategyConfig.HyperbandStrategyConfig';

function rangeDraftOf(type: RangeType, range: Members): RangeDraft {
  const { Values } = range;
  return {
    type,
    name: textAt(range, 'Name') ?? '',
    min: textAt(range, 'MinValue') ?? '',
    max: textAt(range, 'MaxValue') ?? '',
    scale: textAt(range, 'ScalingType') ?? 'Auto',
    values: Array.isArray(Values) ? textOfValues(Values.map(String)) : '',
  };
}

/** Undefined for none: a member of its own is left out. */
function rangesOf({ ranges }: TuningDraft, type: RangeType): readonly Members[] | undefined {
  const own = ranges.filter((range) => range.type === type && range.name !== '').map(rangeOf);
  return own.length > 0 ? own : undefined;
}

function rangeOf({ type, name, min, max, scale, values }: RangeDraft): Members {
  if (type !== 'Categorical') return { Name: name, MinValue: min, MaxValue: max, ScalingType: scale };
  return { Name: name, Values: valuesOf(values) };
}

/** The inverse of `textOfValues`. Nothing between two commas is no value. */
function valuesOf(text: string): readonly string[] {
  const found = [...text.matchAll(/\s*"((?:[^"]|"")*)"\s*(?=,|$)|[^,]+/g)];
  return found
    .map(([plain, quoted]) => quoted?.replaceAll('""', '"') ?? (plain.trim() || undefined))
    .filter((value) => value !== undefined);
}
