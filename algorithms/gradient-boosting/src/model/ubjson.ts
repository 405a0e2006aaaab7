/**
 * Reads UBJSON, the binary form in which XGBoost saves models by default (`.ubj`). Typed number arrays become typed
 * arrays without a step per element. All of draft 12 is read, not only what XGBoost writes.
 * Source: https://ubjson.org, draft 12; numbers are big-endian.
 *
 * A container waits for this once, before the engine has compiled it: markers are compared as numbers, and what takes a
 * call of the engine for each array (memory, the order of bytes) is done for many of them together (word-pool.ts).
 */
import { type Cursor, damaged, NO_OP, nextMarker, peek, readInt64, take, type Work } from './ubjson-cursor.js';
import { createWordPool } from './word-pool.js';

/** Nesting of a model is about 8; more than this is a damaged or hostile file. */
const MAX_DEPTH = 64;

/**
 * The value that `bytes` hold. Objects have no prototype; int64 arrays become Float64Array. Arrays of bytes are views of
 * `bytes`.
 * @throws ClientError E_MODEL naming the byte where the file is damaged
 */
export function parseUbjson(bytes: Uint8Array, file: string, work: Work = { steps: 0 }): unknown {
  const { buffer, byteOffset, byteLength } = bytes;
  const view = new DataView(buffer, byteOffset, byteLength);
  const content = Buffer.from(buffer, byteOffset, byteLength);
  const words = createWordPool(content);
  const cursor: Cursor = { bytes: content, view, file, at: 0, words, work };
  const value = parseValue(cursor, nextMarker(cursor), 0);
  while (cursor.at < bytes.length) {
    if (bytes[cursor.at] !== NO_OP) damaged(cursor, 'the end of the file');
    cursor.at++;
  }
  words.finish();
  return value;
}

// --- internal ---

/** Markers that are looked for outside of a `switch`. */
const INT64 = 0x4c;
const TYPE = 0x24;
const COUNT = 0x23;
const OBJECT_END = 0x7d;
const ARRAY_END = 0x5d;
/** Types without a payload: a few bytes would let them ask for any amount of memory. */
const EMPTY_TYPES: readonly (number | undefined)[] = [...Buffer.from('ZTFN')];

function parseValue(cursor: Cursor, marker: number, depth: number): unknown {
  cursor.work.steps++;
  switch (marker) {
    case 0x7b: // {
      return parseObject(cursor, depth + 1);
    case 0x5b: // [
      return parseArray(cursor, depth + 1);
    case 0x5a: // Z
      return null;
    case 0x54: // T
      return true;
    case 0x46: // F
      return false;
    case 0x53: // S
      return parseText(cursor);
    case 0x43: // C
      return String.fromCharCode(cursor.view.getUint8(take(cursor, 1)));
    case 0x48: // H
      return Number(parseText(cursor));
    default:
      return parseNumber(cursor, marker);
  }
}

function parseNumber(cursor: Cursor, marker: number): number {
  const { view } = cursor;
  switch (marker) {
    case 0x69: // i
      return view.getInt8(take(cursor, 1));
    case 0x55: // U
      return view.getUint8(take(cursor, 1));
    case 0x49: // I
      return view.getInt16(take(cursor, 2));
    case 0x6c: // l
      return view.getInt32(take(cursor, 4));
    case INT64:
      return readInt64(view, take(cursor, 8));
    case 0x64: // d
      return view.getFloat32(take(cursor, 4));
    case 0x44: // D
      return view.getFloat64(take(cursor, 8));
    default:
      cursor.at--;
      return damaged(cursor, 'a UBJSON type marker');
  }
}

function parseObject(cursor: Cursor, depth: number): Record<string, unknown> {
  checkDepth(cursor, depth);
  const { type, count } = parseHeader(cursor);
  const object: Record<string, unknown> = Object.create(null);
  for (let index = 0; count === undefined || index < count; index++) {
    if (count === undefined && peek(cursor) === OBJECT_END) {
      cursor.at++;
      return object;
    }
    const key = parseText(cursor);
    object[key] = parseValue(cursor, type ?? nextMarker(cursor), depth);
  }
  return object;
}

function parseArray(cursor: Cursor, depth: number): unknown {
  checkDepth(cursor, depth);
  const { type, count } = parseHeader(cursor);
  if (type !== undefined && count !== undefined) {
    const numbers = parseTypedArray(cursor, type, count);
    if (numbers) return numbers;
  }
  const array: unknown[] = [];
  for (let index = 0; count === undefined || index < count; index++) {
    if (count === undefined && peek(cursor) === ARRAY_END) {
      cursor.at++;
      return array;
    }
    array.push(parseValue(cursor, type ?? nextMarker(cursor), depth));
  }
  return array;
}

function parseTypedArray(cursor: Cursor, type: number, count: number): ArrayLike<number> | undefined {
  switch (type) {
    case 0x64: // d
      return cursor.words.floats(take(cursor, 4 * count), count);
    case 0x6c: // l
      return cursor.words.integers(take(cursor, 4 * count), count);
    case 0x55: // U
      return new Uint8Array(cursor.view.buffer, cursor.view.byteOffset + take(cursor, count), count);
    case 0x69: // i
      return new Int8Array(cursor.view.buffer, cursor.view.byteOffset + take(cursor, count), count);
    case 0x49: // I
      return new Int16Array(copySwapped(cursor, count, 2));
    case 0x44: // D
      return new Float64Array(copySwapped(cursor, count, 8));
    case INT64:
      return Float64Array.from(new BigInt64Array(copySwapped(cursor, count, 8)), Number);
    default:
      return undefined;
  }
}

/** The next count × size bytes in this machine's (little-endian) order, in memory of their own. */
function copySwapped(cursor: Cursor, count: number, size: 2 | 8): ArrayBuffer {
  const start = take(cursor, count * size);
  const copy = new ArrayBuffer(count * size);
  const view = Buffer.from(copy);
  cursor.bytes.copy(view, 0, start, start + count * size);
  if (size === 2) view.swap16();
  else view.swap64();
  return copy;
}

/** `$ type # count` or `# count` of an optimised container. */
function parseHeader(cursor: Cursor): Header {
  let type: number | undefined;
  let next = peek(cursor);
  if (next === TYPE) {
    cursor.at++;
    type = nextMarker(cursor);
    next = peek(cursor);
    if (next !== COUNT) damaged(cursor, '"#" after the type of a container');
  }
  if (next !== COUNT) return NO_HEADER;
  cursor.at++;
  const count = parseLength(cursor);
  if (count > cursor.bytes.length - cursor.at || EMPTY_TYPES.includes(type)) {
    damaged(cursor, `${count} elements up to the end`);
  }
  return { type, count };
}

interface Header {
  readonly type: number | undefined;
  readonly count: number | undefined;
}

const NO_HEADER: Header = { type: undefined, count: undefined };

function parseText(cursor: Cursor): string {
  const length = parseLength(cursor);
  const start = take(cursor, length);
  return cursor.bytes.toString('utf8', start, start + length);
}

function parseLength(cursor: Cursor): number {
  const start = cursor.at;
  // As XGBoost writes all of them.
  if (cursor.bytes[start] === INT64 && start + 9 <= cursor.bytes.length) {
    const length = readInt64(cursor.view, start + 1);
    cursor.at = start + 9;
    if (length >= 0) return length;
  }
  cursor.at = start;
  const marker = nextMarker(cursor);
  const length = isInteger(marker) ? parseNumber(cursor, marker) : -1;
  if (length < 0) {
    cursor.at = start;
    damaged(cursor, 'a length');
  }
  return length;
}

function isInteger(marker: number): boolean {
  return marker === INT64 || marker === 0x69 || marker === 0x55 || marker === 0x49 || marker === 0x6c; // i U I l
}

function checkDepth(cursor: Cursor, depth: number): void {
  if (depth > MAX_DEPTH) damaged(cursor, `at most ${MAX_DEPTH} nested containers`);
}
