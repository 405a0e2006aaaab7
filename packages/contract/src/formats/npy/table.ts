/** An array of NumPy as a table: its first axis are the rows, all others together the columns. */
import { ClientError } from '../../errors.js';
import type { Floats } from './element-type.js';
import { damaged, type NpyHeader } from './header.js';

export interface NpyTable extends NpyHeader {
  readonly rows: number;
  readonly columns: number;
}

/** The longest row: as that of RecordIO. */
const MAX_ROW_BYTES = 256 * 1024 * 1024;

/**
 * @param columnsOfLine columns of a row where the array has one axis only: then it is that many numbers per row
 * @throws ClientError E_DATA_FORMAT, E_DATA_SIZE for an array that is no table
 */
export function tableOf(header: NpyHeader, columnsOfLine: number, label: string): NpyTable {
  const { shape, isFortran, type } = header;
  const [first, ...rest] = shape;
  if (first === undefined) throw damaged(label, 'the array must have rows and columns; received a single number.');
  if (isFortran && rest.length > 1) {
    throw damaged(
      label,
      `an array in Fortran order must have 1 or 2 axes; received ${shape.length}. Save it with numpy.ascontiguousarray.`,
    );
  }
  const isLine = rest.length === 0;
  const columns = isLine ? columnsOfLine : rest.reduce((product, size) => product * size, 1);
  const rows = isLine ? first / columns : first;
  if (!Number.isInteger(rows) || columns === 0) {
    throw new ClientError(
      'E_DATA_COLUMNS',
      `${label}: expected ${isLine ? `rows of ${columns} columns` : 'at least 1 column'}; received the shape (${shape.join(', ')}${isLine ? ',' : ''}).`,
    );
  }
  if (columns * type.bytes > MAX_ROW_BYTES) {
    throw new ClientError(
      'E_DATA_SIZE',
      `${label}: a row must be at most ${MAX_ROW_BYTES} bytes; received ${columns} columns of ${type.bytes} bytes.`,
    );
  }
  return { ...header, rows, columns, isFortran: isFortran && !isLine };
}

/** Bytes of its numbers. */
export function dataBytes({ rows, columns, type }: NpyTable): number {
  return rows * columns * type.bytes;
}

/**
 * Writes rows `row` to `row + count - 1` to `target[0]` and on, row-major.
 * @param bytes in C order those of the rows; in Fortran order those of the whole table
 * @param at where they begin
 */
export function decodeRows(table: NpyTable, bytes: Uint8Array, at: number, row: number, count: number, target: Floats) {
  const { type, columns, rows, isFortran } = table;
  if (!isFortran) {
    type.decode(bytes, at, count * columns, target, 0, 1);
    return;
  }
  for (let column = 0; column < columns; column++) {
    type.decode(bytes, at + (column * rows + row) * type.bytes, count, target, column, columns);
  }
}
