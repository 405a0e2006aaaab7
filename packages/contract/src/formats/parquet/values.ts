/**
 * Values of a page as doubles: physical types as they are stored, with what their logical type makes of them. Whole
 * numbers beyond 2^53 and decimals are rounded once.
 * Source: apache/parquet-format, Encodings.md (PLAIN, DELTA_BINARY_PACKED, BYTE_STREAM_SPLIT) and LogicalTypes.md.
 */
import { readByteArrays } from './byte-arrays.js';
import { readDelta } from './delta.js';
import type { Section } from './page-header.js';
import { readHybrid } from './rle-bit-packing.js';
import type { ParquetColumn } from './schema.js';

/**
 * Reads `count` values, none of them null, into `target`.
 * @param encoding any but a dictionary's
 * @throws Error when they end early or the encoding is not read
 */
export function readValues(
  section: Section,
  encoding: string,
  column: ParquetColumn,
  count: number,
  target: Float64Array,
): void {
  const { type } = column;
  if (type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY') {
    const { isHalf, scale } = column;
    const give = (value: Uint8Array, i: number) => {
      target[i] = isHalf ? half(value) : decimal(bigEndian(value), scale);
    };
    if (readByteArrays(section, encoding, column, count, give)) return;
  } else if (type === 'BOOLEAN') {
    if (encoding === 'PLAIN' || encoding === 'RLE') {
      readBooleans(section, encoding, count, target);
      return;
    }
  } else if (encoding === 'PLAIN') {
    readNumbers(section, column, count, target);
    return;
  } else if (encoding === 'BYTE_STREAM_SPLIT') {
    readNumbers(unsplit(section, WIDTHS[type]!, count), column, count, target);
    return;
  } else if (encoding === 'DELTA_BINARY_PACKED' && (type === 'INT32' || type === 'INT64')) {
    readDifferences(section, column, count, target);
    return;
  }
  throw new Error(`the encoding ${encoding} of ${type} is not supported`);
}

// --- internal ---

/** Bytes of a value where its type says. */
const WIDTHS: Readonly<Record<string, number>> = { INT32: 4, INT64: 8, FLOAT: 4, DOUBLE: 8 };

function checkRoom({ start, end }: Section, bytes: number): void {
  if (bytes > end - start) throw new Error(`values of a page take ${bytes} bytes; there are ${end - start}`);
}

function readNumbers(section: Section, column: ParquetColumn, count: number, target: Float64Array): void {
  const { type, scale, isUnsigned } = column;
  checkRoom(section, count * WIDTHS[type]!);
  const { bytes, start, end } = section;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  if (type === 'FLOAT') for (let i = 0; i < count; i++) target[i] = view.getFloat32(i * 4, true);
  else if (type === 'DOUBLE') for (let i = 0; i < count; i++) target[i] = view.getFloat64(i * 8, true);
  else if (type === 'INT32') {
    for (let i = 0; i < count; i++) target[i] = isUnsigned ? view.getUint32(i * 4, true) : view.getInt32(i * 4, true);
    if (scale > 0) for (let i = 0; i < count; i++) target[i] = decimal(target[i]!, scale);
  } else {
    for (let i = 0; i < count; i++) {
      target[i] = whole(view.getInt32(i * 8, true), view.getInt32(i * 8 + 4, true), column);
    }
  }
}

function readDifferences(section: Section, column: ParquetColumn, count: number, target: Float64Array): void {
  const { scale, isUnsigned } = column;
  const { low, high } = readDelta(section, count, column.type === 'INT32' ? 32 : 64);
  if (high) for (let i = 0; i < count; i++) target[i] = whole(low[i]!, high[i]!, column);
  else {
    for (let i = 0; i < count; i++) target[i] = isUnsigned ? low[i]! >>> 0 : low[i]!;
    if (scale > 0) for (let i = 0; i < count; i++) target[i] = decimal(target[i]!, scale);
  }
}

/** The halves are exact, and so is the upper one times 2^32: their sum is rounded once. */
function whole(low: number, high: number, { isUnsigned, scale }: ParquetColumn): number {
  if (scale > 0) return decimal((BigInt(high) << 32n) + BigInt(low >>> 0), scale);
  return (isUnsigned ? high >>> 0 : high) * 4294967296 + (low >>> 0);
}

/** Values whose first bytes come first, then all second ones, in their usual order. */
function unsplit(section: Section, width: number, count: number): Section {
  checkRoom(section, count * width);
  const { bytes: from, start } = section;
  const bytes = new Uint8Array(count * width);
  for (let byte = 0; byte < width; byte++) {
    const lane = start + byte * count;
    for (let i = 0, to = byte; i < count; i++, to += width) bytes[to] = from[lane + i]!;
  }
  return { bytes, start: 0, end: bytes.length };
}

/** A bit each; runs have a length of four bytes before them. */
function readBooleans(section: Section, encoding: string, count: number, target: Float64Array): void {
  const { bytes, start, end } = section;
  if (encoding === 'PLAIN') {
    checkRoom(section, Math.ceil(count / 8));
    for (let i = 0; i < count; i++) target[i] = (bytes[start + (i >> 3)]! >> (i & 7)) & 1;
    return;
  }
  checkRoom(section, 4);
  const length = new DataView(bytes.buffer, bytes.byteOffset + start).getUint32(0, true);
  checkRoom(section, 4 + length);
  const flags = new Uint32Array(count);
  readHybrid(bytes, start + 4, Math.min(start + 4 + length, end), 1, count, flags);
  target.set(flags);
}

/** value / 10^scale rounded once; by way of text where dividing would round twice. */
function decimal(value: number | bigint, scale: number): number {
  const number = Number(value);
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER && scale <= MAX_EXACT_POWER) return number / 10 ** scale;
  return Number(`${value}e-${scale}`);
}

/** Powers of ten are exact doubles up to this one. */
const MAX_EXACT_POWER = 22;

/** Bytes of a signed whole number, the highest first. */
function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = value * 256n + BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

/** IEEE 754 binary16, the lower byte first. */
function half([low = 0, high = 0]: Uint8Array): number {
  const sign = high & 0x80 ? -1 : 1;
  const exponent = (high >> 2) & 31;
  const fraction = ((high & 3) << 8) + low;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
