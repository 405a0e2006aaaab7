/** What a Parquet file says of itself at its end: its columns, checked against the others', and its row groups. */
import { type ColumnChunk, type FileMetaData, parquetMetadata, parquetMetadataAsync } from 'hyparquet';
import { ClientError, ContractError } from '../../errors.js';
import type { BlockOptions } from '../block.js';
import { quoteValue } from '../csv/fields.js';
import { CODECS } from './decompress.js';
import type { ParquetFile } from './file.js';
import { type ParquetColumn, readColumns } from './schema.js';

/** What a column's values are to a row. */
export type Role = 'label' | 'weight' | 'feature';

export interface RowColumn extends ParquetColumn {
  readonly role: Role;
}

/** What the first file of a channel is like, and the others must be. */
export interface ExpectedColumns extends Pick<BlockOptions, 'hasWeights' | 'featureCount'> {
  readonly labelCount: number;
  /** Names and where they stand; absent for the first file. */
  readonly as?: { readonly names: readonly string[]; readonly label: string };
}

/** Where the pages of a column stand in the file: [start, end), and how they are compressed. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly codec: string;
}

/** What is to be read of a file. */
export interface Table {
  readonly columns: readonly RowColumn[];
  /** The row groups, each with a chunk a column. */
  readonly groups: readonly { readonly rows: number; readonly chunks: readonly Chunk[] }[];
}

/**
 * Reads the end of the file.
 * @throws ClientError for columns that are not numbers, too few, or other than expected; E_DATA_FORMAT for damage
 */
export async function readTable(file: ParquetFile, expected: ExpectedColumns): Promise<Table> {
  try {
    return planTable(file, await parquetMetadataAsync(file, { geoparquet: false }), expected);
  } catch (error) {
    throw damaged(`${file.label} footer`, error);
  }
}

/** The same for a file that is in memory as a whole. */
export function readTableOfBytes(file: ParquetFile, bytes: Uint8Array, expected: ExpectedColumns): Table {
  try {
    return planTable(file, parquetMetadata(bytes, { geoparquet: false }), expected);
  } catch (error) {
    throw damaged(`${file.label} footer`, error);
  }
}

/** `error` of a library as E_DATA_FORMAT; one that says itself what is wrong stays. */
export function damaged(where: string, error: unknown): ContractError {
  if (error instanceof ContractError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ClientError('E_DATA_FORMAT', `${where}: ${reason}. The file is damaged or of a kind that is not read.`, {
    cause: error,
  });
}

// --- internal ---

function planTable(file: ParquetFile, metadata: FileMetaData, expected: ExpectedColumns): Table {
  const columns = planColumns(file, metadata, expected);
  const groups = metadata.row_groups.map((group) => ({
    rows: whole(group.num_rows),
    chunks: columns.map((column, i) => chunkOf(file, column, group.columns[i])),
  }));
  return { columns, groups };
}

/** The columns of a row, in the order of the file. */
function planColumns(file: ParquetFile, metadata: FileMetaData, expected: ExpectedColumns): RowColumn[] {
  const { labelCount, hasWeights = false, featureCount, as } = expected;
  const columns = readColumns(metadata, file.label);
  const leadCount = labelCount + Number(hasWeights);
  if (columns.length <= leadCount) {
    const lead = [labelCount && `${labelCount} label${labelCount > 1 ? 's' : ''}`, hasWeights && '1 weight'];
    throw columnsError(
      file,
      `expected at least ${leadCount + 1} columns (${[...lead, '1 feature'].filter(Boolean).join(', ')}); received ${columns.length}`,
    );
  }
  const received = columns.length - leadCount;
  if (featureCount !== undefined && received !== featureCount) {
    throw columnsError(file, `expected ${featureCount} feature${featureCount === 1 ? '' : 's'}; received ${received}`);
  }
  if (as) checkNames(file, columns, as.names, as.label);
  return columns.map((column, i) => ({
    ...column,
    role: i < labelCount ? 'label' : i < leadCount ? 'weight' : 'feature',
  }));
}

function chunkOf(file: ParquetFile, { name, label }: ParquetColumn, column: ColumnChunk | undefined): Chunk {
  const meta = column?.meta_data;
  const [leaf, ...deeper] = meta?.path_in_schema ?? [];
  if (!meta || leaf !== name || deeper.length > 0) throw new Error(`a row group has no ${label}`);
  if (column.file_path !== undefined) throw new Error(`the data of ${label} is in another file`);
  if (!CODECS.includes(meta.codec)) {
    throw new ClientError(
      'E_DATA_FORMAT',
      `${file.label} ${label}: compression must be one of ${CODECS.join(', ')}; received ${meta.codec}.`,
    );
  }
  const data = whole(meta.data_page_offset);
  const dictionary = meta.dictionary_page_offset === undefined ? 0 : whole(meta.dictionary_page_offset);
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  return { start, end: Math.min(start + whole(meta.total_compressed_size), file.byteLength), codec: meta.codec };
}

/** A number of the metadata, whose types only hold for files that are not damaged. */
function whole(value: unknown): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`a size or position in it is ${String(value)}`);
}

function checkNames(
  file: ParquetFile,
  columns: readonly ParquetColumn[],
  names: readonly string[],
  label: string,
): void {
  const differing = names.findIndex((name, i) => columns[i]?.name !== name);
  if (differing < 0 && columns.length === names.length) return;
  const at = differing < 0 ? names.length : differing;
  const expected = at < names.length ? quoteValue(names[at]!) : 'absent';
  const received = columns[at] ? quoteValue(columns[at].name) : 'none';
  throw columnsError(file, `column ${at + 1} must be ${expected} as in ${label}; received ${received}`);
}

function columnsError(file: ParquetFile, sentence: string): ClientError {
  return new ClientError('E_DATA_COLUMNS', `${file.label}: ${sentence}.`);
}
