/**
 * The decisions of a tuning job while it runs: which hyperparameters its next training job gets, which running jobs are
 * stopped, and when it is done. Each is a pure function of the plan and of all training jobs so far.
 */
import { suggestByModel } from './bayesian/bayesian-search.js';
import { measureProgress, type Progress } from './completion.js';
import { stopByMedian } from './early-stopping.js';
import { suggestFromGrid } from './grid-search.js';
import { stopByHyperband } from './hyperband.js';
import { suggestAtRandom } from './random-search.js';
import type { Hyperparameters } from './search-space.js';
import type { Trial } from './trial.js';
import type { TuningPlan } from './tuning-plan.js';

/**
 * The values of the searched hyperparameters for the next training job.
 * @param trials all jobs that were launched, in the order of their launch
 * @returns undefined where the tuning job launches no further job: it has launched its maximum, or every combination
 */
export function nextHyperparameters(plan: TuningPlan, trials: readonly Trial[]): Hyperparameters | undefined {
  if (trials.length >= plan.maxJobs) return undefined;
  const { space, seed, strategy } = plan;
  if (strategy === 'Grid') return suggestFromGrid(space, trials.length);
  if (strategy === 'Bayesian') return suggestByModel({ ...plan, objective: plan.objective.type }, seed, trials);
  return suggestAtRandom(space, seed, trials);
}

/** Indexes of the running jobs that are to be stopped now, ascending. */
export function trialsToStop(plan: TuningPlan, trials: readonly Trial[]): number[] {
  if (plan.hyperband) return stopByHyperband(plan.hyperband, plan.objective.type, trials);
  return plan.stopsByMedian ? stopByMedian(plan.objective.type, trials) : [];
}

/** How far the tuning job is, and whether one of its completion criteria is met. */
export function progressOf(plan: TuningPlan, trials: readonly Trial[]): Progress {
  return measureProgress(plan.completion, plan.objective.type, plan.space.length, trials);
}
