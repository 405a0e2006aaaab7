/**
 * A model as a tree of values that still knows XGBoost's number types, and its two spellings: JSON text and UBJSON
 * bytes. XGBoost's readers insist on those types: a float where they expect an integer is an error.
 */
import { lookNow } from '../engine/interruption.js';
import { formatFloat } from './json.js';

/** A number is an integer; floats and their arrays are marked. */
export type Document =
  | string
  | number
  | Float
  | readonly Document[]
  | { readonly [key: string]: Document }
  | Float32Array
  | Int32Array
  | Uint8Array
  | Int8Array
  | BigInt64Array;

/** A single float32. */
export interface Float {
  readonly float32: number;
}

/** A parsed value, kept unread, as a document. */
export function asDocument(value: unknown): Document {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? value : { float32: value };
  if (typeof value === 'boolean') return Number(value);
  if (isNumbers(value)) return value;
  if (Array.isArray(value)) return value.map(asDocument);
  return Object.fromEntries(Object.entries(value ?? {}).map(([key, entry]) => [key, asDocument(entry)] as const));
}

/** XGBoost's JSON, on one line. */
export function encodeJson(document: Document): string {
  const parts: string[] = [];
  writeText(document, parts);
  return parts.join('');
}

/** XGBoost's UBJSON: every length an int64, numeric arrays typed. */
export function encodeUbjson(document: Document): Uint8Array {
  const bytes = Buffer.alloc(measure(document));
  writeBytes(document, bytes, 0);
  return bytes;
}

// --- internal ---

type NumberArray = Float32Array | Int32Array | Uint8Array | Int8Array | BigInt64Array;

function isNumbers(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value);
}

function isNumberArray(value: Document): value is NumberArray {
  return ArrayBuffer.isView(value);
}

function isFloat(value: object): value is Float {
  return 'float32' in value && typeof value.float32 === 'number';
}

function isDocumentList(value: Document): value is readonly Document[] {
  return Array.isArray(value);
}

function writeText(document: Document, parts: string[]): void {
  if (typeof document === 'string') parts.push(JSON.stringify(document));
  else if (typeof document === 'number') parts.push(String(document));
  else if (document instanceof Float32Array) parts.push('[', Array.from(document, formatFloat).join(','), ']');
  else if (isNumberArray(document)) parts.push('[', document.join(','), ']');
  else if (isDocumentList(document)) writeTextOf('[', document, ']', parts, (value) => writeText(value, parts));
  else if (isFloat(document)) parts.push(formatFloat(document.float32));
  else {
    writeTextOf('{', Object.entries(document), '}', parts, ([key, value]) => {
      parts.push(JSON.stringify(key), ':');
      writeText(value, parts);
    });
  }
}

function writeTextOf<T>(
  open: string,
  items: readonly T[],
  close: string,
  parts: string[],
  write: (item: T) => void,
): void {
  parts.push(open);
  items.forEach((item, index) => {
    if (index > 0) parts.push(',');
    write(item);
  });
  parts.push(close);
}

// A length is the marker "L" and an int64; `[$t#` and a length open a typed array, `[#` and one any other array.
const LENGTH_BYTES = 9;
const TYPED_HEADER_BYTES = 4 + LENGTH_BYTES;
const LIST_HEADER_BYTES = 2 + LENGTH_BYTES;

function measure(document: Document): number {
  if (typeof document === 'string') return 1 + LENGTH_BYTES + Buffer.byteLength(document);
  if (typeof document === 'number') return 1 + INTEGER_BYTES[integerType(document)];
  if (isNumberArray(document)) return TYPED_HEADER_BYTES + document.byteLength;
  if (isDocumentList(document)) return document.reduce((sum: number, value) => sum + measure(value), LIST_HEADER_BYTES);
  if (isFloat(document)) return 5;
  lookNow();
  return Object.entries(document).reduce((sum, [key, value]) => {
    return sum + LENGTH_BYTES + Buffer.byteLength(key) + measure(value);
  }, 2);
}

/** @returns the offset after the value */
function writeBytes(document: Document, bytes: Buffer, at: number): number {
  if (typeof document === 'string') return writeString(document, bytes, bytes.write('S', at, 'latin1') + at);
  if (typeof document === 'number') return writeInteger(document, bytes, at);
  if (isNumberArray(document)) return writeTyped(document, bytes, at);
  if (isDocumentList(document)) {
    at += bytes.write('[#', at, 'latin1');
    at = writeLength(document.length, bytes, at);
    for (const value of document) at = writeBytes(value, bytes, at);
    return at;
  }
  if (isFloat(document)) return bytes.writeFloatBE(document.float32, at + bytes.write('d', at, 'latin1'));
  lookNow();
  at += bytes.write('{', at, 'latin1');
  for (const [key, value] of Object.entries(document)) {
    at = writeString(key, bytes, at);
    at = writeBytes(value, bytes, at);
  }
  return at + bytes.write('}', at, 'latin1');
}

function writeTyped(array: NumberArray, bytes: Buffer, at: number): number {
  at += bytes.write(`[$${arrayType(array)}#`, at, 'latin1');
  at = writeLength(array.length, bytes, at);
  const target = bytes.subarray(at, at + array.byteLength);
  target.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  if (array.BYTES_PER_ELEMENT === 4) target.swap32();
  if (array.BYTES_PER_ELEMENT === 8) target.swap64();
  return at + array.byteLength;
}

function arrayType(array: NumberArray): string {
  if (array instanceof Float32Array) return 'd';
  if (array instanceof Int32Array) return 'l';
  if (array instanceof Uint8Array) return 'U';
  return array instanceof Int8Array ? 'i' : 'L';
}

const INTEGER_BYTES = { i: 1, I: 2, l: 4, L: 8 } as const;

/** The smallest type; the ends of each range go up, as XGBoost's writer has it. */
function integerType(value: number): keyof typeof INTEGER_BYTES {
  if (value > -128 && value < 127) return 'i';
  if (value > -32768 && value < 32767) return 'I';
  return value > -2147483648 && value < 2147483647 ? 'l' : 'L';
}

function writeInteger(value: number, bytes: Buffer, at: number): number {
  const type = integerType(value);
  at += bytes.write(type, at, 'latin1');
  if (type === 'L') return bytes.writeBigInt64BE(BigInt(value), at);
  return bytes.writeIntBE(value, at, INTEGER_BYTES[type]);
}

function writeString(text: string, bytes: Buffer, at: number): number {
  at = writeLength(Buffer.byteLength(text), bytes, at);
  return at + bytes.write(text, at, 'utf8');
}

function writeLength(length: number, bytes: Buffer, at: number): number {
  return bytes.writeBigInt64BE(BigInt(length), at + bytes.write('L', at, 'latin1'));
}
