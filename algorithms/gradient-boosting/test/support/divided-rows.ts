/** Rows divided among hosts: each host's are those between two cuts. */
import type { Communicator } from '@algo/contract';
import fc from 'fast-check';
import type { LabelledRows } from '../../src/objectives/index.js';

/** Where to cut `count` rows into up to `most` + 1 parts; parts may be empty. */
export function cutsOf(count: number, most = 3): fc.Arbitrary<readonly number[]> {
  return fc.array(fc.nat(count), { maxLength: most, size: 'max' }).map((cuts) => cuts.toSorted((a, b) => a - b));
}

/** The values of one host. @param values [rows × width] */
export function divided(values: Float32Array, cuts: readonly number[], rank: number, width = 1): Float32Array {
  return values.slice((cuts[rank - 1] ?? 0) * width, (cuts[rank] ?? values.length / width) * width);
}

/** The rows of one host, with the groups it has rows of. */
export function dividedRows(
  rows: LabelledRows,
  cuts: readonly number[],
  hosts: Communicator,
  targets = 1,
): LabelledRows {
  const { labels, weights, queryStart, bounds } = rows;
  const part = (values: Float32Array) => divided(values, cuts, hosts.rank);
  const own = {
    labels: divided(labels, cuts, hosts.rank, targets),
    ...(bounds && { bounds: { lower: part(bounds.lower), upper: part(bounds.upper) } }),
    hosts,
  };
  if (queryStart === undefined) return { ...own, ...(weights && { weights: part(weights) }) };
  const begin = cuts[hosts.rank - 1] ?? 0;
  const end = cuts[hosts.rank] ?? labels.length;
  const queries = [...queryStart.keys()].filter(
    (query) =>
      query + 1 < queryStart.length && Math.max(begin, queryStart[query]!) < Math.min(end, queryStart[query + 1]!),
  );
  return {
    ...own,
    queryStart: Uint32Array.from([...queries.map((query) => Math.max(begin, queryStart[query]!) - begin), end - begin]),
    queryIds: Float64Array.from(queries, (query) => 7 * query),
    ...(weights && { weights: Float32Array.from(queries, (query) => weights[query]!) }),
  };
}

/** Groups of `count` rows that begin at 0 and at each of `starts`. */
export function queriesOf(count: number, starts: readonly number[], isWeighted: boolean) {
  const firsts = [...new Set([0, ...starts])].filter((start) => start < count);
  return {
    queryStart: Uint32Array.from([...firsts, count]),
    ...(isWeighted && { weights: Float32Array.from(firsts, (start) => 0.3 + (start % 5)) }),
  };
}
