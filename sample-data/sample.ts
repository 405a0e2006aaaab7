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
  /** The table or its CSV file, target first. */
  readonly source: string | DataFrame;
  readonly target: string;
  readonly seed: number;
  /** What is left over are the inference rows, whose target no file shows. */
  readonly trainRows: number;
  readonly validationRows: number;
  /** Parameters of Accept, such as the outputs that a real-time request asks for, by the file of its body. */
  readonly acceptParameters?: Readonly<Record<string, string>>;
  /** What becomes of the rows of a real-time request first, by the file of its body. */
  readonly rowChanges?: Readonly<Record<string, (row: readonly Cell[]) => readonly Cell[]>>;
  /** Requests in addition to the ten, of formats that only this algorithm reads. @param inference the inference rows */
  readonly moreRequests?: (inference: Rows) => readonly MoreRequest[];
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** How much the answers' numbers may differ from the stored ones. */
  readonly relativeTolerance: number;
  readonly metricBounds: Readonly<Record<string, { readonly atLeast: number } | { readonly atMost: number }>>;
  /** Names of the classes, by their label. */
  readonly classNames?: Readonly<Record<string, string>>;
}

/** A real-time request of an algorithm's own. */
export interface MoreRequest {
  /** Of the file, such as `11.png`. */
  readonly name: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly accept: keyof typeof EXTENSIONS;
}

interface RealTimeRequest {
  /** Path of the body in the sample's folder. */
  readonly input: string;
  readonly body: string | Uint8Array;
  readonly contentType: string;
  readonly accept: string;
  /** Path of the answer that a model trained on `train` gives. */
  readonly expectedOutput: string;
}

/** Content by path in the sample's folder. */
export type SampleFiles = ReadonlyMap<string, string | Uint8Array>;

/** The content of every made file. */
export async function cutSample(options: SampleOptions): Promise<SampleFiles> {
  const { source, target, seed, trainRows, validationRows, classNames } = options;
  const table = typeof source === 'string' ? await readCSV(source) : source;
  const rowCount = table.index.length;
  const shuffled = table.iloc({ rows: shuffledIndices(rowCount, seed) });
  const part = (from: number, to: number) => shuffled.iloc({ rows: [`${from}:${to}`] });
  const train = part(0, trainRows);
  const validation = part(trainRows, trainRows + validationRows);
  const inference = part(trainRows + validationRows, rowCount).drop({ columns: [target] });

  const files = new Map<string, string | Uint8Array>([
    ['train/train.csv', csv(rowsOf(train))],
    ['validation/validation.csv', csv(rowsOf(validation))],
    ['inference/batch/input.csv', csv(rowsOf(inference))],
  ]);
  const requests = realTimeRequests(rowsOf(inference), options);
  for (const request of requests) files.set(request.input, request.body);
  files.set(
    'validation-profile.json',
    `${JSON.stringify({ ...validationProfile(options, requests), columnNames: table.columns, classNames }, null, 2)}\n`,
  );
  return files;
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

/** As SageMaker has it: no header, and in training the label first, which is where the source tables have it. */
export function csv(rows: Rows): string {
  return rows.map((row) => `${row.join(',')}\n`).join('');
}

export function rowsOf(table: DataFrame): Rows {
  return table.values as Rows;
}

// --- internal ---

/** The two shapes of an instance that clients send. */
type Instance = (row: readonly Cell[]) => object;
const flat: Instance = (row) => ({ features: row });
const nested: Instance = (row) => ({ data: { features: { values: row } } });

const json = (instance: Instance) => (rows: Rows) => `${JSON.stringify({ instances: rows.map(instance) })}\n`;
const jsonLines = (instance: Instance) => (rows: Rows) =>
  rows.map((row) => `${JSON.stringify(instance(row))}\n`).join('');
const crlf = (rows: Rows) => csv(rows).replaceAll('\n', '\r\n');

/**
 * Ten requests over the inference rows in order: each format in and out, one row and several, and what clients are known
 * to send (a charset, CRLF, both shapes of an instance).
 */
const REQUESTS = [
  ['01.csv', 1, csv, 'text/csv', 'text/csv'],
  ['02.csv', 3, csv, 'text/csv', 'text/csv'],
  ['03.csv', 5, csv, 'text/csv; charset=utf-8', 'application/json'],
  ['04.csv', 2, csv, 'text/csv', 'text/csv'],
  ['05.csv', 2, crlf, 'text/csv', 'application/jsonlines'],
  ['06.json', 1, json(flat), 'application/json', 'application/json'],
  ['07.json', 4, json(flat), 'application/json', 'application/json'],
  ['08.json', 2, json(nested), 'application/json', 'text/csv'],
  ['09.jsonl', 1, jsonLines(flat), 'application/jsonlines', 'application/jsonlines'],
  ['10.jsonl', 5, jsonLines(nested), 'application/jsonlines', 'application/jsonlines'],
] as const;

const EXTENSIONS = { 'text/csv': 'csv', 'application/json': 'json', 'application/jsonlines': 'jsonl' } as const;

function realTimeRequests(
  inference: Rows,
  { acceptParameters = {}, rowChanges = {}, moreRequests = () => [] }: SampleOptions,
): readonly RealTimeRequest[] {
  const left = [...inference];
  const common = REQUESTS.map(([name, count, write, contentType, accept]): RealTimeRequest => {
    const rows = left.splice(0, count);
    const change = rowChanges[name];
    const parameters = acceptParameters[name];
    return {
      input: `inference/real-time/${name}`,
      body: write(change ? rows.map(change) : rows),
      contentType,
      accept: parameters === undefined ? accept : `${accept};${parameters}`,
      expectedOutput: outputOf(name, accept),
    };
  });
  const more = moreRequests(inference).map(({ name, ...request }) => ({
    ...request,
    input: `inference/real-time/${name}`,
    expectedOutput: outputOf(name, request.accept),
  }));
  return [...common, ...more];
}

function outputOf(input: string, accept: keyof typeof EXTENSIONS): string {
  return `inference/real-time-output/${input.slice(0, input.indexOf('.'))}.${EXTENSIONS[accept]}`;
}

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
