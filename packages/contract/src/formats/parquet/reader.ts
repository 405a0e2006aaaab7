/**
 * Parquet of a channel as blocks: `application/x-parquet`, labels first as in CSV (`label_size`, 1 by default), then the
 * weight if one is asked for, then the features, with their names. Columns are numbers or booleans; null is missing.
 * A file is read from its end, so there is no Pipe mode. Of each column one page is held at a time.
 * Source: apache/parquet-format; its metadata is read by the `hyparquet` library.
 */
import type { Block } from '../block.js';
import { checkMaxRows, rowCapacity } from '../block-size.js';
import { csvReader } from '../csv/reader.js';
import type { BlockReader, DataSource, ReadSettings } from '../reader.js';
import { ColumnCursor } from './column-cursor.js';
import { openParquet, type ParquetFile } from './file.js';
import { damaged, type ExpectedColumns, type RowColumn, readTable, type Table } from './metadata.js';
import { checkValues } from './policy.js';

export const parquetReader: BlockReader = {
  readsRecordIO: false,
  readsPipe: false,
  checkContentType: csvReader.checkContentType,
  read: readBlocks,
};

// --- internal ---

/** Labels a row has when the content type does not say. */
const DEFAULT_LABEL_COUNT = 1;

type Floats = Float64Array | Float32Array;

async function* readBlocks(
  sources: Iterable<DataSource>,
  settings: ReadSettings,
): AsyncGenerator<Block, void, undefined> {
  checkMaxRows(settings.maxRows);
  const labelCount = Number(settings.contentType.parameters.label_size ?? DEFAULT_LABEL_COUNT);
  const { hasWeights = false, featureCount } = settings;
  let expected: ExpectedColumns = { labelCount, hasWeights, ...(featureCount !== undefined && { featureCount }) };
  let writer: BlockWriter | undefined;
  for (const source of sources) {
    const file = openParquet(source);
    try {
      const { columns, groups } = await readTable(file, expected);
      expected = { as: { names: columns.map(({ name }) => name), label: file.label }, ...expected };
      writer ??= createWriter(columns, settings);
      let row = 0;
      for (const group of groups) {
        yield* readGroup(file, source.name, columns, group, row, writer, settings);
        row += group.rows;
      }
    } finally {
      file.close();
    }
  }
}

/** Arrays that every block of a pass uses. */
interface BlockWriter {
  readonly capacity: number;
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly features: Floats;
  readonly columnNames: readonly string[];
}

function createWriter(columns: readonly RowColumn[], { precision, maxRows }: ReadSettings): BlockWriter {
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

/** @param firstRow rows of the file before this group */
function* readGroup(
  file: ParquetFile,
  source: string,
  columns: readonly RowColumn[],
  { rows: groupRows, chunks }: Table['groups'][number],
  firstRow: number,
  writer: BlockWriter,
  { policy }: ReadSettings,
): Generator<Block, void, undefined> {
  const cursors = columns.map((column, i) => new ColumnCursor(file, chunks[i]!, column));
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
      try {
        cursors[i]!.read(rows, target, offset, stride);
      } catch (error) {
        throw damaged(`${file.label} ${column.label} from row ${row} on`, error);
      }
      checkValues({ values: target, offset, stride, rows }, column, policy, (at) => `${file.label} row ${row + at}`);
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
