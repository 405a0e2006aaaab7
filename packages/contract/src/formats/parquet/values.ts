/**
 * Values of a page as doubles: physical types as they are stored, with what their logical type makes of them. Whole
 * numbers beyond 2^53 and decimals are rounded once.
 * Source: apache/parquet-format, Encodings.md (PLAIN, DELTA_BINARY_PACKED, BYTE_STREAM_SPLIT) and LogicalTypes.md.
 */
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import { readHybrid } from './hybrid.js';
import type { ParquetColumn } from './schema.js';

/** Part of a page: [start, end) of `bytes`. */
export interface Section {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

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
  if (encoding === 'PLAIN') readPlain(section, column, count, target);
  else if (encoding === 'RLE' && column.type === 'BOOLEAN') readBooleans(section, count, target);
  else if (encoding === 'BYTE_STREAM_SPLIT') {
    checkRoom(section, count * (WIDTHS[column.type] ?? column.byteLength));
    const reader = { view: viewOf(section), offset: 0 };
    const split = byteStreamSplit(reader, count, column.type, column.byteLength);
    for (let i = 0; i < count; i++) target[i] = interpret(split[i], column);
  } else if (encoding === 'DELTA_BINARY_PACKED') {
    const isShort = column.type === 'INT32';
    const whole = isShort ? new Int32Array(count) : new BigInt64Array(count);
    if (count > 0) deltaBinaryUnpack({ view: viewOf(section), offset: 0 }, count, whole);
    for (let i = 0; i < count; i++) target[i] = interpret(whole[i], column);
  } else throw new Error(`the encoding ${encoding} of ${column.type} is not read`);
}

// --- internal ---

/** Bytes of a value where its type says. */
const WIDTHS: Readonly<Record<string, number>> = { INT32: 4, INT64: 8, FLOAT: 4, DOUBLE: 8 };

function viewOf({ bytes, start, end }: Section): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
}

function checkRoom({ start, end }: Section, bytes: number): void {
  if (bytes > end - start) throw new Error(`values of a page take ${bytes} bytes; there are ${end - start}`);
}

function readPlain(section: Section, column: ParquetColumn, count: number, target: Float64Array): void {
  const { type, scale, isUnsigned } = column;
  if (type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY') {
    readByteArrays(section, column, count, target);
    return;
  }
  if (type === 'BOOLEAN') {
    checkRoom(section, Math.ceil(count / 8));
    const { bytes, start } = section;
    for (let i = 0; i < count; i++) target[i] = (bytes[start + (i >> 3)]! >> (i & 7)) & 1;
    return;
  }
  checkRoom(section, count * WIDTHS[type]!);
  const view = viewOf(section);
  if (type === 'FLOAT') for (let i = 0; i < count; i++) target[i] = view.getFloat32(i * 4, true);
  else if (type === 'DOUBLE') for (let i = 0; i < count; i++) target[i] = view.getFloat64(i * 8, true);
  else if (type === 'INT32') {
    for (let i = 0; i < count; i++) target[i] = isUnsigned ? view.getUint32(i * 4, true) : view.getInt32(i * 4, true);
  } else if (scale === 0) {
    // The halves are exact, and so is the upper one times 2^32: their sum is rounded once.
    for (let i = 0; i < count; i++) {
      const upper = isUnsigned ? view.getUint32(i * 8 + 4, true) : view.getInt32(i * 8 + 4, true);
      target[i] = upper * 4294967296 + view.getUint32(i * 8, true);
    }
  } else for (let i = 0; i < count; i++) target[i] = decimal(view.getBigInt64(i * 8, true), scale);
  if (scale > 0 && type === 'INT32') for (let i = 0; i < count; i++) target[i] = decimal(target[i]!, scale);
}

/** Their bytes have a length of four bytes before them. */
function readBooleans(section: Section, count: number, target: Float64Array): void {
  checkRoom(section, 4);
  const start = section.start + 4;
  const flags = new Uint32Array(count);
  readHybrid(section.bytes, start, section.end, 1, count, flags);
  target.set(flags);
}

function readByteArrays(section: Section, column: ParquetColumn, count: number, target: Float64Array): void {
  const { bytes, start, end } = section;
  const view = viewOf(section);
  let at = start;
  for (let i = 0; i < count; i++) {
    let length = column.byteLength;
    if (column.type === 'BYTE_ARRAY') {
      checkRoom({ bytes, start: at, end }, 4);
      length = view.getUint32(at - start, true);
      at += 4;
    }
    checkRoom({ bytes, start: at, end }, length);
    target[i] = interpret(bytes.subarray(at, at + length), column);
    at += length;
  }
}

/** One value as the column's logical type has it. */
function interpret(value: unknown, { isHalf, isUnsigned, scale }: ParquetColumn): number {
  if (value instanceof Uint8Array) return isHalf ? half(value) : decimal(bigEndian(value), scale);
  if (typeof value === 'bigint')
    return scale > 0 ? decimal(value, scale) : Number(isUnsigned ? BigInt.asUintN(64, value) : value);
  if (typeof value !== 'number') throw new Error(`a value is of the type ${typeof value}`);
  return scale > 0 ? decimal(value, scale) : isUnsigned ? value >>> 0 : value;
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
