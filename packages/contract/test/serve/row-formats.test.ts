/** The same rows as a request in every format, and the same predictions as an answer in every format. */
import { expect, it, onTestFinished } from 'vitest';
import { ANSWER_FORMATS, REQUEST_FORMATS } from '../../src/formats/formats.js';
import { writeNpy } from '../../src/formats/npy/write-predictions.js';
import { memoryLog } from '../../src/log.js';
import { encodeRows } from '../../src/testing/encode-rows.js';
import { parquetFixture } from '../channels/job.js';
import { encodePredictions } from '../formats/encode-predictions.js';
import { createHandler } from './in-memory.js';
import { environmentOf, makeModelRoot, sumAlgorithm } from './sum-algorithm.js';

/** Those of the Parquet file. */
const ROWS = [
  [1, 5],
  [2, 6],
  [3, 7],
  [4, 8],
];
const SUMS = Float64Array.from(ROWS, ([a, b]) => a! + b!);
const LAYOUT = { hasFinalNewline: true, gaps: new Map() };

const npy = (values: Float64Array, width: number) =>
  writeNpy({ x: { values, width } }, values.length / width, ['x'], LAYOUT);
const encoded = (type: 'text/csv' | 'application/json' | 'application/jsonlines' | 'application/x-recordio-protobuf') =>
  encodeRows(type, ROWS, { labelCount: 0 });

const REQUESTS: Readonly<Record<string, Uint8Array>> = {
  'application/json': encoded('application/json'),
  'application/jsonlines': encoded('application/jsonlines'),
  'text/csv': encoded('text/csv'),
  'text/libsvm': Buffer.from('0:1 1:5\n0:2 1:6\n0:3 1:7\n0:4 1:8\n'),
  'application/x-parquet': parquetFixture('plain'),
  'application/x-recordio-protobuf': encoded('application/x-recordio-protobuf'),
  'application/x-npy': npy(Float64Array.from(ROWS.flat()), 2),
};

const ANSWERS: Readonly<Record<string, Uint8Array>> = {
  'application/json': Buffer.from('{"predictions":[{"score":6},{"score":8},{"score":10},{"score":12}]}'),
  'application/jsonlines': Buffer.from('{"score":6}\n{"score":8}\n{"score":10}\n{"score":12}\n'),
  'text/csv': Buffer.from('6\n8\n10\n12\n'),
  'application/x-recordio-protobuf': encodePredictions(
    { score: SUMS },
    ROWS.length,
    { score: { description: 'Sum.' } },
    'application/x-recordio-protobuf',
    true,
  ),
  'application/x-npy': npy(SUMS, 1),
};

async function ask(contentType: string, accept: string): Promise<{ status: number; body: Buffer }> {
  const root = makeModelRoot(2);
  onTestFinished(root.remove);
  const contentTypes = { input: [contentType], output: [accept] } as never;
  const algorithm = sumAlgorithm({ contentTypes, values: { missingValues: 'accept', infiniteValues: 'refuse' } });
  const handle = await createHandler(algorithm, environmentOf(root), memoryLog());
  const headers = { 'content-type': contentType, accept };
  const answer = await handle({ method: 'POST', path: '/invocations', headers, body: REQUESTS[contentType]! });
  return { status: answer.status, body: Buffer.from(answer.body) };
}

it.each(REQUEST_FORMATS.map(({ type }) => type))('a request in %s is predicted', async (type) => {
  expect((await ask(type, 'text/csv')).body.toString()).toBe('6\n8\n10\n12\n');
});

it.each(ANSWER_FORMATS.map(({ type }) => type))('an answer in %s has the predictions', async (type) => {
  const { status, body } = await ask('text/csv', type);

  expect(status).toBe(200);
  expect(body.toString('hex')).toBe(Buffer.from(ANSWERS[type]!).toString('hex'));
});
