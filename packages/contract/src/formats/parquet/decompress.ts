/**
 * Decompression of Parquet pages: Node's own zlib where it has the codec, Snappy and LZ4 blocks here. Whatever the bytes,
 * no more is written than the page's header says, and no more than the codec can make of them.
 * Sources: apache/parquet-format, Compression.md; google/snappy, format_description.txt; lz4, lz4_Block_format.md.
 */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';

interface Decompressor {
  /** The maximum expansion of a byte; a header that says more is refused, and nothing is allocated for it. */
  readonly ratio: number;
  unpack(input: Uint8Array, length: number): Uint8Array;
}

const DECOMPRESSORS: Readonly<Record<string, Decompressor>> = {
  UNCOMPRESSED: { ratio: 1, unpack: (input) => input },
  SNAPPY: { ratio: 64, unpack: (input, length) => unpackSnappy(input, length) },
  GZIP: { ratio: 1032, unpack: (input, length) => library('gzip', gunzipSync, input, length) },
  BROTLI: { ratio: 2 ** 24, unpack: (input, length) => library('Brotli', brotliDecompressSync, input, length) },
  ZSTD: { ratio: 2 ** 17, unpack: (input, length) => library('Zstandard', zstdDecompressSync, input, length) },
  LZ4: { ratio: 255, unpack: (input, length) => unpackHadoopLz4(input, length) },
  LZ4_RAW: { ratio: 255, unpack: (input, length) => unpackLz4(input, length) },
};

/** Codecs that are read, by the names of the format. */
export const CODECS: readonly string[] = Object.keys(DECOMPRESSORS);

/**
 * The `length` bytes that `input` stands for.
 * @param codec one of CODECS
 * @throws Error when it stands for anything else
 */
export function decompress(input: Uint8Array, codec: string, length: number): Uint8Array {
  // Writers leave out what stands for nothing.
  if (length === 0) return new Uint8Array(0);
  const { ratio, unpack } = DECOMPRESSORS[codec]!;
  if (length > input.length * ratio) {
    throw new Error(`a page of ${input.length} bytes cannot unpack to ${length} bytes with ${codec}`);
  }
  const output = unpack(input, length);
  if (output.length !== length) throw new Error(`a page must unpack to ${length} bytes; received ${output.length}`);
  return output;
}

// --- internal ---

/** One piece of output when the length is true, and an error when there is more. */
function limits(length: number): { readonly chunkSize: number; readonly maxOutputLength: number } {
  return { chunkSize: Math.min(Math.max(length, 64), 16 * 1024 * 1024), maxOutputLength: Math.max(length, 1) };
}

type Unpack = (input: Uint8Array, options: ReturnType<typeof limits>) => Buffer;

function library(name: string, unpack: Unpack, input: Uint8Array, length: number): Uint8Array {
  try {
    return unpack(input, limits(length));
  } catch (error) {
    throw new Error(`a page is not ${name} of ${length} bytes`, { cause: error });
  }
}

/** Output that is filled from input and from itself. */
function createOutput(input: Uint8Array, length: number) {
  const bytes = new Uint8Array(length);
  let position = 0;
  return {
    /** Copies `count` bytes of the input from `from` on. */
    literal(from: number, count: number): void {
      if (count > input.length - from || count > length - position) throw new Error('a literal of a page is too long');
      if (count > SHORT) bytes.set(input.subarray(from, from + count), position);
      else for (let i = 0; i < count; i++) bytes[position + i] = input[from + i]!;
      position += count;
    },
    /** Repeats `count` bytes from `distance` before; source and copy may overlap. */
    match(distance: number, count: number): void {
      if (!(distance > 0 && distance <= position) || count > length - position) {
        throw new Error('a match of a page is out of range');
      }
      if (count > SHORT && distance >= count)
        bytes.copyWithin(position, position - distance, position - distance + count);
      else for (let i = 0; i < count; i++) bytes[position + i] = bytes[position - distance + i]!;
      position += count;
    },
    done: () => bytes.subarray(0, position),
  };
}

/** Up to here a loop is faster than a call. */
const SHORT = 32;

/**
 * The length as a varint, then elements: the lower two bits of a tag distinguish a literal and the three kinds of
 * matches.
 */
function unpackSnappy(input: Uint8Array, length: number): Uint8Array {
  const output = createOutput(input, length);
  let at = 0;
  const little = (bytes: number) => {
    let value = 0;
    for (let i = 0; i < bytes; i++) value += (input[at + i] ?? 0) * 256 ** i;
    at += bytes;
    return value;
  };
  while (input[at]! >= 128) at++;
  at++;
  while (at < input.length) {
    const tag = input[at++]!;
    const upper = tag >> 2;
    const kind = tag & 3;
    if (kind === 0) {
      const count = 1 + (upper < 60 ? upper : little(upper - 59));
      output.literal(at, count);
      at += count;
    } else if (kind === 1) output.match(((tag >> 5) << 8) + little(1), 4 + (upper & 7));
    else output.match(little(kind === 2 ? 2 : 4), 1 + upper);
  }
  return output.done();
}

/** Sequences of a token, literal bytes and a match; the last one has literals only. */
function unpackLz4(input: Uint8Array, length: number): Uint8Array {
  const output = createOutput(input, length);
  let at = 0;
  const longer = (base: number) => {
    let size = base;
    for (let byte = base === 15 ? 255 : 0; byte === 255 && at < input.length; size += byte) byte = input[at++]!;
    return size;
  };
  while (at < input.length) {
    const token = input[at++]!;
    const literals = longer(token >> 4);
    output.literal(at, literals);
    at += literals;
    if (at >= input.length) break;
    const distance = input[at]! + (input[at + 1] ?? 0) * 256;
    at += 2;
    output.match(distance, longer(token & 15) + 4);
  }
  return output.done();
}

/**
 * LZ4 as Hadoop frames it, which Spark calls `lz4`: `[unpacked size, then (packed size, block) until it is reached]`, sizes
 * of four bytes, the highest first. Some writers left the frame out: then the input is one block.
 */
function unpackHadoopLz4(input: Uint8Array, length: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const output = new Uint8Array(length);
  let at = 0;
  let filled = 0;
  const size = () => {
    const value = at + 4 <= input.length ? view.getUint32(at) : -1;
    at += 4;
    return value;
  };
  while (at < input.length) {
    const end = filled + size();
    if (end < filled || end > length) return unpackLz4(input, length);
    do {
      const packed = size();
      if (packed < 0 || packed > input.length - at) return unpackLz4(input, length);
      const block = attempt(() => unpackLz4(input.subarray(at, at + packed), end - filled));
      if (!block) return unpackLz4(input, length);
      output.set(block, filled);
      filled += block.length;
      at += packed;
    } while (filled < end);
  }
  return output.subarray(0, filled);
}

/** What `unpack` gives, undefined where it fails. */
function attempt(unpack: () => Uint8Array): Uint8Array | undefined {
  try {
    return unpack();
  } catch {
    return undefined;
  }
}
