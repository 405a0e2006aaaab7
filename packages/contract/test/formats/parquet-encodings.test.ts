/** Bit packing and compression of Parquet pages against slow writers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompress } from '../../src/formats/parquet/decompress.js';
import { readHybrid } from '../../src/formats/parquet/rle-bit-packing.js';
import { runs } from '../runs.js';

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** `values` as runs and packed groups of eight, as `kinds` say by turns. */
function writeHybrid(values: readonly number[], width: number, kinds: readonly boolean[]): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0, turn = 0; at < values.length; turn++) {
    let run = 1;
    while (values[at + run] === values[at]) run++;
    if (kinds[turn % kinds.length]) {
      bytes.push(...varint(run * 2));
      for (let i = 0; i < width; i += 8) bytes.push(Math.floor(values[at]! / 2 ** i) % 256);
      at += run;
    } else {
      const group = Array.from({ length: 8 }, (_, i) => values[at + i] ?? 0);
      bytes.push(...varint(3));
      const bits = group
        .map((value) => [...value.toString(2).padStart(width, '0')].reverse().join('').slice(0, width))
        .join('');
      for (let i = 0; i < bits.length; i += 8)
        bytes.push(Number.parseInt([...bits.slice(i, i + 8)].reverse().join(''), 2));
      at += 8;
    }
  }
  return Uint8Array.from(bytes);
}

describe('RLE runs and bit-packed numbers', () => {
  const numbers = fc.integer({ min: 1, max: 32 }).chain((width) =>
    fc.tuple(
      fc.constant(width),
      fc.array(fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 0, max: 2 ** width - 1 })), {
        minLength: 1,
        maxLength: 60,
      }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
    ),
  );

  it('are decoded, whatever the bit width', () => {
    const property = fc.property(numbers, fc.nat({ max: 9 }), ([width, values, kinds], before) => {
      const bytes = writeHybrid(values, width, kinds);
      const placed = new Uint8Array(before + bytes.length + 3);
      placed.set(bytes, before);
      const target = new Uint32Array(values.length);

      readHybrid(placed, before, before + bytes.length, width, values.length, target);

      expect([...target]).toEqual(values);
    });

    fc.assert(property, { seed: 71, numRuns: runs(200, 20000) });
  });

  it('that end early are an error, never an endless loop', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 30 }), fc.nat({ max: 40 }), (bytes, width) => {
      const target = new Uint32Array(100);
      try {
        readHybrid(bytes, 0, bytes.length, width, 100, target);
      } catch (error) {
        expect(String(error)).toMatch(/^Error: /);
      }
    });

    fc.assert(property, { seed: 72, numRuns: runs(300, 30000) });
  });
});

/** Bytes that repeat near and far, as data does. */
const data = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 80 }), fc.integer({ min: 1, max: 6 })), { maxLength: 12 })
  .map((parts) => Buffer.concat(parts.flatMap(([bytes, times]) => Array<Uint8Array>(times).fill(bytes))));

/** The longest earlier match of what follows `at`, at least 4 bytes. */
function findMatch(bytes: Buffer, at: number): { distance: number; length: number } | undefined {
  let best: { distance: number; length: number } | undefined;
  for (let from = 0; from < at; from++) {
    let length = 0;
    while (at + length < bytes.length && bytes[from + length] === bytes[at + length]) length++;
    if (length >= 4 && length > (best?.length ?? 0)) best = { distance: at - from, length };
  }
  return best;
}

/** Literals, each followed by a match; the last one by none. */
function sequencesOf(bytes: Buffer) {
  const sequences: { literal: Buffer; match?: { distance: number; length: number } }[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; ) {
    const match = findMatch(bytes, at);
    if (match) {
      sequences.push({ literal: bytes.subarray(start, at), match });
      at += match.length;
      start = at;
    } else at++;
  }
  return [...sequences, { literal: bytes.subarray(start) }];
}

function packLz4(bytes: Buffer): Buffer {
  const longer = (size: number) => {
    if (size < 15) return [];
    const rest = size - 15;
    return [...Array<number>(Math.floor(rest / 255)).fill(255), rest % 255];
  };
  return Buffer.concat(
    sequencesOf(bytes).map(({ literal, match }) => {
      const matched = match ? match.length - 4 : 0;
      const token = (Math.min(literal.length, 15) << 4) + Math.min(matched, 15);
      const tail = match ? [match.distance & 255, match.distance >> 8, ...longer(matched)] : [];
      return Buffer.concat([Buffer.from([token, ...longer(literal.length)]), literal, Buffer.from(tail)]);
    }),
  );
}

function packSnappy(bytes: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from(varint(bytes.length))];
  for (const { literal, match } of sequencesOf(bytes)) {
    if (literal.length > 0) {
      const size = literal.length - 1;
      const head = size < 60 ? [size << 2] : size < 256 ? [60 << 2, size] : [61 << 2, size & 255, size >> 8];
      parts.push(Buffer.from(head), literal);
    }
    for (let left = match?.length ?? 0; match && left > 0; ) {
      const length = Math.min(left, 64);
      const isShort = length >= 4 && length <= 11 && match.distance < 2048;
      const isFar = match.distance % 3 === 0;
      const near = [2 + ((length - 1) << 2), match.distance & 255, match.distance >> 8];
      const far = [3 + ((length - 1) << 2), match.distance & 255, match.distance >> 8, 0, 0];
      const short = [1 + ((length - 4) << 2) + ((match.distance >> 8) << 5), match.distance & 255];
      parts.push(Buffer.from(isShort ? short : isFar ? far : near));
      left -= length;
    }
  }
  return Buffer.concat(parts);
}

describe.each([
  ['SNAPPY', packSnappy],
  ['LZ4_RAW', packLz4],
] as const)('compression with %s', (codec, pack) => {
  it('round-trips', () => {
    fc.assert(
      fc.property(data, (bytes) => {
        expect(Buffer.from(decompress(pack(bytes), codec, bytes.length))).toEqual(bytes);
      }),
      { seed: 73, numRuns: 300 },
    );
  });

  it('never unpacks to more than the expected size, for any input', () => {
    const any = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc.tuple(data, fc.nat(), fc.nat({ max: 255 })).map(([bytes, at, to]) => {
        const packed = pack(bytes);
        packed[at % packed.length] = to;
        return packed;
      }),
    );
    const property = fc.property(any, fc.nat({ max: 500 }), (input, length) => {
      try {
        expect(decompress(input, codec, length)).toHaveLength(length);
      } catch (error) {
        expect(String(error)).toMatch(/^Error: (a page|a literal|a match)/);
      }
    });

    fc.assert(property, { seed: 74, numRuns: runs(300, 30000) });
  });
});
