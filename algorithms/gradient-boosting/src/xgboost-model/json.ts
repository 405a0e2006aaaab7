/**
 * JSON as XGBoost reads and writes it: it has bare NaN and Infinity, and its reader tells integers from floats by how
 * they are spelt, so a float is always written with a point or an exponent, in the fewest digits that give the same
 * float32 back.
 */
import { ClientError } from '@algo/contract';

/** Strings are matched first so that a word inside one is left alone. */
const SPECIAL_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|-?\bNaN\b|-?\binf\b|-?\bnan\b/g;

/**
 * The value that `content` (UTF-8) holds. NaN becomes the string "NaN", Infinity a number.
 * @throws ClientError E_MODEL when it is not JSON
 */
export function parseJson(content: Uint8Array, file: string): unknown {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    const spelled = text.replace(SPECIAL_NUMBERS, spellSpecial);
    if (spelled !== text) {
      try {
        return JSON.parse(spelled);
      } catch {
        // The first error has the positions of the file as it is.
      }
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

function spellSpecial(token: string): string {
  if (token.startsWith('"')) return token;
  if (/nan/i.test(token)) return '"NaN"';
  return token.startsWith('-') ? '-1e999' : '1e999';
}
