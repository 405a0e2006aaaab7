/**
 * What a HyperParameterTuningJob asks for, read from SageMaker's HyperParameterTuningJobConfig and checked as a whole:
 * which strategy goes with which settings.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobConfig.html
 */
import { ServiceError } from '../service-error.js';
import type { CompletionCriteria } from './completion.js';
import {
  type HyperbandResources,
  type HyperbandStrategyConfig,
  readHyperbandResources,
} from './hyperband-resources.js';
import { type ParameterRanges, parseRanges } from './parameter-ranges.js';
import { countPoints, type Hyperparameters, type SearchSpace } from './search-space.js';
import type { ObjectiveType } from './trial.js';
import { findWarmStartMistakes, type Objective, type WarmStart } from './warm-start.js';

export type Strategy = 'Bayesian' | 'Random' | 'Hyperband' | 'Grid';

/** The members of SageMaker's shape that decide about hyperparameters and stopping. */
export interface TuningJobConfig {
  readonly Strategy: Strategy;
  readonly StrategyConfig?: { readonly HyperbandStrategyConfig?: HyperbandStrategyConfig };
  readonly HyperParameterTuningJobObjective: { readonly Type: ObjectiveType; readonly MetricName: string };
  readonly ResourceLimits: { readonly MaxNumberOfTrainingJobs?: number; readonly MaxParallelTrainingJobs: number };
  readonly ParameterRanges: ParameterRanges;
  readonly TrainingJobEarlyStoppingType?: 'Off' | 'Auto';
  readonly TuningJobCompletionCriteria?: {
    readonly TargetObjectiveMetricValue?: number;
    readonly BestObjectiveNotImproving?: { readonly MaxNumberOfTrainingJobsNotImproving?: number };
    readonly ConvergenceDetected?: { readonly CompleteOnConvergence?: 'Disabled' | 'Enabled' };
  };
}

export interface TuningPlan {
  readonly strategy: Strategy;
  readonly space: SearchSpace;
  readonly objective: Objective;
  readonly staticHyperparameters: Hyperparameters;
  /** `RandomSeed`, or what the tuning job got in its place: the same seed and results give the same hyperparameters. */
  readonly seed: number;
  readonly maxJobs: number;
  readonly stopsByMedian: boolean;
  /** For strategy Hyperband only. */
  readonly hyperband?: HyperbandResources | undefined;
  readonly completion: CompletionCriteria;
  readonly warmStart?: WarmStart | undefined;
}

export interface TuningPlanInput {
  readonly config: TuningJobConfig;
  readonly staticHyperparameters: Hyperparameters;
  /** An integer ≥ 0. */
  readonly seed: number;
  readonly warmStart?: WarmStart;
}

/** The hyperparameter that the service adds to the jobs that a tuning job launches: the metric's name. */
export const OBJECTIVE_HYPERPARAMETER = '_tuning_objective_metric';

/** Quotas of training jobs per tuning job. */
const MAX_JOBS: Readonly<Record<Strategy, number>> = { Bayesian: 750, Random: 10_000, Hyperband: 750, Grid: 750 };

/** @throws ServiceError ValidationException with every mistake, one sentence each */
export function createTuningPlan({ config, staticHyperparameters, seed, warmStart }: TuningPlanInput): TuningPlan {
  const space = parseRanges(config.ParameterRanges);
  const strategy = config.Strategy;
  const { Type: type, MetricName: metric } = config.HyperParameterTuningJobObjective;
  const objective = { type, metric };
  const hyperband = readHyperbandResources(config.StrategyConfig?.HyperbandStrategyConfig, staticHyperparameters);
  const mistakes = [
    ...findStaticMistakes(space, staticHyperparameters),
    ...findJobCountMistakes(config, space),
    ...findStrategyMistakes(config, warmStart),
    ...(strategy === 'Hyperband' ? hyperband.mistakes : []),
    ...(warmStart ? findWarmStartMistakes(warmStart, { objective, space, staticHyperparameters }) : []),
  ];
  if (mistakes.length > 0) throw new ServiceError('ValidationException', mistakes.join(' '));
  return {
    ...{ strategy, space, objective, staticHyperparameters, seed, warmStart },
    maxJobs:
      strategy === 'Grid' ? countPoints(space) : (config.ResourceLimits.MaxNumberOfTrainingJobs ?? MAX_JOBS[strategy]),
    stopsByMedian: config.TrainingJobEarlyStoppingType === 'Auto',
    hyperband: strategy === 'Hyperband' ? hyperband.resources : undefined,
    completion: readCompletion(config.TuningJobCompletionCriteria),
  };
}

// --- internal ---

function readCompletion(criteria: TuningJobConfig['TuningJobCompletionCriteria']): CompletionCriteria {
  return {
    target: criteria?.TargetObjectiveMetricValue,
    maxNotImproving: criteria?.BestObjectiveNotImproving?.MaxNumberOfTrainingJobsNotImproving,
    stopsOnConvergence: criteria?.ConvergenceDetected?.CompleteOnConvergence === 'Enabled',
  };
}

function findStaticMistakes(space: SearchSpace, staticHyperparameters: Hyperparameters): string[] {
  return space
    .filter(({ name }) => Object.hasOwn(staticHyperparameters, name))
    .map(({ name }) => `Hyperparameter "${name}" must be either static or in ParameterRanges; received both.`);
}

function findJobCountMistakes(
  { Strategy: strategy, ResourceLimits: limits }: TuningJobConfig,
  space: SearchSpace,
): string[] {
  const count = limits.MaxNumberOfTrainingJobs;
  const mistakes: string[] = [];
  if (strategy === 'Grid') {
    if (space.some(({ kind }) => kind !== 'Categorical')) {
      return ['Strategy Grid supports categorical hyperparameters only; ParameterRanges has others.'];
    }
    const combinations = countPoints(space);
    if (count !== undefined && count !== combinations) {
      mistakes.push(
        `MaxNumberOfTrainingJobs must equal the ${combinations} combinations of the grid; received ${count}.`,
      );
    }
    if (combinations > MAX_JOBS.Grid) {
      mistakes.push(`Strategy Grid must have at most ${MAX_JOBS.Grid} combinations; received ${combinations}.`);
    }
  } else if (count !== undefined && count > MAX_JOBS[strategy]) {
    mistakes.push(`MaxNumberOfTrainingJobs must be at most ${MAX_JOBS[strategy]} for ${strategy}; received ${count}.`);
  }
  return mistakes;
}

function findStrategyMistakes(config: TuningJobConfig, warmStart: WarmStart | undefined): string[] {
  const { Strategy: strategy } = config;
  const mistakes: string[] = [];
  if (strategy !== 'Hyperband' && config.StrategyConfig?.HyperbandStrategyConfig) {
    mistakes.push(`HyperbandStrategyConfig is for strategy Hyperband only; received strategy ${strategy}.`);
  }
  if (strategy === 'Hyperband' && config.TrainingJobEarlyStoppingType === 'Auto') {
    mistakes.push(
      'TrainingJobEarlyStoppingType must be Off for strategy Hyperband, which stops jobs itself; received Auto.',
    );
  }
  if (warmStart && strategy !== 'Bayesian' && strategy !== 'Random') {
    mistakes.push(`WarmStartConfig is supported for strategies Bayesian and Random only; received ${strategy}.`);
  }
  return mistakes;
}
