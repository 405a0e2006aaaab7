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
  const hint = (at === 0 ? contentHint(bytes) : '') || pythonHint(bytes, at);
  return `expected valid JSON; received ${found} at byte ${at + 1}.${hint}`;
}

// --- internal ---

/** What Python's json.dumps and str write that JSON does not have. */
const PYTHON_FORMS: readonly (readonly [RegExp, string])[] = [
  [/^NaN\b/, ' JSON has no NaN: a missing value is null.'],
  [/^-?Infinity\b/, ' JSON has no Infinity: values must be finite.'],
  [/^(?:None|True|False)\b/, ' JSON writes null, true and false.'],
  [/^'/, ' JSON has double quotes ("): write it with json.dumps, not str.'],
];

function pythonHint(bytes: Uint8Array, at: number): string {
  const text = Buffer.from(bytes.subarray(at, at + LONGEST_FORM)).toString('latin1');
  return PYTHON_FORMS.find(([form]) => form.test(text))?.[1] ?? '';
}

/** -Infinity, and the character after it. */
const LONGEST_FORM = 10;

/** Enough of a value to recognise it. */
const SHOWN_CHARS = 60;

function firstChar(bytes: Uint8Array): string {
  return String.fromCodePoint(Buffer.from(bytes).toString('utf8').codePointAt(0)!);
}
