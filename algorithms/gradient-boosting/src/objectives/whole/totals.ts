/**
 * Sums over the rows of all hosts that have the same bits however the rows are divided. Each 16 rows of the whole are added
 * up one by one, as one host would; groups that begin on one host and end on another are put together from their rows' terms.
 * The sums of the groups are added reproducibly, in any order.
 */
import type { Communicator } from '@algo/contract';
import { createReproducibleSums, type ReproducibleSums, totalsOf } from '@algo/numerics';
import { lookAtRow } from '../../engine/interruption.js';
import type { RowLayout } from './row-layout.js';

export const GROUP_ROWS = 16;

/** What is summed, in groups of rows. */
export interface GroupTerms {
  /** The terms of `count` groups of this host, of 16 rows each from row `begin` on, into `out`. */
  ofGroups(begin: number, count: number, out: Float64Array): void;
  /** What hosts send of a row of this one, where they share its group. */
  ofRow(row: number): number;
  /** The term of a group from its rows, the same bits as `ofGroups` gives. */
  join(rows: readonly number[]): number;
}

/** The terms of the groups of all hosts. */
export function totalOfGroups({ hosts, runs }: RowLayout, terms: GroupTerms): number {
  const sums = createReproducibleSums(1);
  const edges = runs.map(() => [] as number[]);
  const buffer = new Float64Array(BUFFERED_GROUPS);
  for (const [index, { begin, end, first }] of runs.entries()) {
    const start = Math.min(end, begin + ((GROUP_ROWS - (first % GROUP_ROWS)) % GROUP_ROWS));
    let row = begin;
    for (; row < start; row++) edges[index]!.push(terms.ofRow(row));
    while (row + GROUP_ROWS <= end) {
      lookAtRow(row - start);
      const count = Math.min(BUFFERED_GROUPS, Math.floor((end - row) / GROUP_ROWS));
      terms.ofGroups(row, count, buffer);
      sums.addAll(0, buffer, count);
      row += count * GROUP_ROWS;
    }
    for (; row < end; row++) edges[index]!.push(terms.ofRow(row));
  }
  const received = hosts.gather(packed(edges, sums.parts)).map((message) => unpacked(message, runs.length));
  const shared = runs.flatMap((_, part) => received.flatMap((host) => host.edges[part]!));
  const joined = createReproducibleSums(1);
  for (let begin = 0; begin < shared.length; begin += GROUP_ROWS) {
    joined.add(0, terms.join(shared.slice(begin, begin + GROUP_ROWS)));
  }
  return totalsOf([joined.parts, ...received.map(({ parts }) => parts)])[0]!;
}

/** The sum of rows. @param sumOf the sum of rows begin … end − 1 of this host, added one by one to 0 */
export function totalOfRows(layout: RowLayout, sumOf: (begin: number, end: number) => number): number {
  return totalOfGroups(layout, {
    ofGroups(begin, count, out) {
      for (let group = 0; group < count; group++) {
        const first = begin + group * GROUP_ROWS;
        out[group] = sumOf(first, first + GROUP_ROWS);
      }
    },
    ofRow: (row) => sumOf(row, row + 1),
    join: (rows) => rows.reduce((sum, term) => sum + term, 0),
  });
}

/** The sum of the rows' weights; a row counts for each of its targets. @param weightOf of a row */
export function totalWeight(layout: RowLayout, weightOf: (row: number) => number): number {
  return totalOfRows(layout, (begin, end) => {
    let total = 0;
    for (let row = begin; row < end; row++) total += weightOf(row);
    return total;
  });
}

/** What all hosts have added to sums that are alike. */
export function totalsOverHosts(sums: ReproducibleSums, hosts: Communicator): number[] {
  return totalsOf(hosts.gather(sums.parts));
}

// --- internal ---

const BUFFERED_GROUPS = 256;

/** The rows of the edges, each with their number before them, then the parts of the sum. */
function packed(edges: readonly (readonly number[])[], parts: Float64Array): Float64Array {
  return Float64Array.from([...edges.flatMap((edge) => [edge.length, ...edge]), ...parts]);
}

function unpacked(message: Float64Array, count: number) {
  let at = 0;
  const edges = Array.from({ length: count }, () => {
    const begin = at + 1;
    at = begin + message[at]!;
    return [...message.subarray(begin, at)];
  });
  return { edges, parts: message.subarray(at) };
}
