/**
 * Sparse rows as they come in: lists of (feature, value).
 */
import { ClientError } from '@algo/contract';

/** Row i has entries starts[i] … starts[i + 1] − 1, features ascending. */
export interface SparseRows {
  /** [rows + 1] */
  readonly starts: Int32Array | Uint32Array;
  readonly features: Int32Array | Uint32Array;
  /** NaN is missing, as an absent entry is. */
  readonly values: Float32Array;
}

/** [count × featureCount] values of `count` rows from `first` on, row-major; NaN where there is no entry. */
export function densify(sparse: SparseRows, first: number, count: number, featureCount: number): Float32Array {
  const block = new Float32Array(count * featureCount).fill(Number.NaN);
  for (let row = 0; row < count; row++) {
    const end = sparse.starts[first + row + 1]!;
    for (let entry = sparse.starts[first + row]!; entry < end; entry++) {
      block[row * featureCount + sparse.features[entry]!] = sparse.values[entry]!;
    }
  }
  return block;
}

/** Where entries are copied to, as views of memory. */
export interface EntryBuffer {
  readonly values: Float32Array;
  readonly features: Uint32Array;
  /** Most entries and most rows. */
  readonly room: number;
  readonly rows: number;
}

/**
 * Copies the entries of rows from `first` on that fit, NaN left out.
 * @param onRow told the entries copied so far after each row
 * @returns rows copied, ≥ 1
 * @throws ClientError E_DATA_COLUMNS when a row alone has more entries than there is room for
 */
export function copyEntries(
  sparse: SparseRows,
  first: number,
  buffer: EntryBuffer,
  onRow: (row: number, entries: number) => void,
): number {
  const rows = Math.min(buffer.rows, sparse.starts.length - 1 - first);
  let used = 0;
  for (let row = 0; row < rows; row++) {
    const from = sparse.starts[first + row]!;
    const end = sparse.starts[first + row + 1]!;
    if (used + end - from > buffer.room) {
      if (row > 0) return row;
      throw new ClientError(
        'E_DATA_COLUMNS',
        `A sparse row must have each feature at most once; received a row of ${end - from} entries.`,
      );
    }
    for (let entry = from; entry < end; entry++) {
      const value = sparse.values[entry]!;
      if (Number.isNaN(value)) continue;
      buffer.values[used] = value;
      buffer.features[used++] = sparse.features[entry]!;
    }
    onRow(row, used);
  }
  return rows;
}
