/** Bodies of any length in a batch transform with MaxPayloadInMB 0: answered while they come. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import { PART_BYTES } from '../../src/serve/body-stream/body-parts.js';
import { endServers, openWire, type RunningServer, startServer, untilReady } from './running-server.js';
import { ROW_TYPES } from './sum-algorithm.js';

afterEach(endServers);

const STREAMED = { SAGEMAKER_BATCH: 'true', SAGEMAKER_MAX_PAYLOAD_IN_MB: '0' };
async function start(
  algorithm: Partial<Algorithm> = {},
  variables: Record<string, string> = {},
): Promise<RunningServer> {
  const server = await startServer({
    algorithm: { contentTypes: ROW_TYPES, ...algorithm },
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
    const [whole, cut] = await Promise.all([
      send(server, Buffer.from(CSV), 'text/csv'),
      send(server, Buffer.from(CSV.trimEnd()), 'text/csv', 'text/csv', 40_009),
    ]);

    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-length')).toBeNull();
    expect(predicted(whole.text)).toEqual(sums);
    expect(cut.text).toBe(whole.text);
    expect(server.lines.filter((line) => line.includes(`rows=${COUNT}`))).toHaveLength(2);
  });

  it('that ends within its first part is answered as any other', async () => {
    const server = await start();
    const answer = await send(server, Buffer.from('1,2,3\n'), 'text/csv', 'application/json');

    expect(answer.text).toBe('{"predictions":[{"score":6}]}\n');
    expect(answer.headers.get('content-length')).toBe(String(answer.text.length));
    expect((await send(server, Buffer.alloc(0), 'text/csv')).status).toBe(204);
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
    const text = 'more than all buffers on the way hold, together with those of the others';
    const predict: Algorithm['predict'] = (_, { rows }) => ({ score: Array.from({ length: rows }, () => text) });
    const { port } = await start({ predict });
    const wire = openWire(port);
    wire.socket.pause();
    const body = '1,2,3\n'.repeat(200_000);
    wire.send(
      `POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    await new Promise<void>((resolve) => wire.socket.write(body, () => resolve()));
    wire.socket.resume();

    const received = await wire.closed();

    expect(received.endsWith('0\r\n\r\n')).toBe(true);
    expect(received.length).toBeGreaterThan(200_000 * (text.length + 1));
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
