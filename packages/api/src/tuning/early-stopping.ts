/**
 * Early stopping by the median rule: a running job is stopped when its objective metric is worse than the median, over
 * the previous jobs, of their running averages up to the same epoch.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-early-stopping.html
 * @see Golovin et al. 2017, Google Vizier, section 3.1.2
 */
import { type ObjectiveType, signOf, type Trial } from './trial.js';

/** Indexes of running jobs that the rule stops now. */
export function stopByMedian(objective: ObjectiveType, trials: readonly Trial[]): number[] {
  const sign = signOf(objective);
  return trials.flatMap((trial, index) => {
    const epochs = trial.measurements?.length ?? 0;
    if (trial.status !== 'InProgress' || epochs === 0) return [];
    const averages = trials.flatMap((other) => runningAverage(other, epochs) ?? []);
    if (averages.length === 0) return [];
    const current = trial.measurements![epochs - 1]!;
    return Number.isNaN(current) || sign * current > sign * median(averages) ? [index] : [];
  });
}

// --- internal ---

/**
 * Mean of the first values; undefined for a job that has not ended, or ended before this epoch. The metric of an epoch
 * that is not a number is left out.
 */
function runningAverage({ status, measurements = [] }: Trial, epochs: number): number | undefined {
  if (status === 'InProgress' || status === 'Failed' || measurements.length < epochs) return undefined;
  const values = measurements.slice(0, epochs).filter(Number.isFinite);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value / values.length, 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const upper = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2;
}
