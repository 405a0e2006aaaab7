/** Texts of JSON, from bytes. */

/**
 * Where the text behind the quote before `start` ends: the place of its closing quote, by the grammar of RFC 8259 (no
 * control characters, and its escapes only); where a byte cannot be there, the complement (~) of that byte's place.
 */
export function endOfText(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const char = bytes[at]!;
    if (char === QUOTE) return at;
    if (char < 0x20) return ~at;
    if (char !== BACKSLASH) continue;
    const length = escapeLength(bytes, ++at, end);
    if (length === 0) return ~at;
    at += length - 1;
  }
  return ~end;
}

/** The text in [start, end), without its quotes. */
export function textIn(bytes: Uint8Array, start: number, end: number): string {
  const written = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  return isPlain(bytes, start, end) ? written.toString('latin1') : JSON.parse(`"${written.toString('utf8')}"`);
}

// --- internal ---

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ESCAPED = Buffer.from('"\\/bfnrt');
/** `u` and four digits. */
const UNICODE_BYTES = 5;

/** Bytes of an escape behind its backslash; 0 for what is none. */
function escapeLength(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return 0;
  if (bytes[at] !== 0x75) return ESCAPED.includes(bytes[at]!) ? 1 : 0;
  for (let i = 1; i < UNICODE_BYTES; i++) {
    const digit = at + i < end ? bytes[at + i]! : -1;
    const isHex = (digit >= 0x30 && digit <= 0x39) || ((digit | 0x20) >= 0x61 && (digit | 0x20) <= 0x66);
    if (!isHex) return 0;
  }
  return UNICODE_BYTES;
}

/** ASCII without escapes: its bytes are its characters. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! >= 0x80 || bytes[at] === BACKSLASH) return false;
  return true;
}
