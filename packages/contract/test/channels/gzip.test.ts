/** Gzip as tools leave it: several members, padding, damage; read as a stream in pieces of any size, and as a whole. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzipBytes, gunzipChunks, type UnpackLimits } from '../../src/channels/gzip.js';
import { ContractError } from '../../src/errors.js';
import { mutants } from '../mutants.js';
import { runs } from '../runs.js';

const LABEL = 'train/a.csv.gz';

async function unpack(packed: Uint8Array, size: number, limits?: UnpackLimits): Promise<string> {
  const pieces = async function* () {
    for (let at = 0; at < packed.length; at += size) yield packed.subarray(at, at + size);
  };
  const parts: Uint8Array[] = [];
  for await (const part of gunzipChunks(pieces(), LABEL, limits)) parts.push(Uint8Array.from(part));
  return Buffer.concat(parts).toString();
}

const zeros = (count: number) => Buffer.alloc(count);
const [first, second, empty] = [gzipSync('1,2\n'), gzipSync('3,4\n'), gzipSync('')];
const long = gzipSync(Buffer.from(Array.from({ length: 60_000 }, (_, i) => `${i},${i % 7}\n`).join('')));

describe.each([1, 7, 24, 25, 4096, 1 << 20])('gzip data read in pieces of %i bytes', (size) => {
  it.each([
    ['one member', [first], '1,2\n'],
    ['members behind each other', [first, second], '1,2\n3,4\n'],
    ['padding between members', [first, zeros(1), second, zeros(700), first], '1,2\n3,4\n1,2\n'],
    ['padding at the end', [first, zeros(512)], '1,2\n'],
    ['empty members', [empty, first, empty, zeros(3), empty, second, empty], '1,2\n3,4\n'],
    ['nothing but an empty member', [empty], ''],
  ])('with %s is read to the last row', async (_, parts, text) => {
    const packed = Buffer.concat(parts);

    expect(await unpack(packed, size)).toBe(text);
    expect(gunzipBytes(packed, LABEL).toString()).toBe(text);
  });

  it.each([
    ['that ends early', first.subarray(0, -3), 'it is damaged or ends early'],
    ['whose second member ends early', Buffer.concat([first, second.subarray(0, 12)]), 'it is damaged or ends early'],
    ['with a header only', first.subarray(0, 6), 'it is damaged or ends early'],
    ['with a wrong checksum', Buffer.concat([first.subarray(0, -8), zeros(8)]), 'it is damaged or ends early'],
    ['before other bytes', Buffer.concat([first, Buffer.from('5,6\n')]), 'damaged|received other bytes'],
    [
      'before other bytes behind padding',
      Buffer.concat([first, zeros(9), Buffer.from('5,6\n')]),
      'received other bytes',
    ],
  ])('that is %s is refused, naming the file', async (_, packed, message) => {
    const refusal = expect.objectContaining({
      code: 'E_DATA_COMPRESSED',
      message: expect.stringMatching(`^${LABEL}: .*(${message})`),
    });

    await expect(unpack(packed, size)).rejects.toEqual(refusal);
    expect(() => gunzipBytes(packed, LABEL)).toThrow(refusal);
  });
});

it('reads gzip members and the padding between them to the end', async () => {
  const packed = Buffer.concat([long, zeros(100_000), long]);
  const text = gunzipBytes(long, LABEL).toString().repeat(2);

  expect(gunzipBytes(packed, LABEL).toString()).toBe(text);
  expect(await unpack(packed, 65_536)).toBe(text);
});

describe('a gzip bomb', () => {
  const bomb = gzipSync(zeros(3_000_000));
  const limits = { free: 100_000, most: 10_000_000 };

  it('is refused once it is large and compressed more than rows can be, as a stream and as a whole', async () => {
    const message = `${LABEL}: gzip data must not unpack to more than`;

    await expect(unpack(bomb, 1000, limits)).rejects.toThrow(message);
    expect(() => gunzipBytes(bomb, LABEL, limits)).toThrow(message);
  });

  it('is refused also if it is split into many members', () => {
    const many = Buffer.concat(Array(40).fill(Buffer.concat([gzipSync(zeros(50_000)), zeros(1)])));

    expect(() => gunzipBytes(many, LABEL, limits)).toThrow('gzip data must not unpack to more than');
  });

  it('is not refused while it is small, or if its ratio is plausible', async () => {
    expect(gunzipBytes(gzipSync(zeros(90_000)), LABEL, limits)).toHaveLength(90_000);
    expect(await unpack(long, 1000, limits)).toHaveLength(gunzipBytes(long, LABEL).length);
  });
});

it('closes the source if the reader stops early', async () => {
  let isClosed = false;
  const pieces = async function* () {
    try {
      for (;;) yield long;
    } finally {
      isClosed = true;
    }
  };

  for await (const _ of gunzipChunks(pieces(), LABEL)) break;

  expect(isClosed).toBe(true);
});

it('reads a corrupted gzip file as a stream and as a whole with the same result, within the byte limit', async () => {
  const seed = Buffer.concat([first, zeros(3), gzipSync('5,6\n7,8\n'.repeat(9)), empty, zeros(2)]);
  const limits = { free: 4096, most: 2 ** 20 };
  let count = 0;
  for (const bytes of mutants(seed, 83, runs(2000, 1_000_000))) {
    let whole: string | undefined;
    try {
      whole = gunzipBytes(bytes, LABEL, limits).toString();
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
    }
    if (whole !== undefined && whole.length > 4096 + 500 * bytes.length) expect.fail(bytes.toString('hex'));
    // The engines of streams are costly: now and then.
    if (count++ % runs(50, 250) > 0) continue;
    const streamed = await unpack(bytes, 16, limits).catch((error: unknown) => {
      if (!(error instanceof ContractError)) throw error;
    });
    if (streamed !== whole) expect.fail(bytes.toString('hex'));
  }
});
