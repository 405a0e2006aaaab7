/**
 * Columns that stand in folder names, as Hive, Spark and pandas write them: `y=0/month=2/part-1.parquet`. They come after
 * those of the file, as in pyarrow's data sets. Both parts may be percent-encoded.
 */
import { ClientError } from '../../errors.js';
import { quoteValue } from '../csv/fields.js';

/** A column with one value in all rows of a file. */
export interface PartitionColumn {
  readonly name: string;
  /** As messages name it: `folder "y=0"`. */
  readonly label: string;
  /** NaN where it is missing. */
  readonly value: number;
}

/**
 * The columns of the folders in `path`, from the outermost.
 * @param path of the file, relative to its channel
 * @param own columns of the file itself, which stand where a folder has the same name
 * @param where as messages name the file
 * @throws ClientError E_DATA_NUMBER for a value that is not a number
 */
export function partitionColumns(path: string, own: ReadonlySet<string>, where: string): PartitionColumn[] {
  const columns: PartitionColumn[] = [];
  for (const folder of path.split('/').slice(0, -1)) {
    const at = folder.indexOf('=');
    const name = decode(folder.slice(0, at));
    if (at <= 0 || own.has(name)) continue;
    const label = `folder ${quoteValue(folder)}`;
    if (columns.some((column) => column.name === name)) {
      throw new ClientError('E_DATA_FORMAT', `${where}: its ${label} names a column that a folder above names too.`);
    }
    columns.push({ name, label, value: numberOf(decode(folder.slice(at + 1)), label, where) });
  }
  return columns;
}

// --- internal ---

/** What Hive writes for a missing value. */
const MISSING = '__HIVE_DEFAULT_PARTITION__';
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

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
