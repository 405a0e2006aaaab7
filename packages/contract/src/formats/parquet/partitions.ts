/**
 * Columns in folder names, as Hive, Spark and pandas write them: `y=0/month=2/part-1.parquet`. They come after
 * those of the file, as in pyarrow's data sets. Both parts may be percent-encoded.
 */
import { ClientError } from '../../errors.js';
import type { ColumnValues } from '../block.js';
import { isMissingText } from '../categories/missing.js';
import { quoteValue } from '../place.js';

/** A column with one value in all rows of a file. */
export interface PartitionColumn {
  readonly name: string;
  /** As messages name it: `folder "y=0"`. */
  readonly label: string;
  /** NaN where it is missing, or where its text is no number. */
  readonly value: number;
  /** Undefined where it is missing. */
  readonly text: string | undefined;
}

/** The name of a column that the folder stands for; undefined for any other folder. */
export function partitionName(folder: string): string | undefined {
  const at = folder.indexOf('=');
  return at > 0 ? decode(folder.slice(0, at)) : undefined;
}

/**
 * The columns of the folders in `path`, from the outermost.
 * @param path of the file, relative to its channel
 * @param own columns of the file itself, which keep their position if a folder has the same name
 * @param where as messages name the file
 * @param acceptsText whether values may be text
 * @throws ClientError E_DATA_NUMBER for a value that is not a number
 */
export function partitionColumns(
  path: string,
  own: ReadonlySet<string>,
  where: string,
  acceptsText: boolean,
): PartitionColumn[] {
  const columns: PartitionColumn[] = [];
  for (const { name, label, text } of foldersOf(path)) {
    if (own.has(name)) continue;
    if (columns.some((column) => column.name === name)) {
      throw new ClientError('E_DATA_FORMAT', `${where}: its ${label} names the same column as a parent folder.`);
    }
    const value = acceptsText && !NUMBER.test(text) ? Number.NaN : numberOf(text, label, where);
    columns.push({ name, label, value, text: text === MISSING ? undefined : text });
  }
  return columns;
}

/** Whether the value of a column in folder names is text. */
export function isTextFolder({ text }: Pick<PartitionColumn, 'text'>): boolean {
  return text !== undefined && !isMissingText(text) && !NUMBER.test(text);
}

/** What the folders in `path` say of a column `name` that the file has as well; undefined for nothing that is a number. */
export function repeatedColumn(path: string, name: string): PartitionColumn | undefined {
  const folder = foldersOf(path).find((one) => one.name === name && (one.text === MISSING || NUMBER.test(one.text)));
  if (!folder) return undefined;
  const { label, text } = folder;
  return text === MISSING
    ? { name, label, value: Number.NaN, text: undefined }
    : { name, label, value: Number(text), text };
}

/**
 * Holds the values of a column to what its folder says of all of them: some readers take the one, some the other.
 * @throws ClientError E_DATA_FORMAT for the first that differs
 */
export function checkRepeated(
  { values, offset, stride, rows }: ColumnValues,
  { label, folder }: { readonly label: string; readonly folder: PartitionColumn },
  place: (row: number) => string,
): void {
  const expected = values instanceof Float32Array ? Math.fround(folder.value) : folder.value;
  for (let row = 0, at = offset; row < rows; row++, at += stride) {
    const value = values[at]!;
    if (value === expected || (Number.isNaN(value) && Number.isNaN(expected))) continue;
    const [is, received] = [expected, value].map((one) => (Number.isNaN(one) ? 'missing' : String(one)));
    throw new ClientError(
      'E_DATA_FORMAT',
      `${place(row)} ${label}: the value must be ${is}, as its ${folder.label} says (Hive partition); received ${received}. Correct one of them.`,
    );
  }
}

// --- internal ---

/** What Hive writes for a missing value. */
const MISSING = '__HIVE_DEFAULT_PARTITION__';
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The folders of partitions in `path`, from the outermost. */
function foldersOf(path: string) {
  return path
    .split('/')
    .slice(0, -1)
    .flatMap((folder) => {
      const name = partitionName(folder);
      const text = decode(folder.slice(folder.indexOf('=') + 1));
      return name === undefined ? [] : [{ name, label: `folder ${quoteValue(folder)}`, text }];
    });
}

function numberOf(text: string, label: string, where: string): number {
  if (text === MISSING) return Number.NaN;
  if (NUMBER.test(text)) return Number(text);
  throw new ClientError(
    'E_DATA_NUMBER',
    `${where}: its ${label} is a column (Hive partition) and must hold a number; received ${quoteValue(text)}. Encode the value, or move the files to a folder without "=".`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
