/**
 * What CreateHyperParameterTuningJob checks beyond the members of a request: a plan that its strategy can follow, a training
 * job that can be created with values from every end of the ranges, and an objective that the algorithm reports.
 */
import { createHash } from 'node:crypto';
import { decode, type Hyperparameters, type SearchSpace } from '../../tuning/search-space.js';
import { findUnsupported } from '../../tuning/tuning-config.js';
import { createTuningPlan, OBJECTIVE_HYPERPARAMETER, type TuningPlan } from '../../tuning/tuning-plan.js';
import { usableAlgorithm } from '../algorithms/lookup.js';
import { type SageMaker, validationError } from '../resources/context.js';
import { checkTrainingJob } from '../training-jobs/rules.js';
import type { CheckedTrainingJob, TrainingJobMembers } from '../training-jobs/shapes.js';
import type { CreateTuningJobRequest, Definition } from './shapes.js';
import { checkParents, readWarmStart } from './warm-start.js';

/** Quota: static and searched ones, and the one that is added. */
const MAX_HYPERPARAMETERS = 100;

export interface CheckedTuningJob {
  readonly plan: TuningPlan;
  readonly template: CheckedTrainingJob;
  readonly definition: Definition;
}

/** @throws ServiceError ValidationException */
export async function checkTuningJob(
  sageMaker: SageMaker,
  request: CreateTuningJobRequest,
  created: number,
): Promise<CheckedTuningJob> {
  const definition = singleDefinition(request);
  const plan = createTuningPlan(readPlan(sageMaker, request, definition, created));
  const statics = plan.staticHyperparameters;
  const count = Object.keys(statics).length + plan.space.length + 1;
  if (count > MAX_HYPERPARAMETERS) {
    throw validationError(
      `A training job must have at most ${MAX_HYPERPARAMETERS} hyperparameters; received ${count}.`,
    );
  }
  checkObjective(sageMaker, definition, plan);
  const job = describeJob(definition, { ...statics, [OBJECTIVE_HYPERPARAMETER]: plan.objective.metric });
  let template: CheckedTrainingJob = job;
  for (const values of extremes(plan.space)) {
    const { HyperParameters: _, ...checked } = await checkTrainingJob(sageMaker, withValues(job, 'probe', values));
    template = { ...checked, HyperParameters: job.HyperParameters ?? {} };
  }
  if (request.WarmStartConfig) checkParents(sageMaker, request.WarmStartConfig, template);
  return { plan, template, definition };
}

/** The training job of these values. */
export function withValues(template: CheckedTrainingJob, name: string, values: Hyperparameters): CheckedTrainingJob {
  return { ...template, TrainingJobName: name, HyperParameters: { ...template.HyperParameters, ...values } };
}

// --- internal ---

function singleDefinition(request: CreateTuningJobRequest): Definition {
  const { TrainingJobDefinition, TrainingJobDefinitions = [], Autotune } = request;
  if (Autotune !== undefined) throw validationError('Autotune is not available on this machine.');
  const definitions = [...(TrainingJobDefinition ? [TrainingJobDefinition] : []), ...TrainingJobDefinitions];
  if (definitions.length === 1) return definitions[0]!;
  throw validationError(
    `CreateHyperParameterTuningJob must have one training job definition: several are not available on this machine; received ${definitions.length}.`,
  );
}

function readPlan(
  sageMaker: SageMaker,
  { HyperParameterTuningJobName: name, HyperParameterTuningJobConfig: config, WarmStartConfig }: CreateTuningJobRequest,
  definition: Definition,
  created: number,
): Parameters<typeof createTuningPlan>[0] {
  const objective = config.HyperParameterTuningJobObjective ?? definition.TuningObjective;
  const ranges = config.ParameterRanges ?? definition.HyperParameterRanges ?? {};
  if (!objective) throw validationError('HyperParameterTuningJobObjective must be given.');
  const warmStart = WarmStartConfig && readWarmStart(sageMaker, WarmStartConfig);
  return {
    config: { ...config, HyperParameterTuningJobObjective: objective, ParameterRanges: ranges },
    staticHyperparameters: ownStatics(definition),
    seed: config.RandomSeed ?? seedOf(`${name} ${created}`),
    ...(warmStart && { warmStart }),
  };
}

/** Without what Describe adds, so that a request can be made from its answer. */
function ownStatics({ StaticHyperParameters = {} }: Definition): Hyperparameters {
  const { [OBJECTIVE_HYPERPARAMETER]: _, ...own } = StaticHyperParameters;
  return own;
}

function seedOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE();
}

function checkObjective(
  sageMaker: SageMaker,
  { AlgorithmSpecification }: Definition,
  { objective, space }: TuningPlan,
): void {
  const { AlgorithmName, MetricDefinitions = [] } = AlgorithmSpecification;
  if (AlgorithmName !== undefined) {
    const { TrainingSpecification } = usableAlgorithm(sageMaker, AlgorithmName);
    const problems = findUnsupported(TrainingSpecification, objective, space);
    if (problems.length > 0) throw validationError(problems.join(' '));
  } else if (!MetricDefinitions.some(({ Name }) => Name === objective.metric)) {
    throw validationError(
      'A metric is required for this hyperparameter tuning job objective. Provide a metric in the metric definitions.',
    );
  }
}

function describeJob(definition: Definition, hyperparameters: Hyperparameters): TrainingJobMembers {
  const { DefinitionName: _name, TuningObjective: _objective, HyperParameterRanges: _ranges, ...rest } = definition;
  const { StaticHyperParameters: _, HyperParameterTuningResourceConfig: tuning, ResourceConfig, ...members } = rest;
  if (tuning?.InstanceConfigs) {
    throw validationError('HyperParameterTuningResourceConfig.InstanceConfigs is not available on this machine.');
  }
  const resources = ResourceConfig ?? tuning;
  if (!resources) throw validationError('TrainingJobDefinition must have ResourceConfig.');
  return { ...members, TrainingJobName: 'probe', ResourceConfig: resources, HyperParameters: hyperparameters };
}

/** Values that together have both ends of each numeric range and every category. */
function extremes(space: SearchSpace): Hyperparameters[] {
  const count = space.reduce(
    (most, range) => Math.max(most, range.kind === 'Categorical' ? range.values.length : 2),
    2,
  );
  return Array.from({ length: count }, (_, i) =>
    decode(
      space,
      Float64Array.from(space, (range) => (range.kind === 'Categorical' ? i % range.values.length : i % 2)),
    ),
  );
}
