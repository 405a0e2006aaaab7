/**
 * float32 rows, requested by the definition: each reader writes them directly, with the same values and the same
 * errors.
 */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { isSparse } from '../../src/formats/block.js';
import type { RequestReader } from '../../src/formats/format.js';
import { REQUEST_FORMATS } from '../../src/formats/formats.js';
import { createJob, type Job } from '../channels/job.js';
import { part as frame, record } from './recordio-records.js';

const policy = { missingValues: 'accept', infiniteValues: 'refuse', range: 'float32' } as const;

const numbers = [0.1, -2.7, 1e-46, 3e38, 16777217, -0, 1 / 3, 5e-324];
const dense = frame(record({ kind: 'float64', values: numbers }, { kind: 'float64', values: [] }));
const BODIES = [
  ['text/csv', Buffer.from(`${numbers.join(',')}\n`)],
  ['application/json', Buffer.from(JSON.stringify({ instances: [numbers] }))],
  ['application/jsonlines', Buffer.from(`${JSON.stringify(numbers)}\n`)],
  ['text/libsvm', Buffer.from(`${numbers.map((value, i) => `${i}:${value}`).join(' ')}\n`)],
  ['application/x-recordio-protobuf', dense],
] as const;

const readers = new Map(await Promise.all(REQUEST_FORMATS.map(readerOf)));

async function readerOf({ type, request }: { readonly type: string; readonly request: RequestReader }) {
  return [type, await request.load()] as const;
}

function read(type: string, body: Uint8Array, precision?: 'float32', featureCount = numbers.length) {
  const block = readers.get(type)!(
    body,
    { type, parameters: {} },
    { featureCount, policy, ...(precision && { precision }) },
  )!;
  return isSparse(block) ? block.values : block.features;
}

describe('rows of a request in float32', () => {
  it.each(BODIES)('in %s are those in float64, rounded once', (type, body) => {
    const rounded = Float32Array.from(read(type, body));

    const found = read(type, body, 'float32');

    expect(found).toBeInstanceOf(Float32Array);
    expect(found).toEqual(rounded);
  });

  it('in application/x-parquet are those in float64, rounded once, in one group or several', () => {
    const type = 'application/x-parquet';
    const body = readFileSync(new URL('../fixtures/parquet/checksum.parquet', import.meta.url));
    const columns = 2;
    const rounded = Float32Array.from(read(type, body, undefined, columns));

    expect(read(type, body, 'float32', columns)).toEqual(rounded);
  });

  it.each(['[[1,1e39]]', '{"instances":[{"data":{"features":{"keys":[1],"shape":[2],"values":[1e39]}}}]}'])(
    'name a number of %s as it was written where float32 cannot hold it',
    (text) => {
      expect(() => read('application/json', Buffer.from(text), 'float32', 2)).toThrow(
        /request row 1 column 2.*1e\+?39/,
      );
    },
  );
});

describe('a channel of a definition with precision float32', () => {
  let job: Job;
  afterEach(() => job.remove());

  it('gives float32 blocks without being asked, and float64 where it is', async () => {
    job = createJob();
    job.put({ 'train/a.csv': '1,0.1,0.2\n0,0.3,0.4\n' });
    const { train } = job.open({ train: {} }, { precision: 'float32' });

    for await (const { features } of train!.blocks()) expect(features).toEqual(Float32Array.of(0.1, 0.2, 0.3, 0.4));
    for await (const { features } of train!.blocks({ precision: 'float64' }))
      expect(features).toEqual(Float64Array.of(0.1, 0.2, 0.3, 0.4));
  });
});
