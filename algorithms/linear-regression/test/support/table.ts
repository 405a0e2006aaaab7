/** Exact sums of plain arrays, for tests. */
import type { ExactSums } from '../../src/sums/exact-sums.js';
import { createGram } from '../../src/sums/gram.js';

/** @param rows label first, then the features */
export function sumsOf(
  rows: readonly (readonly number[])[],
  { degree = 1, weights }: { readonly degree?: number; readonly weights?: readonly number[] } = {},
): ExactSums {
  const gram = createGram({ featureCount: rows[0]!.length - 1, degree, hasWeights: weights !== undefined });
  gram.addBlock({
    rows: rows.length,
    features: Float64Array.from(rows.flatMap((row) => row.slice(1))),
    labels: Float64Array.from(rows.map((row) => row[0]!)),
    ...(weights && { weights: Float64Array.from(weights) }),
  });
  return gram.sums();
}

/** A seeded generator of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
