/**
 * Text of a request body: decoded, and cut into lines without copies of the whole. A UTF-8 byte order mark and trailing
 * blank lines are skipped; a line ends with LF or CRLF.
 */
const LINE_FEED = 0x0a;

/** The body as text without its byte order mark. */
export function decodeText(body: Uint8Array): string {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Whether the body holds nothing but a byte order mark, blanks and line ends. */
export function isBlank(body: Uint8Array): boolean {
  const start = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  for (let i = start; i < body.length; i++) {
    const byte = body[i]!;
    if (byte !== LINE_FEED && byte !== 0x0d && byte !== 0x20 && byte !== 0x09) return false;
  }
  return true;
}

/** Upper bound of the number of lines: line feeds, and one for a last line without. */
export function countLines(body: Uint8Array): number {
  let count = 1;
  for (let i = body.indexOf(LINE_FEED); i >= 0; i = body.indexOf(LINE_FEED, i + 1)) count += 1;
  return count;
}

/** The lines without their ends; blank ones only where other lines follow. */
export function* linesOf(text: string): Generator<string> {
  const end = text.trimEnd().length;
  for (let start = 0; start < end; ) {
    const feed = text.indexOf('\n', start);
    const stop = feed < 0 || feed > end ? end : feed;
    yield text.slice(start, text[stop - 1] === '\r' ? stop - 1 : stop);
    start = stop + 1;
  }
}
