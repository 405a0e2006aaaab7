/** What is to be read of a Parquet file: its columns, matched with the others' by name, and its row groups. */
import { ClientError, ContractError, messageOf } from '../../errors.js';
import { columnsError, type ExpectedNames, planColumns, positioned, type Role } from '../column-plan.js';
import { CODECS } from './decompress.js';
import type { ParquetFile } from './file.js';
import { type ColumnChunk, type Footer, readFooter } from './footer.js';
import { type PartitionColumn, partitionColumns, repeatedColumn } from './partitions.js';
import { type ParquetColumn, readColumns } from './schema.js';

/** A column of the file, or one of its folders with a value for all rows. */
export type RowColumn = (ParquetColumn | PartitionColumn) & {
  readonly role: Role;
  /** Among those of its role, from 0. */
  readonly index: number;
  /** What a folder says of a column of the file, which must agree. */
  readonly folder?: PartitionColumn;
};

/** Where the pages of a column are in the file: [start, end), and how they are compressed. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly codec: string;
}

/** What the columns of a file must be. */
export interface ExpectedTable extends ExpectedNames {
  /** Whether columns of text are read. */
  readonly acceptsText: boolean;
}

/** What is to be read of a file. */
export interface Table {
  /** Labels first, then the weight, then the features. */
  readonly columns: readonly RowColumn[];
  /** The row groups, each with a chunk for each column of the file. */
  readonly groups: readonly { readonly rows: number; readonly chunks: readonly (Chunk | undefined)[] }[];
}

/**
 * Reads the end of the file.
 * @param path of the file relative to its channel, whose folders may be columns; '' for a request
 * @throws ClientError for columns that are not numbers, too few, or other than expected; E_DATA_FORMAT for damage
 */
export function readTable(file: ParquetFile, path: string, expected: ExpectedTable): Table {
  try {
    const footer = readFooter(file);
    const columns = columnsOfRow(file.label, footer, path, expected);
    const groups = planGroups(file, footer, columns);
    return { columns, groups };
  } catch (error) {
    throw damaged(`${file.label} footer`, error);
  }
}

/** `error` as E_DATA_FORMAT; one that says itself what is wrong stays. */
export function damaged(where: string, error: unknown): ContractError {
  if (error instanceof ContractError) return error;
  const reason = messageOf(error);
  return new ClientError('E_DATA_FORMAT', `${where}: ${reason}. The file is damaged or uses an unsupported feature.`, {
    cause: error,
  });
}

// --- internal ---

/** The columns of a row: where no names are expected, labels come first, then the weight. */
function columnsOfRow(where: string, footer: Footer, path: string, expected: ExpectedTable): RowColumn[] {
  const own = readColumns(footer, where, expected.acceptsText);
  // A writer may leave a folder's column in the file as well: then it keeps its position in the file.
  const names = new Set(footer.schema.slice(1).map(({ name }) => name));
  const folders = partitionColumns(path, names, where, expected.acceptsText);
  const columns = [...own, ...folders];
  // Rows are known to be there by the values of a column: without one, a footer could promise any number of them.
  if (own.length === 0 && folders.length > 0) throw columnsError(where, 'expected a column of its own; received none');
  return positioned(planColumns(columns, expected, where)).map((column) => {
    const folder = 'position' in column ? repeatedColumn(path, column.name) : undefined;
    return { ...column, ...(folder && { folder }) };
  });
}

function planGroups(file: ParquetFile, footer: Footer, columns: readonly RowColumn[]): Table['groups'] {
  let bytes = 0;
  const groups = footer.groups.map(({ rows, chunks }) => ({
    rows,
    chunks: columns.map((column) => {
      if (!('position' in column)) return undefined;
      const chunk = planChunk(file, column, rows, chunks[column.position]);
      bytes += chunk.end - chunk.start;
      return chunk;
    }),
  }));
  // Chunks that share bytes would make any amount of work of a small file.
  if (bytes > file.byteLength) throw new Error('its columns take more bytes than it has');
  return groups;
}

function planChunk(
  file: ParquetFile,
  { name, label }: ParquetColumn,
  rows: number,
  chunk: ColumnChunk | undefined,
): Chunk {
  if (chunk?.path.length !== 1 || chunk.path[0] !== name) throw new Error(`a row group has no ${label}`);
  const { codec, valueCount, compressedBytes, dataOffset, dictionaryOffset } = chunk;
  if (chunk.isEncrypted) throw new Error(`the data of ${label} is encrypted`);
  if (chunk.isElsewhere) throw new Error(`the data of ${label} is in another file`);
  if (!CODECS.includes(codec)) {
    throw new ClientError(
      'E_DATA_FORMAT',
      `${file.label} ${label}: compression must be one of ${CODECS.join(', ')}; received ${codec}.`,
    );
  }
  if (valueCount !== rows) throw new Error(`${label} has ${valueCount} values in a row group of ${rows} rows`);
  if (dataOffset < 0 || compressedBytes < 0) throw new Error(`it does not say where ${label} is`);
  const start = dictionaryOffset > 0 && dictionaryOffset < dataOffset ? dictionaryOffset : dataOffset;
  if (start > file.byteLength) throw new Error(`${label} is said to begin at byte ${start} of ${file.byteLength}`);
  return { start, end: Math.min(start + compressedBytes, file.byteLength), codec };
}
