/**
 * Query groups whose rows are on several hosts: each of these hosts gets the rows it lacks, in the order of the whole data,
 * and ranks the group as one host would. Only values of such groups are sent; where there is none, nothing is.
 */
import { type Communicator, oneHost } from '@algo/contract';
import type { LabelledRows } from '../objective.js';
import { piecesOf, type SharedGroup, wholeGroups } from './group-pieces.js';
import { largestGroup, queryStartOf } from './query-groups.js';

export interface CompleteGroups {
  readonly hosts: Communicator;
  /** Labels, first rows and weights of the groups of which this host has rows, with the rows other hosts have of them. */
  readonly rows: LabelledRows;
  readonly queryStart: Uint32Array;
  /** Groups of all hosts. */
  readonly count: number;
  /** Rows of the largest of them. */
  readonly largest: number;
  /** [queries] the place of each group among those of all hosts, from 0. */
  readonly places: Uint32Array;
  /** [queries] 1 where this host is the first that has rows of the group: it counts the group in sums. */
  readonly isCounted: Uint8Array;
  /** @param values [rows] of this host @returns [rows of its groups], those of other hosts included */
  complete(values: Float32Array): Float32Array;
  /**
   * Computes values of all rows of the groups and keeps those of this host's own.
   * @param out [own rows × width]
   * @param compute writes [rows of the groups × width]
   */
  keepOwn(out: Float32Array, width: number, compute: (values: Float32Array) => void): void;
}

export function completeGroups(given: LabelledRows): CompleteGroups {
  const { hosts = oneHost() } = given;
  const queryStart = queryStartOf(given);
  const queries = queryStart.length - 1;
  if (hosts.size === 1) {
    const places = Uint32Array.from({ length: queries }, (_, query) => query);
    const isCounted = new Uint8Array(queries).fill(1);
    return {
      hosts,
      count: queries,
      largest: largestGroup(queryStart),
      places,
      isCounted,
      ...ownRows(given, queryStart),
    };
  }
  const whole = wholeGroups(hosts.gather(piecesOf(given)), hosts.rank);
  const { count, largest, places, isCounted, shared } = whole;
  const described = { hosts, count, largest, places, isCounted };
  if (shared.size === 0) return { ...described, ...ownRows(given, queryStart) };
  return { ...described, ...withRowsOfOthers(given, queryStart, places, shared, hosts) };
}

// --- internal ---

type Rows = Pick<CompleteGroups, 'rows' | 'queryStart' | 'complete' | 'keepOwn'>;

function ownRows(rows: LabelledRows, queryStart: Uint32Array): Rows {
  return { rows, queryStart, complete: (values) => values, keepOwn: (out, _, compute) => compute(out) };
}

function withRowsOfOthers(
  given: LabelledRows,
  queryStart: Uint32Array,
  places: Uint32Array,
  shared: ReadonlyMap<number, SharedGroup>,
  hosts: Communicator,
): Rows {
  const sent: number[] = [];
  const starts = [0];
  /** By row of the groups: who has it, and which of its rows (this host) or of those it sends (others) it is. */
  const ranks: number[] = [];
  const indices: number[] = [];
  for (const [query, place] of places.entries()) {
    const begin = queryStart[query]!;
    const end = queryStart[query + 1]!;
    const group = shared.get(place);
    if (group === undefined) {
      for (let row = begin; row < end; row++) {
        ranks.push(hosts.rank);
        indices.push(row);
      }
    } else {
      for (let row = begin; row < end; row++) sent.push(row);
      for (const { rank, rows, first, begin: own } of group.pieces) {
        for (let row = 0; row < rows; row++) {
          ranks.push(rank);
          indices.push((rank === hosts.rank ? own : first) + row);
        }
      }
    }
    starts.push(ranks.length);
  }
  const complete = (values: Float32Array) => {
    const received = hosts.gather(Float32Array.from(sent, (row) => values[row]!));
    return Float32Array.from(indices, (index, row) => {
      const rank = ranks[row]!;
      return rank === hosts.rank ? values[index]! : received[rank]![index]!;
    });
  };
  const completeStart = Uint32Array.from(starts);
  return {
    rows: { ...given, labels: complete(given.labels), queryStart: completeStart },
    queryStart: completeStart,
    complete,
    keepOwn(out, width, compute) {
      const values = new Float32Array(indices.length * width);
      compute(values);
      for (const [row, index] of indices.entries()) {
        if (ranks[row] === hosts.rank) out.set(values.subarray(row * width, (row + 1) * width), index * width);
      }
    },
  };
}
