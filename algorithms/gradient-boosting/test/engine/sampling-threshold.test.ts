import { oneHost } from '@algo/contract';
import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { thresholdOf } from '../../src/engine/growing/sampling-threshold.js';

/** Σ min(1, size ÷ u): the rows that a threshold keeps, on average. */
const kept = (sizes: Float32Array, threshold: number) =>
  sizes.reduce((sum, size) => sum + Math.min(1, size / threshold), 0);

/** By sorting: with the k smallest sampled and the others always kept, u = Σ of the k smallest ÷ (wanted − (rows − k)). */
function sortedThreshold(sizes: Float32Array, wanted: number): number {
  const ascending = sizes.toSorted();
  let sum = 0;
  for (let below = 1; below <= sizes.length; below++) {
    sum += ascending[below - 1]!;
    const share = wanted - (sizes.length - below);
    if (share <= 0) continue;
    const threshold = sum / share;
    if (threshold > ascending[below - 1]! && (below === sizes.length || threshold <= ascending[below]!)) {
      return threshold;
    }
  }
  return sum / wanted;
}

describe('the threshold of gradient-based sampling', () => {
  const random = createRandom(7);
  const uniform = Float32Array.from({ length: 1000 }, () => random.uniform());

  it.each<[string, Float32Array]>([
    ['sizes of one magnitude', uniform],
    ['sizes of many magnitudes', uniform.map((size, row) => size * 10 ** ((row % 60) - 30))],
    ['equal sizes', uniform.map(() => 0.25)],
    ['few sizes among zeros', uniform.map((size, row) => (row % 20 === 0 ? size : 0))],
    ['denormal sizes', uniform.map((size) => size * 1e-40)],
  ])('keeps the wanted number of rows, as by sorting: %s', (_, sizes) => {
    for (const wanted of [1, 10, 49, 300, 999]) {
      const threshold = thresholdOf(sizes, wanted, sizes.length, oneHost());

      // Sums in another order differ by rounding.
      expect(threshold / sortedThreshold(sizes, wanted)).toBeCloseTo(1, 12);
      if (sizes.filter((size) => size > 0).length >= wanted) expect(kept(sizes, threshold)).toBeCloseTo(wanted, 6);
    }
  });

  it('is infinite where no row is wanted, or none has a size', () => {
    expect(thresholdOf(uniform, 0, 1000, oneHost())).toBe(Number.POSITIVE_INFINITY);
    expect(thresholdOf(new Float32Array(10), 3, 10, oneHost())).toBe(Number.POSITIVE_INFINITY);
  });
});
