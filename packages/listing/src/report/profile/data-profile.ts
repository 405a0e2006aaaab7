/**
 * The columns of the training data in numbers: type, missing values, range, distribution. danfojs-node reads the table and
 * computes; it is loaded here alone, since it takes a second or two.
 */
import { listFiles, mediaTypeOf, messageOf } from '@algo/local';
import type { Series } from 'danfojs-node';
import { type Bin, binsOf } from '../charts/histogram.js';
import { hasHeader } from '../evaluation/hold-out.js';
import { Left } from '../evaluation/left.js';
import type { ValidationRecord } from '../record.js';

export interface DataProfile {
  /** Channel whose files these are. */
  readonly channel: string;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  /** The label first. */
  readonly columns: readonly ColumnProfile[];
}

export interface ColumnProfile {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'text' | 'empty';
  readonly missing: number;
  readonly distinct: number;
  /** Undefined for text. */
  readonly range?: {
    readonly min: number;
    readonly median: number;
    readonly mean: number;
    readonly max: number;
    readonly deviation: number;
  };
  /** Of numbers. */
  readonly bins: readonly Bin[];
  /** The most frequent values, most frequent first: of text, and of numbers with few different ones. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
}

/** @throws Left for a model package, and for data that is no CSV */
export async function profileData(record: ValidationRecord): Promise<DataProfile> {
  const { trainingJob, columnNames } = record.profile;
  if (!trainingJob) throw new Left('a model package has no training data in its validation.');
  const channel =
    ['train', 'training'].find((name) => trainingJob.channels[name]) ?? Object.keys(trainingJob.channels)[0];
  const input = channel === undefined ? undefined : trainingJob.channels[channel];
  if (channel === undefined || !input) throw new Left('the training job has no channel.');
  const { path, contentType = 'text/csv', compressionType = 'None' } = input;
  if (mediaTypeOf(contentType) !== 'text/csv' || compressionType !== 'None') {
    const packed = compressionType === 'None' ? '' : `, ${compressionType}`;
    throw new Left(`the channel ${channel} is ${contentType}${packed}; only plain text/csv is read here.`);
  }
  const files = listFiles(record.input(path), `Channel "${channel}"`);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > MAX_BYTES) throw new Left(`the channel ${channel} has ${bytes} bytes; up to ${MAX_BYTES} are read here.`);
  const table = await readTable(
    files.map((file) => file.path),
    hasHeader(contentType),
  );
  const names = columnNames?.length === table.names.length ? columnNames : table.names;
  const columns = table.columns.map((values, i) => ({ name: names[i]!, ...table.profile(values) }));
  return { channel, rows: table.columns[0]?.length ?? 0, files: files.length, bytes, columns };
}

// --- internal ---

const MAX_BYTES = 200_000_000;
/** A number with more different values than these is no category. */
const CATEGORIES = 20;
const LISTED = 20;

interface Table {
  readonly names: readonly string[];
  /** Cells by column; danfo has null for an empty field. */
  readonly columns: readonly (readonly unknown[])[];
  profile(cells: readonly unknown[]): Omit<ColumnProfile, 'name'>;
}

/** Several files are one table. @throws Left where they have different numbers of columns, or none */
async function readTable(paths: readonly string[], hasNames: boolean): Promise<Table> {
  const { readCSV, Series } = await import('danfojs-node');
  const options = { header: hasNames, frameConfig: {} }; // its types lack what papaparse takes
  const names: string[] = [];
  const columns: unknown[][] = [];
  for (const path of paths) {
    const frame = await readCSV(path, options).catch((error) => {
      throw new Left(`the training data cannot be read as a table: ${messageOf(error)}.`);
    });
    if (columns.length === 0) {
      for (const [i, name] of frame.columns.entries()) {
        names.push(hasNames ? String(name) : i === 0 ? 'label' : `feature ${i}`);
        columns.push([]);
      }
    }
    if (frame.columns.length !== columns.length)
      throw new Left('the training files have different numbers of columns.');
    for (const [i, name] of frame.columns.entries()) {
      for (const cell of frame.column(name).values) columns[i]!.push(cell);
    }
  }
  if (columns.length === 0) throw new Left('the training data has no columns.');
  return { names, columns, profile: (cells) => profileColumn(cells, (values) => new Series([...values])) };
}

type ToSeries = (values: readonly (number | string)[]) => Series;

function profileColumn(cells: readonly unknown[], toSeries: ToSeries): Omit<ColumnProfile, 'name'> {
  const present = cells.filter((cell) => cell !== null && cell !== undefined && !Number.isNaN(cell) && cell !== '');
  const missing = cells.length - present.length;
  if (present.length === 0) return { type: 'empty', missing, distinct: 0, bins: [], values: [] };
  if (!isNumbers(present)) {
    const texts = toSeries(present.map(String));
    return { type: 'text', missing, distinct: texts.nUnique(), bins: [], values: frequent(texts) };
  }
  const series = toSeries(present);
  const distinct = series.nUnique();
  const [min, median, mean, max] = [series.min(), series.median(), series.mean(), series.max()];
  return {
    type: present.every(Number.isInteger) ? 'integer' : 'number',
    ...{ missing, distinct },
    range: { min, median, mean, max, deviation: present.length > 1 ? series.std() : 0 },
    bins: binsOf(present),
    values: distinct <= CATEGORIES ? frequent(series) : [],
  };
}

function isNumbers(cells: readonly unknown[]): cells is readonly number[] {
  return cells.every((cell) => typeof cell === 'number');
}

function frequent(series: Series): ColumnProfile['values'] {
  const counts = series.valueCounts();
  return counts.index
    .map((value, i) => ({ value: String(value), count: Number(counts.values[i]) }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, LISTED);
}
