/**
 * Lines of a request body, as ranges of its bytes. A UTF-8 byte order mark and trailing blank lines are skipped; a line
 * ends with LF or CRLF.
 */
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Bytes of the byte order mark that the body begins with: 3 or 0. */
export function byteOrderMarkLength(body: Uint8Array): number {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
}

/** Whether the body holds nothing but a byte order mark, blanks and line ends. */
export function isBlank(body: Uint8Array): boolean {
  return isBlankRange(body, byteOrderMarkLength(body), body.length);
}

/** Whether [start, end) holds nothing but blanks and line ends. */
export function isBlankRange(body: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isBlankByte(body[i]!)) return false;
  return true;
}

/** Start and end of each line without its line end; blank ones only where other lines follow. */
export function* lineRanges(body: Uint8Array): Generator<readonly [start: number, end: number], void, undefined> {
  let end = body.length;
  const first = byteOrderMarkLength(body);
  while (end > first && isBlankByte(body[end - 1]!)) end--;
  for (let start = first; start < end; ) {
    const feed = body.indexOf(LINE_FEED, start);
    const stop = feed < 0 || feed > end ? end : feed;
    yield [start, stop > start && body[stop - 1] === CARRIAGE_RETURN ? stop - 1 : stop];
    start = stop + 1;
  }
}

// --- internal ---

function isBlankByte(byte: number): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === 0x20 || byte === 0x09;
}
