/** Bounds of the validation profile for the last value of a metric. */
import { JobError } from '../errors.js';
import type { ValidationProfile } from './profile-schema.js';

/**
 * @param metrics last values of a training job, by name
 * @returns `train:rmse 3.1 ≤ 3.2`, with commas between several; empty where there are no bounds
 * @throws JobError for the first metric that is missing or out of its bounds
 */
export function checkMetricBounds(
  metrics: Readonly<Record<string, number>>,
  bounds: ValidationProfile['metricBounds'],
): string {
  const told = Object.entries(bounds).map(([name, { atMost, atLeast }]) => {
    const value = metrics[name];
    if (value === undefined) throw new JobError(`metric ${name} must be in the log, but is missing`);
    if (atMost !== undefined && !(value <= atMost)) {
      throw new JobError(`metric ${name} must be at most ${atMost}; received ${value}`);
    }
    if (atLeast !== undefined && !(value >= atLeast)) {
      throw new JobError(`metric ${name} must be at least ${atLeast}; received ${value}`);
    }
    const shown = Number(value.toPrecision(6));
    return `${name} ${shown} ${atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`}`;
  });
  return told.join(', ');
}
