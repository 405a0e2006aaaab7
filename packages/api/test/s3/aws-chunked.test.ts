import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeChunks } from '../../src/s3/aws-chunked.js';

/** The bytes in pieces of these sizes, which repeat. */
function* inPieces(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let start = 0, i = 0; start < bytes.length; i++) {
    const end = start + sizes[i % sizes.length]!;
    yield bytes.subarray(start, end);
    start = end;
  }
}

async function* asSource(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

it('data in chunks of any size, that come in pieces of any size, is the data, with the trailers behind it', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  const trailer = fc.constantFrom('', 'x-amz-checksum-crc32:AAAAAA==\r\n', 'X-Amz-Checksum-CRC32: AAAAAA==\r\n');
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      sizes,
      sizes,
      trailer,
      fc.boolean(),
      async (data, chunks, pieces, end, hasEnd) => {
        const encoded = [...inPieces(data, chunks)].flatMap((chunk) => [
          `${chunk.length.toString(16)}\r\n`,
          chunk,
          '\r\n',
        ]);
        const body = Buffer.concat(
          [...encoded, `0\r\n${end}`, hasEnd ? '\r\n' : ''].map((part) => Buffer.from(part as string)),
        );
        const trailers = new Map<string, string>();

        const decoded: Uint8Array[] = [];
        for await (const part of decodeChunks(asSource(inPieces(body, pieces)), trailers)) decoded.push(part);

        expect(Buffer.concat(decoded).equals(data)).toBe(true);
        expect([...trailers]).toEqual(end === '' ? [] : [['x-amz-checksum-crc32', 'AAAAAA==']]);
      },
    ),
    { seed: 5, numRuns: 300 },
  );
});
