/**
 * Delimiters other than the comma, found out from the first line of a file as SageMaker's XGBoost container does. Such a
 * file goes through the same kernel: commas stand for its delimiter in the input, and a comma in it (`1;2,5`, a
 * decimal comma) becomes part of a bad number, never a column.
 */

import { byteOrderMarkLength } from '../text/lines.js';

export const COMMA = 0x2c;
const QUOTE = 0x22;
const TAB = 0x09;
const SPACE = 0x20;
/** Bytes that are in no UTF-8. */
const NO_TEXT = 0xff;
const OTHER_NO_TEXT = 0xfe;
/** Semicolon, vertical bar. */
const OTHERS = [0x3b, 0x7c];

/**
 * The delimiter of `line`: the comma when it has one, else what it has of `;`, tab and `|`, if only one of these. A tab
 * before or behind everything is a blank.
 */
export function delimiterOf(line: Uint8Array): number {
  const found = new Set<number>();
  let isQuoted = false;
  /** Something but blanks was seen, and a tab after it. */
  let hasContent = false;
  let hasTab = false;
  for (const byte of line) {
    if (byte === QUOTE) isQuoted = !isQuoted;
    if (!isQuoted && byte === COMMA) return COMMA;
    if (!isQuoted && OTHERS.includes(byte)) found.add(byte);
    if (!isQuoted && byte === TAB) hasTab ||= hasContent;
    else if (byte !== SPACE) {
      if (hasTab) found.add(TAB);
      hasContent = true;
    }
  }
  const [delimiter = COMMA] = found;
  return found.size === 1 ? delimiter : COMMA;
}

/**
 * Whether `line` has a comma outside quotes, and no byte order mark: a body that begins with it is separated by commas, as any
 * body is that may have it as a later line. So it is not blank either.
 */
export function hasCommas(line: Uint8Array): boolean {
  if (byteOrderMarkLength(line) > 0) return false;
  let isQuoted = false;
  for (const byte of line) {
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (byte === COMMA && !isQuoted) return true;
  }
  return false;
}

/** As messages call it. */
export function delimiterName(delimiter: number): string {
  return delimiter === TAB ? 'a tab' : delimiter === COMMA ? 'a comma' : `"${String.fromCharCode(delimiter)}"`;
}

/** Puts the comma in the place of `delimiter` in [start, end) of `bytes`, and for a comma what no number holds. */
export function toCommas(bytes: Uint8Array, start: number, end: number, delimiter: number): void {
  if (delimiter === COMMA) return;
  const other = standIn(delimiter);
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === delimiter) bytes[at] = COMMA;
    else if (byte === COMMA) bytes[at] = other;
    else if (byte === NO_TEXT && other === NO_TEXT) bytes[at] = OTHER_NO_TEXT; // still wrong, but no comma
  }
}

/** A copy of `bytes` as `toCommas` leaves them. */
export function inCommas(bytes: Uint8Array, delimiter: number): Uint8Array {
  const copy = bytes.slice();
  toCommas(copy, 0, copy.length, delimiter);
  return copy;
}

/** `bytes` as they were before `toCommas`: a copy where they differ. */
export function fromCommas(bytes: Uint8Array, delimiter: number): Uint8Array {
  if (delimiter === COMMA) return bytes;
  const other = standIn(delimiter);
  return bytes.map((byte) => (byte === COMMA ? delimiter : byte === other ? COMMA : byte));
}

// --- internal ---

/** A tab would be a blank at the edge of a number. A byte that text may have would become a comma. */
function standIn(delimiter: number): number {
  return delimiter === TAB ? NO_TEXT : delimiter;
}
