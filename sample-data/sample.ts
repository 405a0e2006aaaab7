/**
 * What the sample data of every algorithm is cut into: training and validation rows, batches, real-time requests and the
 * profile that says how they are run. The same seed gives the same bytes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DataFrame, readCSV } from 'danfojs-node';
import { type Batch, csvBatch, type MoreBatch, moreBatches } from './batches.ts';
import type { Row, Rows } from './formats/rows.ts';
import { csv } from './formats/text.ts';
import { type MoreRequest, type RealTimeRequest, type RequestOptions, realTimeRequests } from './requests.ts';
import { shuffledIndices } from './shuffle.ts';

export interface SampleOptions extends RequestOptions {
  /** The table or its CSV file, target first. */
  readonly source: string | DataFrame;
  readonly target: string;
  readonly seed: number;
  /** What is left over are the inference rows, whose target no file shows. */
  readonly trainRows: number;
  readonly validationRows: number;
  /** Requests and batches of formats that only this algorithm reads. @param inference the inference rows, @param labels of them */
  readonly own?: (inference: Rows, labels: Row) => Promise<OwnFormats>;
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** How much the answers' numbers may differ from the stored ones. */
  readonly relativeTolerance: number;
  readonly metricBounds: Readonly<Record<string, { readonly atLeast: number } | { readonly atMost: number }>>;
  /** Names of the classes, by their label. */
  readonly classNames?: Readonly<Record<string, string>>;
}

export interface OwnFormats {
  readonly requests: readonly MoreRequest[];
  readonly batches: readonly MoreBatch[];
}

/** Content by path in the sample's folder. */
export type SampleFiles = ReadonlyMap<string, string | Uint8Array>;

/** The content of every made file. */
export async function cutSample(options: SampleOptions): Promise<SampleFiles> {
  const { source, target, seed, trainRows, validationRows } = options;
  const table = typeof source === 'string' ? await readCSV(source) : source;
  const rowCount = table.index.length;
  const shuffled = table.iloc({ rows: shuffledIndices(rowCount, seed) });
  const part = (from: number, to: number) => shuffled.iloc({ rows: [`${from}:${to}`] });
  const rest = part(trainRows + validationRows, rowCount);
  const rows = rowsOf(rest.drop({ columns: [target] }));
  const labels = rest[target].values as Row;
  const inference = { rows, labels, names: table.columns.filter((name) => name !== target) };
  const own = await options.own?.(rows, labels);

  const requests = realTimeRequests(inference, own?.requests ?? [], options);
  const batches = [csvBatch(inference), ...moreBatches(inference, own?.batches ?? [], options)];
  return new Map<string, string | Uint8Array>([
    ['train/train.csv', csv(rowsOf(part(0, trainRows)))],
    ['validation/validation.csv', csv(rowsOf(part(trainRows, trainRows + validationRows)))],
    ...batches.flatMap(({ files }) => [...files]),
    ...requests.map(({ input, body }) => [input, body] as const),
    [
      'validation-profile.json',
      `${JSON.stringify(validationProfile(options, table.columns, batches, requests), null, 2)}\n`,
    ],
  ]);
}

/** Writes the files of a sample into its folder and says which. */
export function writeSample(folder: string, files: SampleFiles): void {
  for (const [path, content] of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    console.log(`wrote ${path}, ${content.length} bytes`);
  }
}

export function rowsOf(table: DataFrame): Rows {
  return table.values as Rows;
}

// --- internal ---

/** How the files are run, and what must come out. */
function validationProfile(
  { hyperparameters, relativeTolerance, metricBounds, classNames }: SampleOptions,
  columnNames: readonly string[],
  [transform, ...more]: readonly Batch[],
  requests: readonly RealTimeRequest[],
): object {
  return {
    trainingJob: {
      hyperparameters,
      channels: {
        train: { path: 'train', contentType: 'text/csv' },
        validation: { path: 'validation', contentType: 'text/csv' },
      },
      inputMode: 'File',
      maxRuntimeInSeconds: 3600,
    },
    transformJob: transform?.job,
    moreTransformJobs: more.map(({ job }) => job),
    realTime: requests.map(({ body: _, ...entry }) => entry),
    relativeTolerance,
    metricBounds,
    columnNames,
    classNames,
  };
}
