/** What is to be read of a Parquet file: its columns, matched with the others' by name, and its row groups. */
import { ClientError, ContractError } from '../../errors.js';
import type { BlockOptions } from '../block.js';
import { matchNames, type NamedColumns } from '../column-names.js';
import { quoteValue } from '../place.js';
import { CODECS } from './decompress.js';
import type { ParquetFile } from './file.js';
import { type ColumnChunk, type Footer, readFooter } from './footer.js';
import { type PartitionColumn, partitionColumns, repeatedColumn } from './partitions.js';
import { type ParquetColumn, readColumns } from './schema.js';

/** What a column's values are to a row. */
export type Role = 'label' | 'weight' | 'feature';

/** A column of the file, or one of its folders with a value for all rows. */
export type RowColumn = (ParquetColumn | PartitionColumn) & {
  readonly role: Role;
  /** What a folder says of a column of the file, which must agree. */
  readonly folder?: PartitionColumn;
};

/** What the columns of a file must be. */
export interface ExpectedColumns extends Pick<BlockOptions, 'hasWeights' | 'featureCount' | 'featureNames'> {
  readonly labelCount: number;
  /** The column that is the label; default: the first. */
  readonly labelName?: string | undefined;
  /** Columns of the file that others must agree with; absent for the first one. */
  readonly as?: NamedColumns | undefined;
}

/** Where the pages of a column stand in the file: [start, end), and how they are compressed. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly codec: string;
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
export function readTable(file: ParquetFile, path: string, expected: ExpectedColumns): Table {
  try {
    const footer = readFooter(file);
    const columns = planColumns(file.label, footer, path, expected);
    const groups = planGroups(file, footer, columns);
    return { columns, groups };
  } catch (error) {
    throw damaged(`${file.label} footer`, error);
  }
}

/** The names of a table's columns, as the others must have them. */
export function namesOf({ columns }: Pick<Table, 'columns'>, from: string): NamedColumns {
  const named = (role: Role) => columns.filter((column) => column.role === role).map(({ name }) => name);
  return { labels: named('label'), weights: named('weight'), features: named('feature'), from };
}

/** `error` as E_DATA_FORMAT; one that says itself what is wrong stays. */
export function damaged(where: string, error: unknown): ContractError {
  if (error instanceof ContractError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ClientError('E_DATA_FORMAT', `${where}: ${reason}. The file is damaged or uses an unsupported feature.`, {
    cause: error,
  });
}

// --- internal ---

/** The columns of a row: where no names are expected, labels come first, then the weight. */
function planColumns(where: string, footer: Footer, path: string, expected: ExpectedColumns): RowColumn[] {
  const own = readColumns(footer, where);
  // A writer may leave a folder's column in the file as well: it stands where it stands there.
  const names = new Set(footer.schema.slice(1).map(({ name }) => name));
  const folders = partitionColumns(path, names, where);
  const columns = [...own, ...folders];
  // Rows are known to be there by the values of a column: without one, a footer could promise any number of them.
  if (own.length === 0 && folders.length > 0) throw columnsError(where, 'expected a column of its own; received none');
  const leadCount = expected.labelCount + Number(expected.hasWeights ?? false);
  if (expected.as && expected.as.labels.length !== expected.labelCount) {
    throw columnsError(
      where,
      `label_size of the content type must be ${expected.as.labels.length} as for ${expected.as.from}; it is ${expected.labelCount}`,
    );
  }
  const ordered = expected.as ? inOrderOf(columns, expected.as, where) : labelFirst(columns, expected.labelName, where);
  if (ordered.length <= leadCount) throw tooFew(where, ordered.length, expected);
  let features = ordered.slice(leadCount);
  if (expected.featureNames) features = byName(features, expected.featureNames, where, 'the model');
  const { featureCount } = expected;
  if (featureCount !== undefined && features.length !== featureCount) {
    throw columnsError(
      where,
      `expected ${featureCount} feature${featureCount === 1 ? '' : 's'}; received ${features.length}`,
    );
  }
  return [...ordered.slice(0, leadCount), ...features].map((column, i) => {
    const folder = 'position' in column ? repeatedColumn(path, column.name) : undefined;
    const role = i < expected.labelCount ? 'label' : i < leadCount ? 'weight' : 'feature';
    return { ...column, role, ...(folder && { folder }) };
  });
}

/** More names say no more. */
const SHOWN_NAMES = 8;

type Column = ParquetColumn | PartitionColumn;

function inOrderOf(columns: readonly Column[], as: NamedColumns, where: string): Column[] {
  return byName(columns, [...as.labels, ...as.weights, ...as.features], where, as.from);
}

function labelFirst(columns: readonly Column[], label: string | undefined, where: string): readonly Column[] {
  if (label === undefined) return columns;
  const own = columns.find(({ name }) => name === label);
  if (own) return [own, ...columns.filter((column) => column !== own)];
  const names = columns.slice(0, SHOWN_NAMES).map(({ name }) => quoteValue(name));
  const more = columns.length > SHOWN_NAMES ? ` and ${columns.length - SHOWN_NAMES} more` : '';
  throw columnsError(
    where,
    `the column ${quoteValue(label)}, which the content type names as the label, must exist; received ${names.join(', ')}${more}`,
  );
}

function byName(columns: readonly Column[], names: readonly string[], where: string, from: string): Column[] {
  const received = columns.map(({ name }) => name);
  return matchNames(received, names, where, from).map((position) => columns[position]!);
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

function tooFew(where: string, received: number, { labelCount, hasWeights }: ExpectedColumns): ClientError {
  const leadCount = labelCount + Number(hasWeights ?? false);
  const lead = [labelCount && `${labelCount} label${labelCount > 1 ? 's' : ''}`, hasWeights && '1 weight'];
  const parts = [...lead, '1 feature'].filter(Boolean).join(', ');
  return columnsError(where, `expected at least ${leadCount + 1} columns (${parts}); received ${received}`);
}

function columnsError(where: string, sentence: string): ClientError {
  return new ClientError('E_DATA_COLUMNS', `${where}: ${sentence}.`);
}
