/**
 * Text from outside as a log line, a message or the failure file shows it: on one line, with nothing in it that cannot be
 * seen. File names and values of a caller reach all three.
 */

/**
 * `text` with every character escaped that has no shape of its own: control characters and line ends, what turns the
 * direction of writing, zero-width characters, every blank but the plain one, unpaired surrogates and unassigned ones.
 */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replaceAll(UNSEEN, escaped);
}

/** As a JSON string of at most `limit` characters, for a value in a message. */
export function quoted(text: string, limit = 40): string {
  // This many code units are enough for the characters that are shown, however long the text is.
  const chars = [...text.slice(0, 2 * limit + 2)];
  return visible(JSON.stringify(chars.length > limit ? `${chars.slice(0, limit - 1).join('')}…` : text));
}

/** `text` cut to `limit` characters, for what is named and not quoted. */
export function shortened(text: string, limit = 80): string {
  const chars = [...text.slice(0, 2 * limit + 2)];
  return visible(chars.length > limit ? `${chars.slice(0, limit).join('')}…` : text);
}

// --- internal ---

const PLAIN = /^[\x20-\x7e]*$/;
/** Other (control, format, surrogate, private, unassigned), separators but U+0020, and fillers that are drawn as nothing. */
const UNSEEN =
  /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}|[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\p{Variation_Selector}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(char: string): string {
  const code = char.codePointAt(0)!;
  return SHORT[char] ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`);
}
