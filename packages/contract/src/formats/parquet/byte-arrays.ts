/**
 * Values that are strings of bytes: texts, decimals and 16-bit floats, in each encoding that writers use for them. No
 * number has more than 32 bytes, and whoever reads texts has a budget for their bytes, so that neither lengths nor shared
 * prefixes make work that the page's bytes do not bound.
 * Source: apache/parquet-format, Encodings.md (PLAIN, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY, BYTE_STREAM_SPLIT).
 */
import { readDelta } from './delta.js';
import type { Section } from './page-header.js';
import type { ParquetColumn } from './schema.js';

/** Bytes of a decimal of 256 bits, the widest that anybody writes. */
const MAX_NUMBER_BYTES = 32;
const MAX_TEXT_BYTES = 65_536;

/** Reads `count` values, each handed to `give` as bytes that are valid until the next one. */
export function readByteArrays(
  section: Section,
  encoding: string,
  column: Pick<ParquetColumn, 'type' | 'byteLength' | 'isText'>,
  count: number,
  give: (value: Uint8Array, i: number) => void,
): boolean {
  if (encoding === 'PLAIN') readPlain(section, column, count, give);
  else if (encoding === 'DELTA_LENGTH_BYTE_ARRAY') readDeltaLengths(section, column, count, give);
  else if (encoding === 'DELTA_BYTE_ARRAY') readDeltaPrefixes(section, column, count, give);
  else if (encoding === 'BYTE_STREAM_SPLIT' && column.type === 'FIXED_LEN_BYTE_ARRAY')
    readSplit(section, column, count, give);
  else return false;
  return true;
}

// --- internal ---

type Give = (value: Uint8Array, i: number) => void;
type Shape = Pick<ParquetColumn, 'type' | 'byteLength' | 'isText'>;

function checkLength(length: number, { type, byteLength, isText }: Shape): void {
  if (isText) {
    if (length >= 0 && length <= MAX_TEXT_BYTES) return;
    throw new Error(`a text must have at most ${MAX_TEXT_BYTES} bytes; it has ${length}`);
  }
  if (type === 'FIXED_LEN_BYTE_ARRAY' && length !== byteLength) {
    throw new Error(`a value must have ${byteLength} bytes; it has ${length}`);
  }
  if (!(length >= 1 && length <= MAX_NUMBER_BYTES)) {
    throw new Error(`a number must have 1 to ${MAX_NUMBER_BYTES} bytes; it has ${length}`);
  }
}

function readPlain({ bytes, start, end }: Section, shape: Shape, count: number, give: Give): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = start;
  for (let i = 0; i < count; i++) {
    let length = shape.byteLength;
    if (shape.type === 'BYTE_ARRAY') {
      if (end - at < 4) throw new Error('the values are truncated');
      length = view.getUint32(at, true);
      at += 4;
    }
    checkLength(length, shape);
    if (length > end - at) throw new Error('the values are truncated');
    give(bytes.subarray(at, at + length), i);
    at += length;
  }
}

function readDeltaLengths(section: Section, shape: Shape, count: number, give: Give): void {
  const { bytes, end } = section;
  const lengths = readDelta(section, count, 32);
  let at = lengths.end;
  for (let i = 0; i < count; i++) {
    const length = lengths.low[i]!;
    checkLength(length, shape);
    if (length > end - at) throw new Error('the values are truncated');
    give(bytes.subarray(at, at + length), i);
    at += length;
  }
}

/** Each value begins with some bytes of the one before it. */
function readDeltaPrefixes(section: Section, shape: Shape, count: number, give: Give): void {
  const { bytes, end } = section;
  const prefixes = readDelta(section, count, 32);
  const suffixes = readDelta({ ...section, start: prefixes.end }, count, 32);
  const value = new Uint8Array(shape.isText ? MAX_TEXT_BYTES : MAX_NUMBER_BYTES);
  let at = suffixes.end;
  let before = 0;
  for (let i = 0; i < count; i++) {
    const prefix = prefixes.low[i]!;
    const suffix = suffixes.low[i]!;
    if (prefix < 0 || prefix > before) throw new Error(`a value cannot share ${prefix} of ${before} bytes`);
    if (suffix < 0 || suffix > end - at) throw new Error('the values are truncated');
    checkLength(prefix + suffix, shape);
    value.set(bytes.subarray(at, at + suffix), prefix);
    at += suffix;
    before = prefix + suffix;
    give(value.subarray(0, before), i);
  }
}

/** First all first bytes, then all second ones, and so on. */
function readSplit({ bytes, start, end }: Section, shape: Shape, count: number, give: Give): void {
  const width = shape.byteLength;
  checkLength(width, shape);
  if (count * width > end - start) throw new Error('the values are truncated');
  const value = new Uint8Array(width);
  for (let i = 0; i < count; i++) {
    for (let byte = 0; byte < width; byte++) value[byte] = bytes[start + byte * count + i]!;
    give(value, i);
  }
}
