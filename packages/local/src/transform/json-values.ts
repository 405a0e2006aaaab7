/**
 * JSON as records have it. Integers keep their digits on the way through, because an id of 64 bits is none of JavaScript's
 * numbers; what is written is compact with its names in order, as outputs of the service are.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Of a value from `parseJson`. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !exact.isRawJSON(value);
}

/** @throws SyntaxError */
export function parseJson(text: string): unknown {
  return LARGE_NUMBER.test(text) ? exact.parse(text, keepDigits) : JSON.parse(text);
}

/** @param value from `parseJson`, or made of such values */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) => (isObject(item) ? inOrder(item) : item));
}

// --- internal ---

/** Node has these since version 21; TypeScript's library does not yet: tc39/proposal-json-parse-with-source. */
const exact = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
};

/** What may be a number that is none of JavaScript's: 16 digits, or an exponent of three. Strings are looked at too. */
const LARGE_NUMBER = /(?<![\d.])\d{16}|\d[eE]\+?\d{3}/;

function keepDigits(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  return typeof value === 'number' && source !== undefined && String(value) !== source ? exact.rawJSON(source) : value;
}

function inOrder(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
