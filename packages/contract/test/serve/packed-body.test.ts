import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { readBytes } from '../../src/serve/packed-body.js';
import { endServers, startServer, untilReady } from './running-server.js';

afterEach(endServers);

const MEBIBYTE = 1024 * 1024;

const PACKED = gzipSync('1,2,3\n');

async function ask(body: Buffer, options: Parameters<typeof startServer>[0] = {}, coding = 'gzip') {
  const server = await startServer(options);
  await untilReady(server);
  const headers = { 'Content-Type': 'text/csv', Accept: 'text/csv', 'Content-Encoding': coding };
  const response = await fetch(`${server.url}/invocations`, { method: 'POST', headers, body });
  const text = await response.text();
  await endServers();
  return { status: response.status, text };
}

/** With the content's length in its frame, as most packers write it. */
const zstdSync = (text: string | Buffer, options: Record<number, number> = {}) => {
  const bytes = Buffer.from(text);
  return zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_contentSizeFlag]: 1, ...options },
    pledgedSrcSize: bytes.length,
  } as Parameters<typeof zstdCompressSync>[1]);
};
const zstdWithoutSize = (text: string | Buffer) => zstdSync(text, { [constants.ZSTD_c_contentSizeFlag]: 0 });

/** Types of blocks. */
const [RAW, PACKED_BLOCK] = [0, 2];

/** A frame that says it has `said` bytes, or nothing: the text's as they are, then a last block of `type` without bytes. */
function zstdOfBlocks(text: string, said: number | undefined, type: number): Buffer {
  const header = said === undefined ? Buffer.of(0, 0) : Buffer.of(0x20, said);
  const raw = Buffer.of(text.length << 3, 0, 0);
  const last = Buffer.of((type << 1) | 1, 0, 0);
  return Buffer.concat([Buffer.of(0x28, 0xb5, 0x2f, 0xfd), header, raw, Buffer.from(text), last]);
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
    ['has a second member of the same length behind NUL', Buffer.concat([PACKED, Buffer.alloc(8), PACKED])],
    ['has other bytes behind it', Buffer.concat([PACKED, PACKED.subarray(-4)])],
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

describe('a body in zstd', () => {
  it.each([
    ['zstd', zstdSync('1,2,3\n4,5,6\n')],
    ['ZSTD', zstdWithoutSize('1,2,3\n4,5,6\n')],
    ['zstd', zstdOfBlocks('1,2,3\n4,5,6\n', undefined, RAW)],
  ])('is read unpacked with Content-Encoding %s', async (coding, body) => {
    expect(await ask(body, {}, coding)).toEqual({ status: 200, text: '6\n15\n' });
  });

  it.each([
    ['is not zstd', Buffer.from('1,2,3\n')],
    ['is cut', zstdSync('1,2,3\n'.repeat(100)).subarray(0, -1)],
    ['is empty', Buffer.alloc(0)],
    ['has a second frame', Buffer.concat([zstdSync('1,2,3\n'), zstdSync('1,2,3\n')])],
    [
      'begins with a frame without data',
      Buffer.concat([Buffer.from('502a4d180100000000', 'hex'), zstdSync('1,2,3\n')]),
    ],
    ['has other bytes behind it', Buffer.concat([zstdSync('1,2,3\n'), Buffer.alloc(4)])],
    ['says that it is longer', zstdOfBlocks('1,2,3\n', 7, RAW)],
    ['says that it is shorter', zstdOfBlocks('1,2,3\n', 5, RAW)],
    ['ends with a packed block without bytes', zstdOfBlocks('1,2,3\n', undefined, PACKED_BLOCK)],
    ['needs a window of more than 8 MiB', zstdSync('1,2,3\n'.repeat(2_000_000), { [constants.ZSTD_c_windowLog]: 24 })],
  ])('that %s is refused', async (_, body) => {
    const { status, text } = await ask(body, {}, 'zstd');

    expect(status).toBe(400);
    expect(JSON.parse(text).error).toEqual({
      code: 'E_REQUEST_BODY',
      message:
        'request: the body must be one whole zstd frame with a window of at most 8 MiB, as Content-Encoding says; it is not.',
    });
  });

  it.each([
    ['and says so', zstdSync],
    ['and does not say so', zstdWithoutSize],
  ])('is refused when it is over the limit unpacked, %s', async (_, pack) => {
    const { status, text } = await ask(pack('1,2,3\n'.repeat(20)), { algorithm: { maxPayloadBytes: 100 } }, 'zstd');

    expect(status).toBe(413);
    expect(JSON.parse(text).error.message).toBe(
      'request: the body must have at most 100 bytes when unpacked; it has more. Send fewer rows per request.',
    );
  });

  it('is refused when it is packed more closely than rows are', async () => {
    const body = zstdSync(Buffer.alloc(4 * MEBIBYTE, '\n'));

    const { status, text } = await ask(body, {}, 'zstd');

    expect(status).toBe(413);
    expect(JSON.parse(text).error.message).toContain(`when unpacked; it has more.`);
  });

  it.each([10, 300, 100_000])('counts with the %i bytes that it says it has, in whatever pieces it comes', (length) => {
    const body = zstdSync(Buffer.alloc(length, '1,2,3\n'));
    const pieces = [body.subarray(0, 3), body.subarray(3, 6), body.subarray(6)];

    expect(readBytes({ body: pieces, contentEncoding: 'zstd' })).toBe(
      Math.max(body.length, Math.min(length, 500 * body.length)),
    );
  });

  it('counts with the largest that it can be where it does not say how long it is', () => {
    const body = zstdWithoutSize('1,2,3\n'.repeat(1000));

    expect(readBytes({ body, contentEncoding: 'zstd' })).toBe(500 * body.length);
    expect(readBytes({ body, contentEncoding: 'zstd' }, 10_000)).toBe(10_000);
    expect(readBytes({ body: body.subarray(0, 5), contentEncoding: 'zstd' })).toBe(2500);
  });
});
