/** How far predictions are apart, in a unit that does for all tasks. */
import type { TrainedNetwork } from '../../src/network/definition.js';

/** Largest difference: of probabilities as they are, of a regression in deviations of its label, or as a share of it. */
export function closeness(
  { definition, outputScaling }: TrainedNetwork,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Array.from(actual).reduce((largest, value, i) => {
    const deviation = outputScaling?.deviations[i % definition.outputCount] ?? 1;
    const size = definition.task === 'regression' ? Math.max(deviation, Math.abs(expected[i]!)) : 1;
    const distance = Math.abs(value - expected[i]!) / size;
    return distance > largest || Number.isNaN(distance) ? distance : largest;
  }, 0);
}
