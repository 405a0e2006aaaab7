/** Bodies of any length in a batch transform with MaxPayloadInMB 0: answered while they come. */
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import { createPartReader, PART_BYTES } from '../../src/serve/body-stream/body-parts.js';
import { frameCutter, lineCutter } from '../../src/serve/body-stream/cutter.js';
import { part, record } from '../formats/recordio-records.js';
import { endServers, openWire, type RunningServer, startServer, untilReady } from './running-server.js';

afterEach(endServers);

const STREAMED = { SAGEMAKER_BATCH: 'true', SAGEMAKER_MAX_PAYLOAD_IN_MB: '0' };
const TYPES = {
  input: ['text/csv', 'application/json', 'application/jsonlines', 'text/libsvm', 'application/x-recordio-protobuf'],
  output: [
    'text/csv',
    'application/json',
    'application/jsonlines',
    'application/x-recordio-protobuf',
    'application/x-npy',
  ],
} as const;

async function start(
  algorithm: Partial<Algorithm> = {},
  variables: Record<string, string> = {},
): Promise<RunningServer> {
  const server = await startServer({
    algorithm: { contentTypes: TYPES, ...algorithm },
    variables: { ...STREAMED, ...variables },
  });
  await untilReady(server);
  return server;
}

/** Sends the body in chunks of a size, without its length. */
async function send(
  { url }: RunningServer,
  body: Buffer,
  contentType: string,
  accept = 'text/csv',
  chunkBytes = 100_003,
) {
  async function* chunks() {
    for (let at = 0; at < body.length; at += chunkBytes) yield body.subarray(at, at + chunkBytes);
  }
  const headers = { 'Content-Type': contentType, Accept: accept };
  const request = { method: 'POST', headers, body: ReadableStream.from(chunks()), duplex: 'half' } as RequestInit;
  const response = await fetch(`${url}/invocations`, request);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Rows whose sums are easy to know, in three parts. */
const COUNT = Math.ceil((2.2 * PART_BYTES) / 17);
const numbers = Array.from({ length: COUNT }, (_, i) => 1_000_000 + i);
const CSV = numbers.map((n) => `${n},1,0.00001\n`).join('');
const sums = numbers.map((n) => n + 1 + 0.00001);
const predicted = (text: string) => text.trimEnd().split('\n').map(Number);

describe('a body without a length in a job with MaxPayloadInMB 0', () => {
  it('of CSV is answered as if it were there as a whole, however it is sent', async () => {
    const server = await start();
    const whole = await send(server, Buffer.from(CSV), 'text/csv');
    const cut = await send(server, Buffer.from(CSV.trimEnd()), 'text/csv', 'text/csv', 4_099);

    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-length')).toBeNull();
    expect(predicted(whole.text)).toEqual(sums);
    expect(cut.text).toBe(whole.text);
    expect(server.lines.filter((line) => line.includes(`rows=${COUNT}`))).toHaveLength(2);
  });

  it.each([
    ['JSON Lines', 'application/jsonlines', numbers.map((n) => `{"features":[${n},1,1e-5]}\n`).join('')],
    ['libsvm', 'text/libsvm', numbers.map((n) => `0:${n} 1:1 2:1e-5\n`).join('')],
  ])('of %s is answered in parts', async (_, type, body) => {
    const answer = await send(await start(), Buffer.from(body), type);

    expect(predicted(answer.text)).toEqual(sums);
  });

  it('of RecordIO is cut between records', async () => {
    const records = Buffer.concat(
      Array.from({ length: 40_000 }, (_, n) => part(record({ kind: 'float64', values: [n, 1, 2] }))),
    );
    const answer = await send(await start(), records, 'application/x-recordio-protobuf');

    expect(records.length).toBeGreaterThan(1.5 * PART_BYTES);
    expect(predicted(answer.text)).toEqual(Array.from({ length: 40_000 }, (_, n) => n + 3));
  });

  it('is one document of JSON, with blank lines in their places', async () => {
    const answer = await send(await start(), Buffer.from(`\n${CSV}\n`), 'text/csv', 'application/json');

    const { predictions } = JSON.parse(answer.text) as { predictions: ({ score: number } | null)[] };
    expect(answer.text.endsWith(']}\n')).toBe(true);
    expect(predictions).toHaveLength(COUNT + 2);
    expect(predictions[0]).toBeNull();
    expect(predictions.slice(1, -1).map((one) => one?.score)).toEqual(sums);
  });

  it.each([
    ['header=present', `a,b,c\n${CSV}`],
    ['header=auto', `a,b,c\n${CSV}`],
    ['header=auto', CSV],
  ])('with %s has its header line once', async (parameter, body) => {
    const answer = await send(await start(), Buffer.from(body), `text/csv; ${parameter}`);

    expect(predicted(answer.text)).toEqual(sums);
  });

  it('of gzip is unpacked while it comes', async () => {
    const server = await start();
    const headers = { 'Content-Type': 'text/csv', 'Content-Encoding': 'gzip', Accept: 'text/csv' };
    const post = async (body: Buffer) => {
      const response = await fetch(`${server.url}/invocations`, {
        method: 'POST',
        headers,
        body: new Uint8Array(body),
      });
      return { status: response.status, text: await response.text() };
    };

    expect(predicted((await post(gzipSync(CSV))).text)).toEqual(sums);
    expect(await post(Buffer.from(CSV))).toMatchObject({
      status: 400,
      text: expect.stringContaining('request: the body must be gzip as Content-Encoding says; it is damaged.'),
    });
  });

  it('that ends within its first part is answered as any other', async () => {
    const server = await start();
    const answer = await send(server, Buffer.from('1,2,3\n'), 'text/csv', 'application/json');

    expect(answer.text).toBe('{"predictions":[{"score":6}]}\n');
    expect(answer.headers.get('content-length')).toBe(String(answer.text.length));
    expect((await send(server, Buffer.alloc(0), 'text/csv')).status).toBe(204);
  });

  it('is answered in parts too where predict gives parts', async () => {
    async function* parts(rows: number, features: Float64Array | Float32Array) {
      for (let row = 0; row < rows; row += 10_000) {
        const end = Math.min(rows, row + 10_000);
        yield { score: Float64Array.from({ length: end - row }, (_, i) => features[3 * (row + i)]!) };
      }
    }
    const predict: Algorithm['predict'] = (_, { rows, features }) => parts(rows, features);
    const answer = await send(await start({ predict }), Buffer.from(CSV), 'text/csv', 'application/json');

    const { predictions } = JSON.parse(answer.text) as { predictions: { score: number }[] };
    expect(predictions.map(({ score }) => score)).toEqual(numbers);
  });

  it('with a bad first part is a normal error, with the rest unread', async () => {
    const answer = await send(await start(), Buffer.from(`x,1,2\n${CSV}`), 'text/csv');

    expect(answer.status).toBe(400);
    expect(answer.text).toContain('request row 1 column 1: expected a number; received \\"x\\"');
  });

  it('with a bad later part cuts its answer, and the log has the place in the whole body without the value', async () => {
    const server = await start();
    const wire = openWire(server.port);
    const body = `${CSV}secret,1,2\n`;
    const head =
      'POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n';
    wire.send(`${head}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);

    const received = await wire.closed();

    expect(received).toContain('1000001.00001');
    expect(received.endsWith('0\r\n\r\n')).toBe(false);
    const log = server.lines.join('\n');
    expect(log).toContain(`the answer was cut in the middle: request row ${COUNT + 1} column 1: expected a number`);
    expect(log).toMatch(/POST \/invocations 200 .*E_DATA_NUMBER/);
    expect(log).not.toContain('secret');
  });

  it('may be sent whole by a caller that reads nothing before', async () => {
    const { port } = await start();
    const wire = openWire(port);
    wire.socket.pause();
    const body = '1,2,3\n'.repeat(1_500_000);
    wire.send(
      `POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    await new Promise<void>((resolve) => wire.socket.write(body, () => resolve()));
    wire.socket.resume();

    const received = await wire.until('\r\n0\r\n\r\n');

    expect(received.match(/6\n/g)!.length).toBe(1_500_000);
    wire.socket.destroy();
  });

  it('with bad records has placeholders, and their places in the whole body', async () => {
    const server = await start({}, { ALGO_BAD_RECORDS: 'placeholder' });
    const answer = await send(server, Buffer.from(`${CSV}x,1,2\n${CSV}`), 'text/csv');

    const lines = answer.text.trimEnd().split('\n');
    expect(lines).toHaveLength(2 * COUNT + 1);
    expect(lines[COUNT]).toBe('ERROR');
    expect(server.lines.join('\n')).toContain(`request row ${COUNT + 1} column 1: expected a number (E_DATA_NUMBER)`);
  });

  it.each([
    ['JSON', 'application/json', 'text/csv', '[[1,2,3]]', '6\n'],
    ['an answer of .npy', 'text/csv', 'application/x-npy', '1,2,3\n', '1,)'],
  ])('of %s is read as a whole', async (_, type, accept, body, expected) => {
    const answer = await send(await start(), Buffer.from(body), type, accept);

    expect(answer.status).toBe(200);
    expect(answer.text).toContain(expected);
  });

  it('of JSON beyond what memory may hold is refused with 413, which says what has no limit', async () => {
    const wire = openWire((await start()).port);
    wire.send(
      `POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 300000000\r\n\r\n`,
    );

    const received = await wire.until('no limit');

    expect(received).toContain('HTTP/1.1 413');
    expect(received).toContain('CSV, JSON Lines, libsvm and RecordIO have no limit; split other files.');
    wire.socket.destroy();
  });

  it('of an unknown type is refused as any other', async () => {
    expect((await send(await start(), Buffer.from('x'), 'image/png')).status).toBe(415);
    expect((await send(await start(), Buffer.from('1,2,3'), 'text/csv', 'image/png')).status).toBe(406);
  });
});

describe('parts of a body', () => {
  const partsOf = async (body: Buffer, chunkBytes: number, createCutter: typeof lineCutter) => {
    let at = 0;
    const next = async () => {
      const bytes = body.subarray(at, at + chunkBytes);
      at += bytes.length;
      return bytes.length > 0 ? bytes : undefined;
    };
    const nextPart = createPartReader({ next }, createCutter());
    const parts = [];
    for (let one = await nextPart(); one; one = await nextPart())
      parts.push({ ...one, body: Buffer.concat(one.pieces) });
    return parts;
  };

  it.each([65_536, 1_000_000, 10_000_000])(
    'are whole records, and all of them, from chunks of %i bytes',
    async (bytes) => {
      const parts = await partsOf(Buffer.from(CSV), bytes, lineCutter);

      expect(Buffer.concat(parts.map(({ body }) => body)).toString() === CSV).toBe(true);
      expect(parts.every(({ body }) => body.at(-1) === 10)).toBe(true);
      for (const { recordsBefore, bytesBefore } of parts) {
        expect(CSV.slice(0, bytesBefore).split('\n').length - 1).toBe(recordsBefore);
      }
    },
  );

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
    const next = createPartReader(endless, lineCutter());

    await expect(next()).rejects.toThrow('request record 1: a record must have at most 67108864 bytes; received more.');
  });
});
