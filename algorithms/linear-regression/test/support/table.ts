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
