/** How messages show what a text of JSON has. */
import { quoted, visible } from '../../visible.js';
import { contentHint } from '../content-hint.js';

/** The value in [start, end) of the text, cut where it is long. */
export function shownValue(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.subarray(start, Math.min(end, start + SHOWN_CHARS * 4))).toString('utf8');
  const isCut = end - start > SHOWN_CHARS * 4 || text.length > SHOWN_CHARS;
  return visible(isCut ? `${text.slice(0, SHOWN_CHARS)}…` : text);
}

/** A sentence about the byte at `at`, which cannot be there; with what the text may be instead where it is the first. */
export function unexpectedByte(bytes: Uint8Array, at: number, end: number): string {
  const found = at < end ? quoted(firstChar(bytes.subarray(at, at + 4))) : 'the end';
  return `expected valid JSON; received ${found} at byte ${at + 1}.${at === 0 ? contentHint(bytes) : ''}`;
}

// --- internal ---

/** Enough of a value to recognise it. */
const SHOWN_CHARS = 60;

function firstChar(bytes: Uint8Array): string {
  return String.fromCodePoint(Buffer.from(bytes).toString('utf8').codePointAt(0)!);
}
