/** Packed files as tools leave them: several members, padding, damage; read in pieces of any size, and as a whole. */
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Packing, packingOf, packingOfFile } from '../../src/channels/packings.js';
import { unpackBytes, unpackChunks } from '../../src/channels/unpack.js';
import type { UnpackLimits } from '../../src/channels/unpack-limits.js';
import { ContractError } from '../../src/errors.js';
import { mutants } from '../mutants.js';
import { runs } from '../runs.js';

const LABEL = 'train/a.csv.packed';

const packZstd = (content: string | Uint8Array, more: Record<number, number> = {}) =>
  zstdCompressSync(content, { params: { [constants.ZSTD_c_checksumFlag]: 1, ...more } });
/** A frame of Zstandard without data. */
const skippable = Buffer.concat([Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 5, 0, 0, 0]), Buffer.from('notes')]);

const zeros = (count: number) => Buffer.alloc(count);
const PACKERS = [
  ['gzip', gzipSync as (content: string | Uint8Array) => Buffer],
  ['Zstandard', packZstd as (content: string | Uint8Array) => Buffer],
] as const;
const SIZES = [1, 7, 24, 25, 4096, 1 << 20];
const longText = Array.from({ length: 60_000 }, (_, i) => `${i},${i % 7}\n`).join('');

function packingOfBytes(packed: Uint8Array): Packing {
  const packing = packingOf(packed);
  expect(packingOfFile(packed)).toBe(packing);
  return packing!;
}

function unpackWhole(packed: Uint8Array, limits?: UnpackLimits): string {
  return unpackBytes(packingOfBytes(packed), packed, LABEL, limits).toString();
}

async function* pieces(packed: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < packed.length; at += size) yield packed.subarray(at, at + size);
}

async function unpack(
  packed: Uint8Array,
  size: number,
  limits?: UnpackLimits,
  packing = packingOfBytes(packed),
): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of unpackChunks(packing, pieces(packed, size), LABEL, limits)) {
    parts.push(Uint8Array.from(part));
  }
  return Buffer.concat(parts).toString();
}

const refusal = (message: string) =>
  expect.objectContaining({
    code: 'E_DATA_COMPRESSED',
    message: expect.stringMatching(`^${LABEL}: .*(${message})`),
  });

describe.each(PACKERS)('data packed by %s', (name, pack) => {
  const [first, second, empty] = [pack('1,2\n'), pack('3,4\n'), pack('')];

  it.each([
    ['one member', [first], '1,2\n'],
    ['members behind each other', [first, second], '1,2\n3,4\n'],
    ['empty members', [empty, first, empty, empty, second, empty], '1,2\n3,4\n'],
    ['nothing but an empty member', [empty], ''],
  ])('is read to the last row: %s', async (_, parts, text) => {
    const packed = Buffer.concat(parts);

    for (const size of SIZES) expect(await unpack(packed, size)).toBe(text);
    expect(unpackWhole(packed)).toBe(text);
  });

  it.each([
    ['that ends early', first.subarray(0, -3), 'it is damaged or ends early'],
    ['whose second member ends early', Buffer.concat([first, second.subarray(0, 12)]), 'it is damaged or ends early'],
    ['with a header only', first.subarray(0, 6), 'it is damaged or ends early'],
    ['with a wrong checksum', Buffer.concat([first.subarray(0, -8), zeros(8)]), 'it is damaged or ends early'],
    ['before other bytes', Buffer.concat([first, Buffer.from('5,6\n')]), 'damaged|received other bytes'],
  ])('%s is refused, naming the file', async (_, packed, message) => {
    for (const size of SIZES) await expect(unpack(packed, size)).rejects.toEqual(refusal(message));
    expect(() => unpackWhole(packed)).toThrow(refusal(message));
  });

  it('is refused once it is large and packed more than rows can be, as a stream and as a whole, of one member or many', async () => {
    const limits = { free: 100_000, most: 10_000_000 };
    const bomb = pack(zeros(3_000_000));
    const many = Buffer.concat(Array(40).fill(pack(zeros(50_000))));
    const tooLarge = `${LABEL}: ${name} data must not unpack to more than`;

    await expect(unpack(bomb, 1000, limits)).rejects.toThrow(tooLarge);
    expect(() => unpackWhole(bomb, limits)).toThrow(tooLarge);
    expect(() => unpackWhole(many, limits)).toThrow(tooLarge);
    expect(unpackWhole(pack(zeros(90_000)), limits)).toHaveLength(90_000);
    expect(await unpack(pack(longText), 1000, limits)).toBe(longText);
  });

  it('has its source closed if the reader stops early', async () => {
    const long = pack(longText);
    let isClosed = false;
    const endless = async function* () {
      try {
        for (;;) yield long;
      } finally {
        isClosed = true;
      }
    };

    for await (const _ of unpackChunks(packingOfBytes(long), endless(), LABEL)) break;

    expect(isClosed).toBe(true);
  });

  it('that is corrupted has the same result as a stream and as a whole, within the byte limit', async () => {
    const seed = Buffer.concat([first, pack('5,6\n7,8\n'.repeat(9)), empty]);
    const limits = { free: 4096, most: 2 ** 20 };
    let count = 0;
    for (const bytes of mutants(seed, 83, runs(1000, 150_000))) {
      const packing = packingOf(bytes);
      if (!packing) continue;
      let whole: string | undefined;
      try {
        whole = unpackBytes(packing, bytes, LABEL, limits).toString();
      } catch (error) {
        if (!(error instanceof ContractError)) throw error;
      }
      if (whole !== undefined && whole.length > 4096 + 500 * bytes.length) expect.fail(bytes.toString('hex'));
      // The engines of streams are costly: now and then.
      if (count++ % runs(50, 250) > 0) continue;
      const streamed = await unpack(bytes, 16, limits, packing).catch((error: unknown) => {
        if (!(error instanceof ContractError)) throw error;
      });
      if (streamed !== whole) expect.fail(bytes.toString('hex'));
    }
    expect(count).toBeGreaterThan(100);
  });
});

describe('padding of gzip', () => {
  const [first, second] = [gzipSync('1,2\n'), gzipSync('3,4\n')];

  it.each([
    ['between members', [first, zeros(1), second, zeros(700), first], '1,2\n3,4\n1,2\n'],
    ['at the end', [first, zeros(512)], '1,2\n'],
    ['between long members', [gzipSync(longText), zeros(100_000), gzipSync(longText)], longText + longText],
  ])('is passed over %s', async (_, parts, text) => {
    const packed = Buffer.concat(parts);

    for (const size of SIZES.slice(packed.length > 10_000 ? -1 : 0)) expect(await unpack(packed, size)).toBe(text);
    expect(unpackWhole(packed)).toBe(text);
  });

  it('before other bytes is refused', async () => {
    const packed = Buffer.concat([first, zeros(9), Buffer.from('5,6\n')]);

    for (const size of SIZES) await expect(unpack(packed, size)).rejects.toEqual(refusal('received other bytes'));
    expect(() => unpackWhole(packed)).toThrow(refusal('received other bytes'));
  });
});

describe('a file', () => {
  const [first, second] = [packZstd('1,2\n'), packZstd('3,4\n')];

  it('of Zstandard may have frames without data, and no others between', async () => {
    const packed = Buffer.concat([skippable, first, skippable, skippable, second, skippable]);
    const padded = Buffer.concat([first, zeros(9), second]);

    for (const size of SIZES) {
      expect(await unpack(packed, size)).toBe('1,2\n3,4\n');
      await expect(unpack(padded, size)).rejects.toEqual(refusal('damaged|received other bytes'));
    }
    expect(unpackWhole(packed)).toBe('1,2\n3,4\n');
    expect(() => unpackWhole(padded)).toThrow(refusal('received other bytes'));
  });

  it('of Zstandard has the size that each frame says, also where its last block is empty', async () => {
    // Magic number; the size in one byte; a block of four bytes as they are; a last block without any.
    const frameOf = (bytes: number) =>
      Buffer.concat([Buffer.from('28b52ffd20', 'hex'), Buffer.of(bytes), Buffer.from('200000312c320a010000', 'hex')]);
    const right = Buffer.concat([frameOf(4), skippable, frameOf(4), second]);
    const wrong = [[frameOf(5)], [frameOf(3), second], [first, frameOf(0)], [frameOf(5), frameOf(3)]];

    for (const size of [...SIZES, frameOf(4).length]) {
      expect(await unpack(right, size)).toBe('1,2\n1,2\n3,4\n');
      for (const frames of wrong) {
        await expect(unpack(Buffer.concat(frames), size)).rejects.toEqual(refusal('it is damaged'));
      }
    }
    expect(unpackWhole(right)).toBe('1,2\n1,2\n3,4\n');
    for (const frames of wrong) {
      expect(() => unpackWhole(Buffer.concat(frames))).toThrow(refusal('it is damaged'));
    }
  });

  it('of Zstandard whose last block is packed and has no bytes is refused', async () => {
    const packed = Buffer.concat([first, Buffer.from('28b52ffd2000050000', 'hex')]);

    for (const size of SIZES) await expect(unpack(packed, size)).rejects.toEqual(refusal('it is damaged'));
    expect(() => unpackWhole(packed)).toThrow(refusal('it is damaged'));
  });

  it('of Zstandard that needs a window of more than 128 MiB is refused', async () => {
    // Magic number; no sizes, no dictionary; a window of 2^28 bytes; a last block of one byte, repeated once.
    const packed = Buffer.from('28b52ffd00900b000041', 'hex');
    const within = Buffer.from('28b52ffd00880b000041', 'hex');

    await expect(unpack(packed, 100)).rejects.toEqual(refusal('damaged'));
    expect(() => unpackWhole(packed)).toThrow(refusal('damaged'));
    expect(await unpack(within, 100)).toBe('A');
  });

  it.each(['1,2\n', '(1', 'PAR1', 'P*M', ''])('that begins with %j is not packed', (text) => {
    expect(packingOf(Buffer.from(text))).toBeUndefined();
    expect(packingOfFile(Buffer.from(text))).toBeUndefined();
  });
});
