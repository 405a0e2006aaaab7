/** Bounds of the validation profile for the last value of a metric. */
import { JobError, type ValidationProfile } from '@algo/local';

/** @returns `, rmse 3.1 ≤ 3.2`, or nothing where there are no bounds @throws JobError for a metric out of its bounds */
export function checkMetricBounds(
  metrics: Readonly<Record<string, number>>,
  bounds: ValidationProfile['metricBounds'],
): string {
  return Object.entries(bounds)
    .map(([name, { atMost, atLeast }]) => {
      const value = metrics[name];
      if (value === undefined) throw new JobError(`metric ${name} must be among those of the job, but is missing`);
      if ((atMost !== undefined && !(value <= atMost)) || (atLeast !== undefined && !(value >= atLeast))) {
        throw new JobError(`metric ${name} must be in [${atLeast ?? '-∞'}, ${atMost ?? '∞'}]; received ${value}`);
      }
      return `, ${name} ${Number(value.toPrecision(6))}`;
    })
    .join('');
}
