/**
 * Early stopping by the median rule: a running job is stopped when its objective metric is worse than the median, over
 * the previous jobs, of their running averages up to the same epoch.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-early-stopping.html
 * @see Golovin et al. 2017, Google Vizier, section 3.1.2
 */
import { type ObjectiveType, signOf, type Trial } from './trial.js';

/**
 * Indexes of running jobs that the rule stops now. A job that is past the last epoch of every previous one is judged by its
 * value at that epoch, so that it does not matter how often this is asked.
 */
export function stopByMedian(objective: ObjectiveType, trials: readonly Trial[]): number[] {
  const sign = signOf(objective);
  const previous = trials.flatMap(({ status, measurements = [] }) =>
    (status === 'Completed' || status === 'Stopped') && measurements.length > 0 ? [measurements] : [],
  );
  const longest = previous.reduce((most, { length }) => Math.max(most, length), 0);
  return trials.flatMap(({ status, measurements = [] }, index) => {
    const epochs = Math.min(measurements.length, longest);
    if (status !== 'InProgress' || epochs === 0) return [];
    const averages = previous.flatMap((values) => runningAverage(values, epochs) ?? []);
    if (averages.length === 0) return [];
    const current = measurements[epochs - 1]!;
    return Number.isNaN(current) || sign * current > sign * median(averages) ? [index] : [];
  });
}

// --- internal ---

/** Mean of the first values; undefined for a job that ended before. The metric of an epoch that is not a number is left out. */
function runningAverage(measurements: readonly number[], epochs: number): number | undefined {
  if (measurements.length < epochs) return undefined;
  const values = measurements.slice(0, epochs).filter(Number.isFinite);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value / values.length, 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const upper = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2;
}
