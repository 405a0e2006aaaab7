/** The rows of one row group, column by column, as blocks. */
import { ClientError } from '../../errors.js';
import type { Block, ColumnValues } from '../block.js';
import { type BlockWriter, blockOf, targetOf } from '../block-writer.js';
import type { TextColumn, TextColumns } from '../categories/text-columns.js';
import { checkValues } from '../check-values.js';
import type { ReadSettings } from '../reader.js';
import { ColumnCursor } from './column-cursor.js';
import { type ColumnMemory, createMemory } from './column-memory.js';
import type { ParquetFile } from './file.js';
import { damaged, type RowColumn, type Table } from './metadata.js';
import { checkRepeated, isTextFolder, type PartitionColumn } from './partitions.js';

export interface GroupSettings extends Pick<ReadSettings, 'policy' | 'texts'> {
  /** Of the columns by their positions; empty before the first group of a pass. */
  readonly memories: ColumnMemory[];
}

/**
 * The rows of one group as blocks, in the writer's arrays.
 * @param source what the blocks say they are from
 * @param firstRow rows of the file before this group
 * @throws ClientError naming row and column of the first bad value
 */
export function* readGroup(
  file: ParquetFile,
  source: string,
  columns: readonly RowColumn[],
  { rows: groupRows, chunks }: Table['groups'][number],
  firstRow: number,
  writer: BlockWriter,
  { policy, texts, memories }: GroupSettings,
): Generator<Block, void, undefined> {
  const codings = columns.map((column) => codingOf(column, file.label, texts));
  const cursors = columns.map((column, i) =>
    'position' in column
      ? new ColumnCursor(file, chunks[i]!, column, groupRows, memoryOf(memories, i), codings[i])
      : folderValue(column, codings[i], file.label),
  );
  const targets = columns.map((column) => targetOf(writer, column));
  for (let from = 0; from < groupRows; from += writer.capacity) {
    const rows = Math.min(writer.capacity, groupRows - from);
    const row = firstRow + from + 1;
    for (const [i, column] of columns.entries()) {
      const cursor = cursors[i]!;
      const coding = 'position' in column && !column.isText ? codings[i] : undefined;
      const target = { ...targets[i]!, rows };
      // What the numbers become text of is not rounded to the precision of features.
      const values = coding ? { values: new Float64Array(rows), offset: 0, stride: 1, rows } : target;
      try {
        if (typeof cursor === 'number') fill(cursor, values);
        else cursor.read(values);
      } catch (error) {
        throw damaged(`${file.label} ${column.label} from row ${row} on`, error);
      }
      const { folder, label } = column;
      const place = (at: number) => `${file.label} row ${row + at}`;
      if (coding) codeNumbers(values.values, target, coding, place, column);
      if (folder) checkRepeated(target, { label, folder }, place);
      checkValues(target, column, policy, place);
    }
    yield blockOf(writer, rows, source, row);
  }
}

// --- internal ---

function memoryOf(memories: ColumnMemory[], column: number): ColumnMemory {
  memories[column] ??= createMemory();
  return memories[column];
}

function fill(value: number, { values, offset, stride, rows }: ColumnValues): void {
  for (let row = 0, to = offset; row < rows; row++, to += stride) values[to] = value;
}

/** What becomes of a column's texts; undefined for one of numbers. @throws ClientError E_DATA_NUMBER where it has to be one */
function codingOf(column: RowColumn, where: string, texts: TextColumns | undefined): TextColumn | undefined {
  const { role, index, name, label } = column;
  const number = 'position' in column ? column.position + 1 : 0;
  const coding = texts?.of({ role, index, name, number });
  const isText = 'position' in column ? column.isText : isTextFolder(column);
  if (coding || !isText) return coding;
  throw new ClientError(
    'E_DATA_NUMBER',
    `${where} ${label}: expected numbers, as in the training data; received text. Encode or drop the column.`,
  );
}

function folderValue(column: PartitionColumn, coding: TextColumn | undefined, where: string): number {
  const { text, value, label } = column;
  if (!coding || text === undefined) return value;
  const place = () => `${where}: its ${label}`;
  return coding.isOpen && !isTextFolder(column) ? coding.number(value, place) : coding.code(text, place);
}

/** Numbers of a column that is text elsewhere, or may be. */
function codeNumbers(
  numbers: Float64Array | Float32Array,
  { values, offset, stride, rows }: ColumnValues,
  coding: TextColumn,
  place: (row: number) => string,
  column: RowColumn,
): void {
  let row = 0;
  const where = () => `${place(row)} ${column.label}`;
  const isBoolean = 'position' in column && column.type === 'BOOLEAN';
  for (let at = offset; row < rows; row++, at += stride) {
    const number = numbers[row]!;
    if (!coding.isOpen && Number.isInteger(number) && !Number.isSafeInteger(number)) throw tooLarge(where(), number);
    values[at] = isBoolean ? coding.boolean(number, where) : coding.number(number, where);
  }
}

/** The error for a number of which no text can be made: others are the same double. */
function tooLarge(where: string, number: number): ClientError {
  return new ClientError(
    'E_DATA_CATEGORY',
    `${where}: an integer that is text must lie between -2^53 and 2^53; received about ${number}. Store the column as strings.`,
  );
}
