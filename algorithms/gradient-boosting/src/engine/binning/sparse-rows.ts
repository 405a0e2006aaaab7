/** Copies sparse rows into the memory of kernels. */
import { ClientError, type SparseEntries } from '@algo/contract';

/** NaN is missing, as an absent entry is. */
export type SparseRows = SparseEntries<Float32Array>;

/** Where entries are copied to, as views of memory. */
export interface EntryBuffer {
  readonly values: Float32Array;
  readonly features: Uint32Array;
  /** Maximum number of entries and rows. */
  readonly room: number;
  readonly rows: number;
}

/**
 * Copies the entries of rows from `first` on that fit, NaN left out.
 * @param onRow called after each row with the entries copied so far
 * @returns rows copied, ≥ 1
 * @throws ClientError E_DATA_COLUMNS when a row alone has more entries than there is room for
 */
export function copyEntries(
  sparse: SparseRows,
  first: number,
  buffer: EntryBuffer,
  onRow: (row: number, entries: number) => void,
): number {
  const rows = Math.min(buffer.rows, sparse.rowStarts.length - 1 - first);
  let used = 0;
  for (let row = 0; row < rows; row++) {
    const from = sparse.rowStarts[first + row]!;
    const end = sparse.rowStarts[first + row + 1]!;
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
      buffer.features[used++] = sparse.columnIndices[entry]!;
    }
    onRow(row, used);
  }
  return rows;
}
