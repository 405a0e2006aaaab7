/**
 * Windows of training rows of which several hosts have parts. A window takes rows from every host in proportion to what it has
 * left, so that all of them have work in each batch; the rows of the whole window, host after host, are shuffled by one
 * permutation, and each host picks its own. A job on one host has all of it.
 *
 *   window   [ rows of host 0 | rows of host 1 | … ]   shuffled   [ batch 0 | batch 1 | … ]
 */
import type { Communicator, RowNumbers } from '@algo/contract';

/** The hosts of a job and the training rows that each has. */
export interface RowHosts {
  readonly communicator: Communicator;
  /** [hosts] by rank */
  readonly rows: readonly number[];
  /** Where this host's are among those of all. */
  readonly numbers: RowNumbers;
}

/** Rows that each host has in each window: [windows][hosts]. @param capacity rows of a window, of all hosts together; ≥ 1 */
export function shareWindows(rows: readonly number[], capacity: number): readonly (readonly number[])[] {
  const left = [...rows];
  const windows: number[][] = [];
  for (let total = sumOf(left); total > 0; total = sumOf(left)) {
    const shares = proportional(left, Math.min(capacity, total));
    for (const [host, share] of shares.entries()) left[host]! -= share;
    windows.push(shares);
  }
  return windows;
}

/**
 * Rows of a window, so that no host has more of it than fit.
 * @param rows    [hosts] of all windows
 * @param fitting rows that each host has room for
 * @returns all rows, or a multiple of the batch size, so that only the very last batch is smaller
 */
export function sharedCapacity(rows: readonly number[], fitting: number, batchSize: number): number {
  const [total, most] = [sumOf(rows), rows.reduce((one, other) => Math.max(one, other))];
  if (most <= fitting && total <= MOST_ROWS) return total;
  const capacity = Math.min((fitting * total) / most, MOST_ROWS);
  return Math.max(1, Math.floor(capacity / batchSize)) * batchSize;
}

/** What a host has of a shuffled window. */
export interface OwnRows {
  /** Its rows, as numbers of its own part of the window, in the order of the batches. */
  readonly order: Int32Array;
  /** [rows] where they are in their batches; undefined for a host that has the whole window. */
  readonly rowNumbers: Int32Array | undefined;
  /** [batches + 1] positions in `order` at which batches begin, and the end of the last one. */
  readonly starts: Int32Array;
}

/**
 * @param order a permutation of the window
 * @param place where this host's rows are in it
 * @param count how many they are
 */
export function ownRows(
  order: Int32Array,
  { first, run, skip }: Pick<RowNumbers, 'first' | 'run' | 'skip'>,
  count: number,
  batchSize: number,
): OwnRows {
  const batches = Math.ceil(order.length / batchSize);
  const starts = new Int32Array(batches + 1);
  if (count === order.length) {
    for (let batch = 0; batch <= batches; batch++) starts[batch] = Math.min(order.length, batch * batchSize);
    return { order, rowNumbers: undefined, starts };
  }
  const own = new Int32Array(count);
  const rowNumbers = new Int32Array(count);
  let found = 0;
  for (let position = 0; position < order.length; position++) {
    if (position % batchSize === 0) starts[position / batchSize] = found;
    const number = order[position]! - first;
    const runs = Math.floor(number / (run + skip));
    const place = runs > 0 ? number - runs * (run + skip) : number;
    const row = runs > 0 ? runs * run + place : place;
    if (number < 0 || place >= run || row >= count) continue;
    own[found] = row;
    rowNumbers[found++] = position % batchSize;
  }
  starts[batches] = found;
  return { order: own, rowNumbers, starts };
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

// --- internal ---

/** Rows of a window have numbers of 32 bits, with a sign. */
const MOST_ROWS = 2 ** 31 - 1;

/** `wanted` of the rows, by the method of the largest remainder. In whole numbers, so that all hosts find the same. */
function proportional(rows: readonly number[], wanted: number): number[] {
  const total = BigInt(sumOf(rows));
  const products = rows.map((count) => BigInt(count) * BigInt(wanted));
  const shares = products.map((product) => Number(product / total));
  const remainders = products.map((product, host) => ({ host, remainder: product % total }));
  remainders.sort((a, b) => (a.remainder < b.remainder ? 1 : a.remainder > b.remainder ? -1 : a.host - b.host));
  for (const { host } of remainders.slice(0, wanted - sumOf(shares))) shares[host]! += 1;
  return shares;
}
