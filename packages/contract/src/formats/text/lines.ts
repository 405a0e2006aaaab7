/**
 * Lines as ranges of bytes. A line ends with LF or CRLF; a UTF-8 byte order mark may precede the first one, and blank
 * lines may follow the last one, but not occur between others.
 */
import { ClientError } from '../../errors.js';
import type { Place } from '../place.js';

export const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The longest line that is read. A row of a million 17-digit numbers has a third of it. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Bytes of the byte order mark at `start`: 3 or 0. */
export function byteOrderMarkLength(bytes: Uint8Array, start = 0): number {
  return bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf ? 3 : 0;
}

/** The end of the line that starts at `start`, without its line break. */
export function lineEnd(bytes: Uint8Array, start: number): number {
  const found = bytes.indexOf(LINE_FEED, start);
  const end = found < 0 ? bytes.length : found;
  return end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
}

/** Where the line after the one at `start` begins: behind its line feed, or at the end. */
export function lineAfter(bytes: Uint8Array, start: number): number {
  return bytes.indexOf(LINE_FEED, start) + 1 || bytes.length;
}

/** Whether `bytes` have nothing but a byte order mark, blanks and line ends. */
export function isBlank(bytes: Uint8Array): boolean {
  return isBlankRange(bytes, byteOrderMarkLength(bytes), bytes.length);
}

/** Whether [start, end) has nothing but blanks and line ends. */
export function isBlankRange(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isBlankByte(bytes[i]!)) return false;
  return true;
}

/** Whether `line`, without its line break, has nothing but spaces and tabs. */
export function isBlankLine(line: Uint8Array): boolean {
  return line.every((byte) => byte === SPACE || byte === TAB);
}

/** Start and end of each line without its line end; blank ones only where other lines follow. */
export function* lineRanges(bytes: Uint8Array): Generator<readonly [start: number, end: number], void, undefined> {
  let end = bytes.length;
  const first = byteOrderMarkLength(bytes);
  while (end > first && isBlankByte(bytes[end - 1]!)) end--;
  for (let start = first; start < end; ) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const stop = feed < 0 || feed > end ? end : feed;
    yield [start, stop > start && bytes[stop - 1] === CARRIAGE_RETURN ? stop - 1 : stop];
    start = stop + 1;
  }
}

/** The error for a blank line with rows after it. */
export function blankLine(place: Place, line: number): ClientError {
  return new ClientError(
    'E_DATA_BLANK_LINE',
    `${place.label} ${place.unit} ${line}: expected a row; received a blank line. Remove it: only the end of a file may have blank lines.`,
  );
}

/** The error for a line that does not fit the buffer at its largest. */
export function lineTooLong(place: Place, line: number): ClientError {
  return new ClientError(
    'E_DATA_SIZE',
    `${place.label} ${place.unit} ${line}: a line must be at most ${MAX_LINE_BYTES} bytes; received a longer one. Check that the rows end with line breaks.`,
  );
}

// --- internal ---

const TAB = 0x09;
const SPACE = 0x20;

function isBlankByte(byte: number): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === SPACE || byte === TAB;
}
