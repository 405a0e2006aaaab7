/**
 * When a tuning job is done before its last training job: SageMaker's completion criteria. A job improves the objective
 * where it is more than 1 % better than the best before it, as the API defines `NumberOfTrainingJobsObjectiveNotImproving`.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-progress.html
 */
import { isMeasured, type ObjectiveType, signOf, type Trial } from './trial.js';

export interface CompletionCriteria {
  /** `TargetObjectiveMetricValue`. */
  readonly target?: number | undefined;
  /** `BestObjectiveNotImproving.MaxNumberOfTrainingJobsNotImproving`, ≥ 3. */
  readonly maxNotImproving?: number | undefined;
  /** `ConvergenceDetected.CompleteOnConvergence` is `Enabled`. */
  readonly stopsOnConvergence: boolean;
}

export interface Progress {
  /** Jobs with a result since the last improvement. */
  readonly notImproving: number;
  /** True where the tuning job is unlikely to improve its objective by more than 1 %. */
  readonly hasConverged: boolean;
  /** The criterion that is met, if any. */
  readonly completedBy?: 'Target' | 'NotImproving' | 'Convergence';
}

/** The share of the best value that counts as an improvement. */
const SIGNIFICANT = 0.01;
/** Jobs without an improvement after which a search counts as converged: our own rule, as AWS does not publish its. */
const MIN_STILL_JOBS = 20;
const STILL_JOBS_PER_HYPERPARAMETER = 3;

/** @param hyperparameters how many are searched */
export function measureProgress(
  criteria: CompletionCriteria,
  objective: ObjectiveType,
  hyperparameters: number,
  trials: readonly Trial[],
): Progress {
  const sign = signOf(objective);
  const losses = inOrderOfEnd(trials)
    .filter(isMeasured)
    .map((trial) => sign * trial.objective);
  const notImproving = countNotImproving(losses);
  const hasConverged = notImproving >= Math.max(MIN_STILL_JOBS, STILL_JOBS_PER_HYPERPARAMETER * hyperparameters);
  const { target, maxNotImproving, stopsOnConvergence } = criteria;
  const progress = { notImproving, hasConverged };
  if (target !== undefined && losses.some((loss) => loss <= sign * target))
    return { ...progress, completedBy: 'Target' };
  if (maxNotImproving !== undefined && notImproving >= maxNotImproving) {
    return { ...progress, completedBy: 'NotImproving' };
  }
  return stopsOnConvergence && hasConverged ? { ...progress, completedBy: 'Convergence' } : progress;
}

// --- internal ---

/** Jobs without a time of their end keep their place in the list. */
function inOrderOfEnd(trials: readonly Trial[]): readonly Trial[] {
  const hasTimes = trials.every((trial) => trial.endedAt !== undefined || trial.status === 'InProgress');
  return hasTimes ? trials.toSorted((left, right) => (left.endedAt ?? Infinity) - (right.endedAt ?? Infinity)) : trials;
}

function countNotImproving(losses: readonly number[]): number {
  let best = Number.POSITIVE_INFINITY;
  let count = 0;
  for (const loss of losses) {
    const improves = best === Number.POSITIVE_INFINITY || loss < best - SIGNIFICANT * Math.abs(best);
    count = improves ? 0 : count + 1;
    best = Math.min(best, loss);
  }
  return count;
}
