/** Rows as a Parquet file: a column of doubles each. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Rows } from './rows.ts';

/** @param names of the columns */
export function parquet(rows: Rows, names: readonly string[]): Uint8Array {
  const columnData = names.map((name, column) => ({
    name,
    data: rows.map((row) => row[column]),
    type: 'DOUBLE' as const,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
