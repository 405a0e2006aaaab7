/** What `algo tune` is asked to do: a HyperParameterTuningJobConfig of its file and options, and the plan of it. */
import { resolve } from 'node:path';
import {
  createTuningPlan,
  findUnsupported,
  type Hyperparameters,
  readTuningConfig,
  ServiceError,
  type TunableSpecification,
  type TuningPlan,
} from '@algo/api/tuning';
import { type AlgorithmDescription, ArgumentError } from '@algo/local';
import { parseJsonObject, readJsonObject } from '../option-values.js';

export interface ConfigOptions {
  /** A file, or JSON. */
  readonly ranges: string;
  readonly strategy?: string;
  readonly objective?: string;
  readonly maxJobs?: number;
  readonly parallel?: number;
  readonly earlyStopping?: boolean;
  readonly seed?: number;
}

export interface TuningConfig {
  readonly plan: TuningPlan;
  /** As it would be given to CreateHyperParameterTuningJob. */
  readonly config: object;
  readonly maxParallel: number;
  readonly maxRuntimeInSeconds: number | undefined;
}

/**
 * @param from the folder that a relative path starts at
 * @throws ArgumentError for what the API would refuse, and InvalidArgumentError for a file that is not JSON
 */
export function readConfig(
  options: ConfigOptions,
  { Name, TrainingSpecification }: AlgorithmDescription,
  staticHyperparameters: Hyperparameters,
  from: string,
): TuningConfig {
  if (!TrainingSpecification) {
    throw new ArgumentError(`${Name} is a model package, which has no training: serve, transform or validate it.`);
  }
  // What the description has beyond the names that packages/local knows passes through.
  const specification = TrainingSpecification as TunableSpecification;
  const seed = Math.floor(Math.random() * 2 ** 31);
  try {
    const config = readTuningConfig(complete(options, readRanges(options.ranges, from), specification, seed));
    const plan = createTuningPlan({ config, staticHyperparameters, seed: config.RandomSeed ?? seed });
    const problems = findProblems(specification, TrainingSpecification.MetricDefinitions, plan);
    if (problems.length > 0) throw new ArgumentError(problems.join(' '));
    const { MaxParallelTrainingJobs: maxParallel, MaxRuntimeInSeconds: maxRuntimeInSeconds } = config.ResourceLimits;
    return { plan, config, maxParallel, maxRuntimeInSeconds };
  } catch (error) {
    throw error instanceof ServiceError ? new ArgumentError(`--ranges: ${error.message}`, { cause: error }) : error;
  }
}

// --- internal ---

type Json = Readonly<Record<string, unknown>>;

/** A HyperParameterTuningJobConfig, or its ParameterRanges alone. */
function readRanges(text: string, from: string): Json {
  const isJson = text.trimStart().startsWith('{');
  const value = isJson ? parseJsonObject('--ranges', text) : readJsonObject('--ranges', resolve(from, text));
  return 'ParameterRanges' in value ? value : { ParameterRanges: value };
}

function complete(options: ConfigOptions, given: Json, specification: TunableSpecification, seed: number): Json {
  const strategy = options.strategy ?? given.Strategy ?? 'Bayesian';
  const limits = {
    MaxParallelTrainingJobs: 1,
    ...(given.ResourceLimits as Json | undefined),
    ...(options.maxJobs !== undefined && { MaxNumberOfTrainingJobs: options.maxJobs }),
    ...(options.parallel !== undefined && { MaxParallelTrainingJobs: options.parallel }),
  };
  const isBounded = 'MaxNumberOfTrainingJobs' in limits || 'MaxRuntimeInSeconds' in limits;
  if (strategy !== 'Grid' && !isBounded && given.TuningJobCompletionCriteria === undefined) {
    throw new ArgumentError(`--max-jobs must be given with strategy ${strategy}: the number of training jobs in all.`);
  }
  return {
    RandomSeed: seed,
    ...given,
    Strategy: strategy,
    ResourceLimits: limits,
    HyperParameterTuningJobObjective: objectiveOf(options.objective, given, specification),
    ...(options.earlyStopping && { TrainingJobEarlyStoppingType: 'Auto' }),
    ...(options.seed !== undefined && { RandomSeed: options.seed }),
  };
}

function objectiveOf(
  metric: string | undefined,
  given: Json,
  { SupportedTuningJobObjectiveMetrics: supported = [] }: TunableSpecification,
): unknown {
  if (metric === undefined && given.HyperParameterTuningJobObjective !== undefined) {
    return given.HyperParameterTuningJobObjective;
  }
  const found = metric === undefined ? supported : supported.filter(({ MetricName }) => MetricName === metric);
  if (found.length === 1) return found[0];
  const names = supported.map(({ MetricName }) => MetricName).join(', ');
  if (supported.length === 0) {
    throw new ArgumentError(
      'The algorithm names no metric for tuning: give HyperParameterTuningJobObjective, with its Type and MetricName, in --ranges.',
    );
  }
  throw new ArgumentError(
    metric === undefined
      ? `--objective must be given: one of the algorithm's metrics for tuning: ${names}.`
      : `--objective must be one of the algorithm's metrics for tuning: ${names}; received "${metric}".`,
  );
}

/** An algorithm that names no metrics for tuning is tuned by any of its metrics. */
function findProblems(
  specification: TunableSpecification,
  definitions: readonly { readonly Name: string }[],
  { objective, space }: TuningPlan,
): readonly string[] {
  const { SupportedTuningJobObjectiveMetrics: supported = [] } = specification;
  const any = definitions.map(({ Name }) => ({ Type: objective.type, MetricName: Name }));
  const metrics = supported.length > 0 ? supported : any;
  return findUnsupported({ ...specification, SupportedTuningJobObjectiveMetrics: metrics }, objective, space);
}
