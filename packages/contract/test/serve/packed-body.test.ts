import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { readBytes } from '../../src/serve/packed-body.js';
import { endServers, startServer, untilReady } from './running-server.js';

afterEach(endServers);

const MEBIBYTE = 1024 * 1024;

async function ask(body: Buffer, options: Parameters<typeof startServer>[0] = {}, coding = 'gzip') {
  const server = await startServer(options);
  await untilReady(server);
  const headers = { 'Content-Type': 'text/csv', Accept: 'text/csv', 'Content-Encoding': coding };
  const response = await fetch(`${server.url}/invocations`, { method: 'POST', headers, body });
  const text = await response.text();
  await endServers();
  return { status: response.status, text };
}

describe('a body in gzip', () => {
  it.each(['gzip', 'x-gzip', 'GZIP'])('is read unpacked with Content-Encoding %s', async (coding) => {
    expect(await ask(gzipSync('1,2,3\n4,5,6\n'), {}, coding)).toEqual({ status: 200, text: '6\n15\n' });
  });

  it('is left to a worker where small requests are answered in the first process', async () => {
    expect(await ask(gzipSync('1,2,3\n'), { algorithm: { boundedRows: () => 100 } })).toEqual({
      status: 200,
      text: '6\n',
    });
  });

  it.each([
    ['is not gzip', Buffer.from('1,2,3\n')],
    ['is cut', gzipSync('1,2,3\n'.repeat(100)).subarray(0, -1)],
    ['has no end', gzipSync('1,2,3\n').subarray(0, 12)],
    ['is empty', Buffer.alloc(0)],
    ['has a second member', Buffer.concat([gzipSync('1,2,3\n'), gzipSync('1,2,3\n')])],
    ['says another length', Buffer.concat([gzipSync('1,2,3\n').subarray(0, -4), Buffer.of(7, 0, 0, 0)])],
  ])('that %s is refused', async (_, body) => {
    const { status, text } = await ask(body);

    expect(status).toBe(400);
    expect(JSON.parse(text).error).toEqual({
      code: 'E_REQUEST_BODY',
      message: 'request: the body must be one whole gzip member, as Content-Encoding says; it is not.',
    });
  });

  it('is refused when it is over the limit unpacked', async () => {
    const { status, text } = await ask(gzipSync('1,2,3\n'.repeat(20)), { algorithm: { maxPayloadBytes: 100 } });

    expect(status).toBe(413);
    expect(JSON.parse(text).error.message).toBe(
      'request: the body must have at most 100 bytes when unpacked; it has more. Send fewer rows per request.',
    );
  });

  it('is refused when it is packed more closely than rows are', async () => {
    const body = gzipSync(Buffer.alloc(4 * MEBIBYTE, '\n'));

    const { status, text } = await ask(body);

    expect(status).toBe(413);
    expect(JSON.parse(text).error.message).toContain(
      `at most 500 times its size, ${500 * body.length} bytes, when unpacked; it has more.`,
    );
  });

  it('counts with its unpacked size for the memory that requests may take, in whatever pieces it comes', () => {
    const body = gzipSync('1,2,3\n'.repeat(1000));
    const pieces = [body.subarray(0, -5), body.subarray(-5, -2), body.subarray(-2)];
    const lie = Buffer.concat([body.subarray(0, -4), Buffer.alloc(4, 0xff)]);

    expect(readBytes({ body: pieces, contentEncoding: 'gzip' })).toBe(6000);
    expect(readBytes({ body: lie, contentEncoding: 'gzip' })).toBe(500 * body.length);
    expect(readBytes({ body: pieces, contentEncoding: undefined })).toBe(body.length);
  });
});
