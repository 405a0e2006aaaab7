/**
 * RecordIO framing. A record is a magic number, a flag and a length, the payload, and zeros up to a multiple of four:
 *
 *   [ 0xCED7230A | flag: 3 bits, length: 29 bits | payload … | 0 – 3 zeros ]   little endian
 *
 * The flag is 0 for a whole record. MXNet's own writer splits a payload at each aligned magic number in it and leaves the
 * number out: the parts are flagged 1, 2 …, 3. SageMaker's writers always write 0.
 * Sources: dmlc-core, recordio.h; aws/sagemaker-training-toolkit, recordio.py.
 */
import { ClientError } from '../../errors.js';
import { contentHint } from '../content-hint.js';

export const MAGIC = 0xced7230a;
export const HEADER_BYTES = 8;
/** What a record that is in parts has between them. */
export const SEPARATOR: Uint8Array = new Uint8Array(Uint32Array.of(MAGIC).buffer);
/** The longest payload: a row of 16 million doubles has half of it. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024;

/** A whole record: the payload is [start, end) of `bytes`, the next record begins at `next` of the input. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** Bytes, and the same as a view of numbers. */
export interface Input {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** @returns the length with its padding */
export function padded(length: number): number {
  return (length + 3) & ~3;
}

/**
 * The record that begins at `start` of `input`, or how many bytes from there are needed to see more of it.
 * @param available where the bytes end
 * @param place where the record is, for the start of messages
 * @throws ClientError E_DATA_FORMAT for what is no record, E_DATA_SIZE for one that is too long
 */
export function readFrame(input: Input, start: number, available: number, place: () => string): Frame | number {
  if (available - start < HEADER_BYTES) return HEADER_BYTES;
  checkMagic(input, start, available, place);
  const word = input.view.getUint32(start + 4, true);
  const flag = word >>> 29;
  if (flag > 1) throw damaged(place, `its flag must be 0 or 1 at the start of a record; received ${flag}`);
  if (flag === 1) return readParts(input, start, available, place);
  const length = word & 0x1fffffff;
  checkLength(length, place);
  const next = start + HEADER_BYTES + padded(length);
  if (next > available) return next - start;
  return { bytes: input.bytes, start: start + HEADER_BYTES, end: start + HEADER_BYTES + length, next };
}

/** E_DATA_FORMAT for a record that breaks a rule. */
export function damaged(place: () => string, sentence: string, hint = ''): ClientError {
  const advice = hint || ' The data is damaged or not RecordIO.';
  return new ClientError('E_DATA_FORMAT', `${place()}: ${sentence}.${advice}`);
}

// --- internal ---

/**
 * A record in parts, put together again with the magic numbers between them. While its end is not there, as many bytes
 * again are asked for as there are: its parts are gone through a few times, however many they are.
 */
function readParts(input: Input, start: number, available: number, place: () => string): Frame | number {
  const { bytes, view } = input;
  let length = 0;
  const more = (least: number) => Math.max(least, 2 * (available - start));
  for (let at = start, isLast = false; ; ) {
    if (isLast) return { bytes: joinParts(bytes, view, start, at, length), start: 0, end: length, next: at };
    if (available - at < HEADER_BYTES) return more(at - start + HEADER_BYTES);
    checkMagic(input, at, available, place);
    const word = view.getUint32(at + 4, true);
    const flag = word >>> 29;
    const expected = at === start ? flag === 1 : flag === 2 || flag === 3;
    if (!expected) throw damaged(place, `the flag of a further part must be 2 or 3; received ${flag}`);
    const partLength = word & 0x1fffffff;
    const next = at + HEADER_BYTES + padded(partLength);
    length += partLength + (at === start ? 0 : SEPARATOR.length);
    checkLength(length, place);
    if (next > available) return more(next - start);
    isLast = flag === 3;
    at = next;
  }
}

/** The payloads of all parts in [start, end), which are whole. */
function joinParts(bytes: Uint8Array, view: DataView, start: number, end: number, length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let to = 0;
  for (let at = start; at < end; ) {
    if (at !== start) {
      joined.set(SEPARATOR, to);
      to += SEPARATOR.length;
    }
    const partLength = view.getUint32(at + 4, true) & 0x1fffffff;
    joined.set(bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + partLength), to);
    to += partLength;
    at += HEADER_BYTES + padded(partLength);
  }
  return joined;
}

function checkMagic({ bytes, view }: Input, at: number, available: number, place: () => string): void {
  const magic = view.getUint32(at, true);
  if (magic === MAGIC) return;
  throw damaged(
    place,
    `a record must begin with the number 0xced7230a; received 0x${magic.toString(16)}`,
    contentHint(bytes.subarray(at, available)),
  );
}

function checkLength(length: number, place: () => string): void {
  if (length <= MAX_RECORD_BYTES) return;
  throw new ClientError(
    'E_DATA_SIZE',
    `${place()}: a record must be at most ${MAX_RECORD_BYTES} bytes; received ${length}.`,
  );
}
