/** A tuning job whose training jobs are calls of a function. */
import type { ParameterRanges } from '../../../src/tuning/parameter-ranges.js';
import type { Hyperparameters } from '../../../src/tuning/search-space.js';
import { findBestTrial, type Trial } from '../../../src/tuning/trial.js';
import { createTuningPlan, type Strategy } from '../../../src/tuning/tuning-plan.js';
import { nextHyperparameters } from '../../../src/tuning/tuning-step.js';

export interface TuneOptions {
  readonly ranges: ParameterRanges;
  /** The objective of a training job, smaller is better. */
  readonly objective: (values: Hyperparameters) => number;
  readonly strategy: Strategy;
  readonly seed: number;
  readonly jobs: number;
  /** Jobs that run at the same time; the first of them ends first. Default 1. */
  readonly parallel?: number;
}

/** The best objective of all jobs. */
export function tune({ ranges, objective, strategy, seed, jobs, parallel = 1 }: TuneOptions): number {
  const plan = createTuningPlan({
    config: {
      Strategy: strategy,
      HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'value' },
      ResourceLimits: { MaxNumberOfTrainingJobs: jobs, MaxParallelTrainingJobs: parallel },
      ParameterRanges: ranges,
    },
    ...{ staticHyperparameters: {}, seed },
  });
  const trials: Trial[] = [];
  for (let ended = 0; ended < jobs; ended++) {
    while (trials.length < ended + parallel) {
      const hyperparameters = nextHyperparameters(plan, trials);
      if (hyperparameters === undefined) break;
      trials.push({ hyperparameters, status: 'InProgress' });
    }
    const { hyperparameters } = trials[ended]!;
    trials[ended] = { hyperparameters, status: 'Completed', objective: objective(hyperparameters) };
  }
  return trials[findBestTrial('Minimize', trials)!]!.objective!;
}
