/**
 * JSON as XGBoost reads and writes it: it has bare NaN and Infinity, and its reader distinguishes integers from floats
 * by their notation, so a float is always written with a point or an exponent, in the fewest digits that give the same
 * float32 back.
 */
import { constants } from 'node:buffer';
import { ClientError } from '@algo/contract';

/** Where a string begins, so that words inside are passed over, or a word that stands for a number. */
const QUOTE_OR_SPECIAL = /"|-?\b(?:Infinity|NaN|inf|nan)\b/g;
/** Characters of the longest text that JavaScript has: 512 MiB of ASCII. */
const MAX_CHARS = constants.MAX_STRING_LENGTH;

/**
 * The value that `content` (UTF-8) holds. NaN becomes the string "NaN", Infinity a number.
 * @throws ClientError E_MODEL when it is not JSON, or too long to be read
 */
export function parseJson(content: Uint8Array, file: string): unknown {
  if (content.byteLength > MAX_CHARS) {
    throw new ClientError(
      'E_MODEL',
      `${file}: a model as JSON must have at most ${MAX_CHARS} bytes; received ${content.byteLength}. Save it as UBJSON, a third of the size: booster.save_model("model.ubj").`,
    );
  }
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    try {
      const spelled = spellSpecials(text);
      if (spelled !== text) return JSON.parse(spelled);
    } catch {
      // The first error has the positions of the file as it is.
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new ClientError('E_MODEL', `${file}: not valid JSON: ${reason}. Copy the file again.`, { cause: error });
  }
}

/** Text of a float32 that XGBoost's reader takes as a float and rounds to the same value: `0.1`, `3E0`, `-1.5e-7`. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Infinity' : 'Infinity';
  const text = shortestFloat(value);
  return /[.e]/.test(text) ? text : `${text}E0`;
}

// --- internal ---

/** 9 digits always identify a float32, 6 are always kept: FLT_DECIMAL_DIG and FLT_DIG of C. */
const MOST_DIGITS = 9;
const FEWEST_DIGITS = 6;

function shortestFloat(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const exact = String(value);
  if (exact.length <= FEWEST_DIGITS) return exact;
  for (let digits = FEWEST_DIGITS; digits < MOST_DIGITS; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(MOST_DIGITS)));
}

/** Bare words for what JSON lacks become what `JSON.parse` reads. One pass, whatever the text; words in strings stay. */
function spellSpecials(text: string): string {
  const parts: string[] = [];
  const next = new RegExp(QUOTE_OR_SPECIAL);
  let kept = 0;
  for (let match = next.exec(text); match; match = next.exec(text)) {
    if (match[0] === '"') {
      next.lastIndex = stringEnd(text, match.index);
    } else {
      parts.push(text.slice(kept, match.index), spellSpecial(match[0]));
      kept = next.lastIndex;
    }
  }
  return parts.join('') + text.slice(kept);
}

/** Index after the string that opens at `quote`; the end of the text when it does not close. */
function stringEnd(text: string, quote: number): number {
  for (let from = quote + 1; ; ) {
    const end = text.indexOf('"', from);
    if (end === -1) return text.length;
    let backslashes = 0;
    while (end - backslashes > from && text[end - backslashes - 1] === '\\') backslashes++;
    from = end + 1;
    if (backslashes % 2 === 0) return from;
  }
}

function spellSpecial(token: string): string {
  if (/nan/i.test(token)) return '"NaN"';
  return token.startsWith('-') ? '-1e999' : '1e999';
}
