/** Bodies that are answered part by part: the same answers as whole ones, in every format, wherever they are cut. */
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import { memoryLog } from '../../src/log.js';
import { createPartReader } from '../../src/serve/body-stream/body-parts.js';
import { frameCutter, lineCutter } from '../../src/serve/body-stream/cutter.js';
import { streamBody } from '../../src/serve/body-stream/stream-body.js';
import { createStreamPlanner } from '../../src/serve/body-stream/stream-plan.js';
import type { InvocationRequest } from '../../src/serve/message.js';
import { loadInvocation } from '../../src/serve/model-loading.js';
import { joined, type Pieces } from '../../src/serve/pieces.js';
import type { RequestHead } from '../../src/serve/worker-message.js';
import { part, record } from '../formats/recordio-records.js';
import { environmentOf, makeModelRoot, ROW_TYPES, sumAlgorithm } from './sum-algorithm.js';

const sourceOf = (body: Buffer, chunkBytes: number) => {
  let at = 0;
  return {
    async next() {
      const bytes = body.subarray(at, at + chunkBytes);
      at += bytes.length;
      return bytes.length > 0 ? bytes : undefined;
    },
  };
};

/** A service without sockets, whose parts are small. */
async function open(overrides: Partial<Algorithm> = {}, variables: Record<string, string> = {}) {
  const root = makeModelRoot();
  onTestFinished(root.remove);
  const log = memoryLog();
  const algorithm = sumAlgorithm({ contentTypes: ROW_TYPES, ...overrides });
  const streamed = { SAGEMAKER_BATCH: 'true', SAGEMAKER_MAX_PAYLOAD_IN_MB: '0', ...variables };
  const environment = environmentOf(root, streamed);
  const plan = createStreamPlanner(algorithm, environment.serving)!;
  const { invoke } = await loadInvocation(algorithm, environment, log);
  const send = async (body: Buffer | string, contentType: string, accept = 'text/csv', encoding?: string) => {
    const head: RequestHead = { contentType, contentEncoding: encoding, accept, customAttributes: undefined };
    const options = {
      invoke: ({ body, ...request }: InvocationRequest<Pieces>) => invoke({ ...request, body: joined(body) }),
      ahead: 3,
      partBytes: 500,
    };
    const answer = await streamBody(head, plan(head)!, sourceOf(Buffer.from(body), 199), options);
    const pieces = answer.body instanceof Uint8Array ? [answer.body] : [...answer.body];
    for (let next = await answer.rest?.next(); next && !next.done; next = await answer.rest?.next())
      pieces.push(next.value);
    return { status: answer.status, rows: answer.rows, text: Buffer.concat(pieces).toString() };
  };
  return { send, plan, log };
}

const COUNT = 500;
const numbers = Array.from({ length: COUNT }, (_, i) => 1000 + i);
const CSV = numbers.map((n) => `${n},1,0.5\n`).join('');
const sums = numbers.map((n) => n + 1.5);
const predicted = (text: string) => text.trimEnd().split('\n').map(Number);

describe('a body that is answered part by part', () => {
  it.each<[string, string, string | Buffer]>([
    ['CSV', 'text/csv', CSV],
    ['CSV without a last line break', 'text/csv', CSV.trimEnd()],
    ['CSV with a header', 'text/csv; header=present', `a,b,c\n${CSV}`],
    ['CSV that may have a header', 'text/csv; header=auto; charset="utf-8"', `a,b,c\n${CSV}`],
    ['CSV that may have a header and has none', 'text/csv; header=auto', CSV],
    ['JSON Lines', 'application/jsonlines', numbers.map((n) => `{"features":[${n},1,5e-1]}\n`).join('')],
    ['libsvm', 'text/libsvm', numbers.map((n) => `0:${n} 1:1 2:5e-1\n`).join('')],
    [
      'RecordIO',
      'application/x-recordio-protobuf',
      Buffer.concat(numbers.map((n) => part(record({ kind: 'float64', values: [n, 1, 0.5] })))),
    ],
  ])('of %s has the answers of all records', async (_, type, body) => {
    const { send } = await open();

    const answer = await send(body, type);

    expect(predicted(answer.text)).toEqual(sums);
    expect(answer.rows).toBe(COUNT);
  });

  it('is one document of JSON, with blank lines in their places', async () => {
    const { send } = await open();

    const { text } = await send(`\n${CSV}\n`, 'text/csv', 'application/json');

    const { predictions } = JSON.parse(text) as { predictions: ({ score: number } | null)[] };
    expect(text.endsWith(']}\n')).toBe(true);
    expect(predictions.map((one) => one?.score ?? null)).toEqual([null, ...sums, null]);
  });

  it.each(['present', 'auto'])(
    'has blank lines around its header line in their places with header=%s',
    async (header) => {
      const { send } = await open();

      const { text } = await send(`\n \na,b,c\n\n${CSV}\n${CSV}`, `text/csv; header=${header}`);

      expect(text).toBe(`\n\n\n${sums.join('\n')}\n\n${sums.join('\n')}\n`);
    },
  );

  it('is so too where predict gives parts', async () => {
    async function* parts(rows: number, features: Float64Array | Float32Array) {
      for (let row = 0; row < rows; row += 7) {
        yield { score: Float64Array.from({ length: Math.min(7, rows - row) }, (_, i) => features[3 * (row + i)]!) };
      }
    }
    const { send } = await open({ predict: (_, { rows, features }) => parts(rows, features) });

    const { text } = await send(CSV, 'text/csv', 'application/json');

    const { predictions } = JSON.parse(text) as { predictions: { score: number }[] };
    expect(predictions.map(({ score }) => score)).toEqual(numbers);
  });

  it('has placeholders for bad records, and their places in the whole body in the log', async () => {
    const { send, log } = await open({}, { ALGO_BAD_RECORDS: 'placeholder' });

    const { text } = await send(`\n${CSV}x,1,2\n${CSV}`, 'text/csv');

    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(2 * COUNT + 2);
    expect(lines[COUNT + 1]).toBe('ERROR');
    expect(log.lines.join('\n')).toContain(`request row ${COUNT + 2} column 1: expected a number (E_DATA_NUMBER)`);
  });

  it.each(['present', 'auto'])(
    'has its header line with header=%s also where nothing else of the first part is good',
    async (header) => {
      const { send } = await open({}, { ALGO_BAD_RECORDS: 'placeholder' });
      const bad = 'x,1,2\n'.repeat(200);

      const { text } = await send(`a,b,c\n1,2,3\n${bad}${CSV}`.replace('1,2,3', 'y,2,3'), `text/csv; header=${header}`);

      const lines = text.trimEnd().split('\n');
      expect(lines.slice(0, 201)).toEqual(Array(201).fill('ERROR'));
      expect(lines.slice(201).map(Number)).toEqual(sums);
    },
  );

  it('is cut by a bad record behind the first part, whose place in the whole body is in the error', async () => {
    const { send } = await open();
    const records = numbers.map((n) => part(record({ kind: 'float64', values: n === 1400 ? [n] : [n, 1, 0.5] })));

    await expect(send(`a,b,c\n${CSV}x,1,2\n`, 'text/csv; header=present')).rejects.toThrow(
      `request row ${COUNT + 1} column 1 "a": expected a number`,
    );
    await expect(send(Buffer.concat(records), 'application/x-recordio-protobuf')).rejects.toThrow(
      `request record 401 at byte ${400 * records[0]!.length}: expected 3 features`,
    );
  });

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('of %s is unpacked while it comes, all of it', async (coding, pack) => {
    const { send } = await open();
    const ask = (body: Buffer | string) => send(body, 'text/csv', 'text/csv', coding);
    const half = CSV.indexOf('\n', CSV.length / 2) + 1;
    const [first, second] = [pack(CSV.slice(0, half)), pack(CSV.slice(half))];

    for (const body of [pack(CSV), Buffer.concat([first, second])]) {
      expect(predicted((await ask(body)).text)).toEqual(sums);
    }
    for (const body of [CSV, '', first.subarray(0, -1)]) {
      await expect(ask(body)).rejects.toThrow(
        `request: the body must be ${coding} as Content-Encoding says; it is damaged.`,
      );
    }
    await expect(ask(Buffer.concat([first, Buffer.alloc(1), Buffer.from('1,2,3\n')]))).rejects.toThrow(
      `request: only ${coding} may follow the ${coding} of a body; received other bytes.`,
    );
  });

  it('of gzip has members behind NUL bytes, too', async () => {
    const { send } = await open();
    const half = CSV.indexOf('\n', CSV.length / 2) + 1;
    const members = [gzipSync(CSV.slice(0, half)), Buffer.alloc(500), gzipSync(CSV.slice(half)), Buffer.alloc(9)];

    expect(predicted((await send(Buffer.concat(members), 'text/csv', 'text/csv', 'gzip')).text)).toEqual(sums);
  });

  it.each([
    ['a document of JSON', 'application/json', 'text/csv'],
    ['an answer of .npy', 'text/csv', 'application/x-npy'],
    ['an unknown type', 'image/png', 'text/csv'],
    ['an answer of an unknown type', 'text/csv', 'image/png'],
  ])('is not possible for %s, which is read as a whole', async (_, contentType, accept) => {
    const { plan } = await open();

    expect(plan({ contentType, contentEncoding: undefined, accept, customAttributes: undefined })).toBeUndefined();
  });
});

it('answers follow in the order of the parts, whichever is ready first, and a busy one is asked for again', async () => {
  const source = sourceOf(Buffer.from('1\n2\n3\n4\n5\n'), 2);
  const later = Promise.withResolvers<void>();
  const asked: string[] = [];
  const invoke = async ({ body }: InvocationRequest<Pieces>) => {
    const text = Buffer.concat(body).toString();
    const isAgain = asked.includes(text);
    asked.push(text);
    if (text === '2\n') await later.promise;
    if (text === '4\n') later.resolve();
    const isBusy = text === '3\n' && !isAgain;
    return { status: isBusy ? 503 : 200, headers: {}, body: Buffer.from(text) };
  };
  const plan = {
    packing: undefined,
    createCutter: lineCutter,
    header: 'absent',
    headless: '',
    frame: undefined,
    contentType: '',
  } as const;
  const head = { contentType: 'text/csv', contentEncoding: undefined, accept: undefined, customAttributes: undefined };

  const { rest } = await streamBody(head, plan, source, { invoke, ahead: 3, partBytes: 1 });
  let text = '';
  for (let next = await rest!.next(); !next.done; next = await rest!.next()) text += Buffer.from(next.value);

  expect(text).toBe('1\n2\n3\n4\n5\n');
  expect(asked.filter((one) => one === '3\n')).toHaveLength(2);
});

describe('parts of a body', () => {
  const partsOf = async (body: Buffer, chunkBytes: number, createCutter: typeof lineCutter) => {
    const nextPart = createPartReader(sourceOf(body, chunkBytes), createCutter(), 1000);
    const parts = [];
    for (let one = await nextPart(); one; one = await nextPart())
      parts.push({ ...one, body: Buffer.concat(one.pieces) });
    return parts;
  };

  it.each([1, 100, 10_000])('are whole records, and all of them, from chunks of %i bytes', async (bytes) => {
    const parts = await partsOf(Buffer.from(CSV), bytes, lineCutter);

    expect(Buffer.concat(parts.map(({ body }) => body)).toString() === CSV).toBe(true);
    expect(parts.every(({ body }) => body.at(-1) === 10)).toBe(true);
    for (const { recordsBefore, bytesBefore } of parts) {
      expect(CSV.slice(0, bytesBefore).split('\n').length - 1).toBe(recordsBefore);
    }
  });

  it('of RecordIO count records, also those that are in pieces of one byte', async () => {
    const frames = Buffer.concat([1, 2, 3].map((n) => part(record({ kind: 'float64', values: [n] }))));
    const cutter = frameCutter();
    const ends: number[] = [];
    for (let at = 0; at < frames.length; at++) if (cutter.see(frames.subarray(at, at + 1)) >= 0) ends.push(at + 1);

    expect(cutter.records).toBe(3);
    expect(ends).toEqual([frames.length / 3, (2 * frames.length) / 3, frames.length]);
    expect(frameCutter().see(Buffer.from('no frame at all'))).toBe(15);
  });

  it('with a record beyond every limit are refused', async () => {
    const bytes = Buffer.alloc(8 * 1024 * 1024, 0x31);
    const endless = { next: async () => bytes };
    const next = createPartReader(endless, { records: 0, see: () => -1 });

    await expect(next()).rejects.toThrow('request record 1: a record must have at most 67108864 bytes; received more.');
  });
});
