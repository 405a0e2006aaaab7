/**
 * Reads UBJSON, the binary form in which XGBoost saves models by default (`.ubj`). Typed number arrays become typed
 * arrays without a step per element. All of draft 12 is read, not only what XGBoost writes.
 * Source: https://ubjson.org, draft 12; numbers are big-endian.
 */
import { ClientError } from '@algo/contract';

/** Nesting of a model is about 8; more than this is a damaged or hostile file. */
const MAX_DEPTH = 64;

interface Cursor {
  readonly bytes: Buffer;
  /** Of the same bytes: Buffer's own functions take longer before they are compiled, and a model is read once. */
  readonly view: DataView;
  readonly file: string;
  at: number;
  readonly work: Work;
}

/** Counts what reading does, for tests that hold it to a constant times the bytes of the file. */
export interface Work {
  /** Values read, and entries and bytes copied. */
  steps: number;
}

/**
 * The value that `bytes` hold. Objects have no prototype; int64 arrays become Float64Array.
 * @throws ClientError E_MODEL naming the byte where the file is damaged
 */
export function parseUbjson(bytes: Uint8Array, file: string, work: Work = { steps: 0 }): unknown {
  const { buffer, byteOffset, byteLength } = bytes;
  const view = new DataView(buffer, byteOffset, byteLength);
  const cursor: Cursor = { bytes: Buffer.from(buffer, byteOffset, byteLength), view, file, at: 0, work };
  const value = parseValue(cursor, nextMarker(cursor), 0);
  while (cursor.at < bytes.length) {
    if (bytes[cursor.at] !== 0x4e) damaged(cursor, 'the end of the file');
    cursor.at++;
  }
  return value;
}

// --- internal ---

function parseValue(cursor: Cursor, marker: string, depth: number): unknown {
  cursor.work.steps++;
  switch (marker) {
    case '{':
      return parseObject(cursor, depth + 1);
    case '[':
      return parseArray(cursor, depth + 1);
    case 'Z':
      return null;
    case 'T':
      return true;
    case 'F':
      return false;
    case 'S':
      return parseText(cursor);
    case 'C':
      return String.fromCharCode(cursor.view.getUint8(take(cursor, 1)));
    case 'H':
      return Number(parseText(cursor));
    default:
      return parseNumber(cursor, marker);
  }
}

function parseNumber(cursor: Cursor, marker: string): number {
  const { view } = cursor;
  switch (marker) {
    case 'i':
      return view.getInt8(take(cursor, 1));
    case 'U':
      return view.getUint8(take(cursor, 1));
    case 'I':
      return view.getInt16(take(cursor, 2));
    case 'l':
      return view.getInt32(take(cursor, 4));
    case 'L':
      return readInt64(view, take(cursor, 8));
    case 'd':
      return view.getFloat32(take(cursor, 4));
    case 'D':
      return view.getFloat64(take(cursor, 8));
    default:
      cursor.at--;
      return damaged(cursor, 'a UBJSON type marker');
  }
}

/** The float64 next to it. A bigint would be made for every length of a file that XGBoost wrote. */
function readInt64(view: DataView, at: number): number {
  return view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4);
}

function parseObject(cursor: Cursor, depth: number): Record<string, unknown> {
  checkDepth(cursor, depth);
  const { type, count } = parseHeader(cursor);
  const object: Record<string, unknown> = Object.create(null);
  for (let index = 0; count === undefined || index < count; index++) {
    if (count === undefined && peek(cursor) === '}') {
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
    if (count === undefined && peek(cursor) === ']') {
      cursor.at++;
      return array;
    }
    array.push(parseValue(cursor, type ?? nextMarker(cursor), depth));
  }
  return array;
}

function parseTypedArray(cursor: Cursor, type: string, count: number): ArrayLike<number> | undefined {
  switch (type) {
    case 'd':
      return new Float32Array(copySwapped(cursor, count, 4));
    case 'l':
      return new Int32Array(copySwapped(cursor, count, 4));
    case 'U':
      return new Uint8Array(copySwapped(cursor, count, 1));
    case 'i':
      return new Int8Array(copySwapped(cursor, count, 1));
    case 'I':
      return new Int16Array(copySwapped(cursor, count, 2));
    case 'D':
      return new Float64Array(copySwapped(cursor, count, 8));
    case 'L':
      return Float64Array.from(new BigInt64Array(copySwapped(cursor, count, 8)), Number);
    default:
      return undefined;
  }
}

/** The next count × size bytes in this machine's (little-endian) order, in memory of their own. */
function copySwapped(cursor: Cursor, count: number, size: number): ArrayBuffer {
  const start = take(cursor, count * size);
  const copy = new ArrayBuffer(count * size);
  const view = Buffer.from(copy);
  cursor.bytes.copy(view, 0, start, start + count * size);
  if (size === 2) view.swap16();
  if (size === 4) view.swap32();
  if (size === 8) view.swap64();
  return copy;
}

/** `$ type # count` or `# count` of an optimised container. */
function parseHeader(cursor: Cursor): { type?: string; count?: number } {
  let type: string | undefined;
  if (peek(cursor) === '$') {
    cursor.at++;
    type = nextMarker(cursor);
    if (peek(cursor) !== '#') damaged(cursor, '"#" after the type of a container');
  }
  if (peek(cursor) !== '#') return {};
  cursor.at++;
  const count = parseLength(cursor);
  // Markers without a payload would let a few bytes ask for any amount of memory.
  const isEmptyType = type !== undefined && 'ZTFN'.includes(type);
  if (count > cursor.bytes.length - cursor.at || isEmptyType) damaged(cursor, `${count} elements up to the end`);
  return type === undefined ? { count } : { type, count };
}

function parseText(cursor: Cursor): string {
  const length = parseLength(cursor);
  const start = take(cursor, length);
  return cursor.bytes.toString('utf8', start, start + length);
}

function parseLength(cursor: Cursor): number {
  const start = cursor.at;
  const marker = nextMarker(cursor);
  const length = 'iUIlL'.includes(marker) ? parseNumber(cursor, marker) : -1;
  if (length < 0) {
    cursor.at = start;
    damaged(cursor, 'a length');
  }
  return length;
}

function nextMarker(cursor: Cursor): string {
  let marker = String.fromCharCode(cursor.view.getUint8(take(cursor, 1)));
  while (marker === 'N') marker = String.fromCharCode(cursor.view.getUint8(take(cursor, 1)));
  return marker;
}

function peek(cursor: Cursor): string {
  if (cursor.at >= cursor.bytes.length) take(cursor, 1);
  return String.fromCharCode(cursor.view.getUint8(cursor.at));
}

function take(cursor: Cursor, count: number): number {
  const start = cursor.at;
  if (count > cursor.bytes.length - start) {
    throw new ClientError(
      'E_MODEL',
      `${cursor.file}: the UBJSON ends early: ${count} more bytes must follow byte ${start}; received ${cursor.bytes.length - start}. Copy the file again.`,
    );
  }
  cursor.at = start + count;
  cursor.work.steps += count;
  return start;
}

function checkDepth(cursor: Cursor, depth: number): void {
  if (depth > MAX_DEPTH) damaged(cursor, `at most ${MAX_DEPTH} nested containers`);
}

function damaged(cursor: Cursor, expected: string): never {
  const byte = cursor.bytes[cursor.at];
  const received = byte === undefined ? 'the end of the file' : `byte 0x${byte.toString(16).padStart(2, '0')}`;
  throw new ClientError(
    'E_MODEL',
    `${cursor.file}: the UBJSON is damaged at byte ${cursor.at}: expected ${expected}; received ${received}.`,
  );
}
