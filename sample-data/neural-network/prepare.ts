/**
 * Cuts the sample data of neural networks from `source/digits.csv`: training and validation rows, a batch input, ten
 * real-time inputs and the profile that says how they are run. The same seed gives the same bytes.
 *
 *   node sample-data/neural-network/prepare.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DataFrame, readCSV } from 'danfojs-node';
import { shuffledIndices } from '../shuffle.ts';

const SEED = 7;
const TARGET = 'digit';
/** Of the 1,797 rows; what is left are the inference rows, whose target no file shows. */
const TRAIN_ROWS = 1257;
const VALIDATION_ROWS = 180;

/** The content of every made file, by its path in this folder. */
export async function sampleFiles(): Promise<ReadonlyMap<string, string>> {
  const table = await readCSV(join(import.meta.dirname, 'source', 'digits.csv'));
  const shuffled = table.iloc({ rows: shuffledIndices(table.shape[0], SEED) });
  const train = slice(shuffled, 0, TRAIN_ROWS);
  const validation = slice(shuffled, TRAIN_ROWS, TRAIN_ROWS + VALIDATION_ROWS);
  const inference = features(slice(shuffled, TRAIN_ROWS + VALIDATION_ROWS, shuffled.shape[0]));

  const files = new Map([
    ['train/train.csv', csv(rowsOf(train))],
    ['validation/validation.csv', csv(rowsOf(validation))],
    ['inference/batch/input.csv', csv(rowsOf(inference))],
  ]);
  const requests = realTimeRequests(rowsOf(inference));
  for (const request of requests) files.set(request.input, request.body);
  files.set('validation-profile.json', `${JSON.stringify(validationProfile(requests), null, 2)}\n`);
  return files;
}

// --- internal ---

type Rows = readonly (readonly number[])[];

interface RealTimeRequest {
  /** Path of the body in this folder. */
  readonly input: string;
  readonly body: string;
  readonly contentType: string;
  readonly accept: string;
  /** Path of the answer that a model trained on `train` gives. */
  readonly expectedOutput: string;
}

/**
 * Ten requests over the inference rows in order: each format in and out, one row and several, the outputs that a request
 * may ask for, and what clients are known to send (a charset, CRLF, both shapes of an instance).
 */
function realTimeRequests(inference: Rows): readonly RealTimeRequest[] {
  const left = [...inference];
  const take = (count: number): Rows => left.splice(0, count);
  const crlf = (rows: Rows) => csv(rows).replaceAll('\n', '\r\n');
  return [
    request('01.csv', csv(take(1)), 'text/csv', 'text/csv'),
    request('02.csv', csv(take(3)), 'text/csv', 'text/csv'),
    request('03.csv', csv(take(5)), 'text/csv; charset=utf-8', 'application/json'),
    request('04.csv', csv(take(2)), 'text/csv', 'text/csv;output="predicted_label,probability"'),
    request('05.csv', crlf(take(2)), 'text/csv', 'application/jsonlines;output="labels,probabilities"'),
    request('06.json', json(take(1), flatInstance), 'application/json', 'application/json'),
    request('07.json', json(take(4), flatInstance), 'application/json', 'application/json;output=predicted_label'),
    request('08.json', json(take(2), nestedInstance), 'application/json', 'text/csv;output=probabilities'),
    request('09.jsonl', jsonLines(take(1), flatInstance), 'application/jsonlines', 'application/jsonlines'),
    request(
      '10.jsonl',
      jsonLines(take(5), nestedInstance),
      'application/jsonlines',
      'application/jsonlines;output="predicted_label,probability"',
    ),
  ];
}

function request(name: string, body: string, contentType: string, accept: string): RealTimeRequest {
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

/** How the files are run, and what must come out. */
function validationProfile(requests: readonly RealTimeRequest[]): object {
  return {
    trainingJob: {
      hyperparameters: {
        objective: 'multiclass',
        num_classes: '10',
        input_shape: '8,8,1',
        convolution_filters: '32,64',
        hidden_units: '128',
        activation: 'swish',
        dropout: '0.3',
        optimizer: 'sgd',
        learning_rate: '0.05',
        lr_schedule: 'cosine',
        epochs: '30',
        seed: '7',
      },
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
    // Backends round differently, and training carries it on: seen were 0.0002.
    relativeTolerance: 0.01,
    metricBounds: { 'validation:accuracy': { atLeast: 0.98 }, 'validation:loss': { atMost: 0.06 } },
  };
}

function slice(table: DataFrame, from: number, to: number): DataFrame {
  return table.iloc({ rows: [`${from}:${to}`] });
}

function features(table: DataFrame): DataFrame {
  return table.drop({ columns: [TARGET] });
}

function rowsOf(table: DataFrame): Rows {
  return table.values as Rows;
}

/** As SageMaker has it: no header, and in training the label first, which is where the source table has it. */
function csv(rows: Rows): string {
  return rows.map((row) => `${row.join(',')}\n`).join('');
}

type Instance = (row: readonly number[]) => object;

const flatInstance: Instance = (row) => ({ features: row });
const nestedInstance: Instance = (row) => ({ data: { features: { values: row } } });

function json(rows: Rows, instance: Instance): string {
  return `${JSON.stringify({ instances: rows.map(instance) })}\n`;
}

function jsonLines(rows: Rows, instance: Instance): string {
  return rows.map((row) => `${JSON.stringify(instance(row))}\n`).join('');
}

if (import.meta.main) {
  for (const [path, content] of await sampleFiles()) {
    const target = join(import.meta.dirname, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    console.log(`wrote ${path}, ${content.length} bytes`);
  }
}
