/**
 * Combines the predictions of several models like the XGBoost container: the mean, or for classes the majority vote.
 */

/** Entry by entry mean of arrays of equal length. */
export function mean(columns: readonly Float32Array[]): Float32Array {
  const [first, ...others] = columns;
  if (!first) return new Float32Array(0);
  if (others.length === 0) return first;
  const sums = Float64Array.from(first);
  for (const column of others) for (let index = 0; index < sums.length; index++) sums[index]! += column[index]!;
  return Float32Array.from(sums, (sum) => sum / columns.length);
}

/** The most frequent class of each row; of equals the smallest. */
export function vote(columns: readonly Int32Array[]): Int32Array {
  const [first, ...others] = columns;
  if (!first) return new Int32Array(0);
  if (others.length === 0) return first;
  return first.map((_, row) => {
    const counts = new Map<number, number>();
    for (const column of columns) counts.set(column[row]!, (counts.get(column[row]!) ?? 0) + 1);
    const ranked = [...counts].sort(([label, count], [other, otherCount]) => otherCount - count || label - other);
    return ranked[0]![0];
  });
}
