/**
 * Where a host's rows are among those of all hosts, for losses and metrics that need all of them. The whole data is the
 * rows of host 0, of host 1, …; of tables that were joined from several, first all hosts' rows of the first one.
 */
import { ClientError, type Communicator, oneHost } from '@algo/contract';
import type { LabelledRows } from '../objective.js';

/** Rows begin … end − 1 of this host are rows `first`, `first` + 1, … of the whole. */
export interface Run {
  readonly begin: number;
  readonly end: number;
  readonly first: number;
}

export interface RowLayout {
  readonly hosts: Communicator;
  /** Rows of all hosts. */
  readonly count: number;
  /** This host's, one for each of the joined tables. */
  readonly runs: readonly Run[];
  /**
   * The rows of all hosts, in the memory of each; sends as many bytes as `values` has.
   * @param values [rows × width] of this host, row-major
   * @returns [all rows × width]; on one host `values` itself
   * @throws ClientError E_DATA_ROWS for more than a host can number
   */
  gather<T extends Float32Array | Float64Array>(values: T, width?: number): T;
  /**
   * Computes values of all rows and keeps those of this host.
   * @param out [rows × width]
   * @param compute writes [all rows × width]; on one host into `out` itself
   */
  keepOwn<T extends Float32Array | Uint16Array>(out: T, width: number, compute: (values: T) => void): void;
}

/** @param labelColumns labels that make a row of the layout; with 1, each of several targets is a row of its own */
export function layoutOf({ labels, parts, hosts = oneHost() }: LabelledRows, labelColumns = 1): RowLayout {
  const count = labels.length / labelColumns;
  if (hosts.size === 1) {
    return {
      hosts,
      count,
      runs: [{ begin: 0, end: count, first: 0 }],
      gather: (values) => values,
      keepOwn: (out, _, compute) => compute(out),
    };
  }
  const rows = parts?.reduce((sum, part) => sum + part, 0) ?? 0;
  const counts = Float64Array.from(parts ?? [count], (part) => (rows === 0 ? part : (part * count) / rows));
  return gatheredLayout(hosts.gather(counts), hosts);
}

/**
 * Whether each of n values of all hosts has a number of 32 bits, which orders of them consist of.
 * @throws ClientError E_DATA_ROWS where they have not
 */
export function requireNumbered(values: number): void {
  if (values < MOST_VALUES) return;
  throw new ClientError(
    'E_DATA_ROWS',
    `What needs the rows of all hosts on each of them (folds, auc, aucpr, survival:cox, cox-nloglik, reg:quantileerror) takes at most ${MOST_VALUES - 1} values; received ${values}. Use fewer rows, or an objective and a metric that are sums over rows.`,
  );
}

// --- internal ---

const MOST_VALUES = 2 ** 32;

/** @param counts by rank, rows of each part */
function gatheredLayout(counts: readonly Float64Array[], hosts: Communicator): RowLayout {
  const all = piecesOf(counts);
  const runs = all.filter(({ rank }) => rank === hosts.rank);
  const count = all.reduce((sum, { begin, end }) => sum + end - begin, 0);
  return {
    hosts,
    count,
    runs,
    gather(values, width = 1) {
      requireNumbered(count * width);
      const received = hosts.gather(values);
      const whole = alike(values, count * width);
      for (const { rank, begin, end, first } of all) {
        whole.set(received[rank]!.subarray(begin * width, end * width), first * width);
      }
      return whole;
    },
    keepOwn(out, width, compute) {
      requireNumbered(count * width);
      const values = alike(out, count * width);
      compute(values);
      for (const { begin, end, first } of runs) {
        out.set(values.subarray(first * width, (first + end - begin) * width), begin * width);
      }
    },
  };
}

/** The constructor of a typed array makes one of its own kind. */
function alike<T extends Float32Array | Float64Array | Uint16Array>(values: T, length: number): T {
  return new (values.constructor as new (length: number) => T)(length);
}

/** The runs of all hosts in the order of the whole. */
function piecesOf(counts: readonly Float64Array[]): readonly (Run & { readonly rank: number })[] {
  const begins = counts.map(() => 0);
  const pieces: (Run & { readonly rank: number })[] = [];
  let first = 0;
  for (const part of counts[0]!.keys()) {
    for (const [rank, ofHost] of counts.entries()) {
      const begin = begins[rank]!;
      const end = begin + ofHost[part]!;
      pieces.push({ rank, begin, end, first });
      begins[rank] = end;
      first += end - begin;
    }
  }
  return pieces;
}
