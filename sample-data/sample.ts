/**
 * What the sample data of every algorithm is cut into: training and validation rows, a batch input, ten real-time inputs
 * and the profile that says how they are run. The same seed gives the same bytes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DataFrame, readCSV } from 'danfojs-node';
import { shuffledIndices } from './shuffle.ts';

/** Values of a row; null is missing. */
export type Cell = number | null;
export type Rows = readonly (readonly Cell[])[];

export interface SampleOptions {
  /** The table, target first. */
  readonly source: string;
  readonly target: string;
  readonly seed: number;
  /** What is left over are the inference rows, whose target no file shows. */
  readonly trainRows: number;
  readonly validationRows: number;
  /** Real-time requests over the inference rows, which `take` gives in order. */
  requests(take: (count: number) => Rows): readonly RealTimeRequest[];
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** How much the answers' numbers may differ from the stored ones. */
  readonly relativeTolerance: number;
  readonly metricBounds: Readonly<Record<string, { readonly atLeast: number } | { readonly atMost: number }>>;
}

export interface RealTimeRequest {
  /** Path of the body in the sample's folder. */
  readonly input: string;
  readonly body: string;
  readonly contentType: string;
  readonly accept: string;
  /** Path of the answer that a model trained on `train` gives. */
  readonly expectedOutput: string;
}

/** The content of every made file, by its path in the sample's folder. */
export async function cutSample(options: SampleOptions): Promise<ReadonlyMap<string, string>> {
  const { source, target, seed, trainRows, validationRows } = options;
  const table = await readCSV(source);
  const rowCount = table.index.length;
  const shuffled = table.iloc({ rows: shuffledIndices(rowCount, seed) });
  const part = (from: number, to: number) => shuffled.iloc({ rows: [`${from}:${to}`] });
  const train = part(0, trainRows);
  const validation = part(trainRows, trainRows + validationRows);
  const inference = part(trainRows + validationRows, rowCount).drop({ columns: [target] });

  const files = new Map([
    ['train/train.csv', csv(rowsOf(train))],
    ['validation/validation.csv', csv(rowsOf(validation))],
    ['inference/batch/input.csv', csv(rowsOf(inference))],
  ]);
  const left = [...rowsOf(inference)];
  const requests = options.requests((count) => left.splice(0, count));
  for (const request of requests) files.set(request.input, request.body);
  files.set('validation-profile.json', `${JSON.stringify(validationProfile(options, requests), null, 2)}\n`);
  return files;
}

/** @param name of the file with the body, such as `04.csv` */
export function request(name: string, body: string, contentType: string, accept: string): RealTimeRequest {
  const number = name.slice(0, name.indexOf('.'));
  const extension = { 'text/csv': 'csv', 'application/json': 'json', 'application/jsonlines': 'jsonl' };
  const type = accept.split(';')[0] as keyof typeof extension;
  return {
    input: `inference/real-time/${name}`,
    body,
    contentType,
    accept,
    expectedOutput: `inference/real-time-output/${number}.${extension[type]}`,
  };
}

/** As SageMaker has it: no header, and in training the label first, which is where the source tables have it. */
export function csv(rows: Rows): string {
  return rows.map((row) => `${row.join(',')}\n`).join('');
}

/** The two shapes of an instance that clients send. */
export type Instance = (row: readonly Cell[]) => object;
export const flatInstance: Instance = (row) => ({ features: row });
export const nestedInstance: Instance = (row) => ({ data: { features: { values: row } } });

export function json(rows: Rows, instance: Instance): string {
  return `${JSON.stringify({ instances: rows.map(instance) })}\n`;
}

export function jsonLines(rows: Rows, instance: Instance): string {
  return rows.map((row) => `${JSON.stringify(instance(row))}\n`).join('');
}

/** Writes the files of a sample into its folder and says which. */
export function writeSample(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [path, content] of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    console.log(`wrote ${path}, ${content.length} bytes`);
  }
}

// --- internal ---

/** How the files are run, and what must come out. */
function validationProfile(
  { hyperparameters, relativeTolerance, metricBounds }: SampleOptions,
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
    transformJob: {
      input: 'inference/batch',
      contentType: 'text/csv',
      accept: 'text/csv',
      splitType: 'Line',
      assembleWith: 'Line',
      batchStrategy: 'MultiRecord',
      maxPayloadInMB: 6,
      expectedOutput: 'inference/batch-output',
    },
    realTime: requests.map(({ body: _, ...entry }) => entry),
    relativeTolerance,
    metricBounds,
  };
}

function rowsOf(table: DataFrame): Rows {
  return table.values as Rows;
}
