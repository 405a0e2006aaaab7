/** The rows of one row group, column by column, as blocks. */
import { ClientError } from '../../errors.js';
import type { Block, ColumnValues } from '../block.js';
import { rowCapacity } from '../block-size.js';
import type { TextColumn, TextColumns } from '../categories/text-columns.js';
import type { ReadSettings } from '../reader.js';
import { checkValues } from './check-values.js';
import { ColumnCursor } from './column-cursor.js';
import type { ParquetFile } from './file.js';
import { damaged, type RowColumn, type Table } from './metadata.js';
import { checkRepeated, isTextFolder, type PartitionColumn } from './partitions.js';

type Floats = Float64Array | Float32Array;

/** Arrays that every block of a pass uses. */
export interface BlockWriter {
  readonly capacity: number;
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly features: Floats;
  readonly columnNames: readonly string[];
}

/** Room for as many rows as `maxRows` or the usual size of a block allow. */
export function createWriter(
  columns: readonly RowColumn[],
  { precision, maxRows }: Pick<ReadSettings, 'precision' | 'maxRows'>,
): BlockWriter {
  const named = (role: RowColumn['role']) => columns.filter((column) => column.role === role).map(({ name }) => name);
  const columnNames = named('feature');
  const labelCount = named('label').length;
  const hasWeights = named('weight').length > 0;
  const Features = precision === 'float32' ? Float32Array : Float64Array;
  const leadBytes = (labelCount + Number(hasWeights)) * 8;
  const capacity = rowCapacity(leadBytes + columnNames.length * Features.BYTES_PER_ELEMENT, maxRows);
  return {
    capacity,
    labels: new Float64Array(capacity * labelCount),
    weights: hasWeights ? new Float64Array(capacity) : undefined,
    features: new Features(capacity * columnNames.length),
    columnNames,
  };
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
  { policy, texts }: Pick<ReadSettings, 'policy' | 'texts'>,
): Generator<Block, void, undefined> {
  const codings = columns.map((column) => codingOf(column, file.label, texts));
  const cursors = columns.map((column, i) =>
    'position' in column
      ? new ColumnCursor(file, chunks[i]!, column, groupRows, codings[i])
      : folderValue(column, codings[i], file.label),
  );
  const { capacity, features, labels, weights, columnNames } = writer;
  const width = columnNames.length;
  const labelCount = labels.length / capacity;
  for (let from = 0; from < groupRows; from += capacity) {
    const rows = Math.min(capacity, groupRows - from);
    const row = firstRow + from + 1;
    for (const [i, column] of columns.entries()) {
      const isFeature = column.role === 'feature';
      const target = isFeature ? features : column.role === 'label' ? labels : weights!;
      const offset = isFeature ? i - (columns.length - width) : column.role === 'label' ? i : 0;
      const stride = isFeature ? width : column.role === 'label' ? labelCount : 1;
      const cursor = cursors[i]!;
      try {
        if (typeof cursor === 'number') fill(cursor, rows, target, offset, stride);
        else cursor.read(rows, target, offset, stride);
      } catch (error) {
        throw damaged(`${file.label} ${column.label} from row ${row} on`, error);
      }
      const { folder, label } = column;
      const place = (at: number) => `${file.label} row ${row + at}`;
      const values = { values: target, offset, stride, rows };
      if ('position' in column && !column.isText && codings[i]) codeNumbers(values, codings[i], place, label);
      if (folder) checkRepeated(values, { label, folder }, place);
      checkValues(values, column, policy, place);
    }
    yield {
      rows,
      columns: width,
      features: features.subarray(0, rows * width),
      labelCount,
      labels: labels.subarray(0, rows * labelCount),
      ...(weights && { weights: weights.subarray(0, rows) }),
      columnNames,
      source,
      firstLine: row,
    };
  }
}

// --- internal ---

function fill(value: number, rows: number, target: Floats, offset: number, stride: number): void {
  for (let row = 0, to = offset; row < rows; row++, to += stride) target[to] = value;
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
  { values, offset, stride, rows }: ColumnValues,
  coding: TextColumn,
  place: (row: number) => string,
  label: string,
): void {
  for (let row = 0, at = offset; row < rows; row++, at += stride) {
    values[at] = coding.number(values[at]!, () => `${place(row)} ${label}`);
  }
}
