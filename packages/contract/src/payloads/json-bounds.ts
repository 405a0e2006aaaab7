/**
 * Bounds on JSON from outside, found in one pass over its bytes before anything is made of them: objects take some thirty
 * times the memory of the few bytes that spell them, and what is nested deep takes the stack of whoever walks through it.
 */
import { ClientError } from '../errors.js';

/** As the rows of JSON requests have it. */
export const MAX_DEPTH = 64;
/** Values of a document: numbers, texts, lists and all else. */
export const MAX_VALUES = 1_000_000;

/**
 * How many keys the objects of the JSON have together. Passes over it well formed or not; the number is one of keys only
 * where it is.
 * @throws ClientError E_REQUEST_BODY when it is nested deeper than MAX_DEPTH, E_REQUEST_SIZE when it has more than MAX_VALUES values
 */
export function checkJsonBounds(bytes: Uint8Array): number {
  let depth = 0;
  let keys = 0;
  // Every value but the first of a list or object follows a comma, and that one an opening bracket.
  let values = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) at = textEnd(bytes, at);
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      values += 1;
      if (++depth > MAX_DEPTH) throw tooDeep();
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
    else if (byte === COMMA) values += 1;
    else if (byte === COLON) keys += 1;
    if (values > MAX_VALUES) throw tooMany();
  }
  return keys;
}

// --- internal ---

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Where the text that opens at `open` is closed; the end of the bytes when it is not. */
function textEnd(bytes: Uint8Array, open: number): number {
  for (let at = open + 1; at < bytes.length; at++) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at;
  }
  return bytes.length;
}

function tooDeep(): ClientError {
  return new ClientError('E_REQUEST_BODY', `request: JSON must be nested at most ${MAX_DEPTH} deep; received more.`);
}

function tooMany(): ClientError {
  return new ClientError(
    'E_REQUEST_SIZE',
    `request: JSON must have at most ${MAX_VALUES} values; received more. Send fewer per request.`,
  );
}
