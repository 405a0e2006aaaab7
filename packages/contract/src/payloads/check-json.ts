/**
 * What JSON.parse does not say of a request: the byte at which it ends being JSON, as rows have it, and the keys that it or
 * zod drops, since JSON.parse keeps the last of each name, and zod's records no `__proto__`. The scan takes several times as
 * long as JSON.parse, so it is for what failed, or has fewer keys than were written.
 */
import { ClientError } from '../errors.js';
import { CHAR } from '../formats/json/characters.js';
import { JsonScanner } from '../formats/json/scanner.js';
import { byteOrderMarkLength } from '../formats/text/lines.js';
import { quoted } from '../visible.js';

/**
 * @param bytes within the bounds of `checkJsonBounds`
 * @throws ClientError E_REQUEST_BODY for what is no JSON, for a key that an object has twice, and for `__proto__`
 */
export function checkJson(bytes: Uint8Array): void {
  const scanner = new JsonScanner(bytes, () => 'request', 'E_REQUEST_BODY');
  scanner.within(byteOrderMarkLength(bytes), bytes.length);
  checkValue(scanner);
  scanner.finish();
}

/**
 * How many keys, `__proto__` left out, the objects have together.
 * @param value as JSON.parse returned it
 */
export function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const element of value) count += countKeys(element);
    return count;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(members)) count += (key === '__proto__' ? 0 : 1) + countKeys(members[key]);
  return count;
}

// --- internal ---

/** Calls itself as deep as JSON may be nested. */
function checkValue(scanner: JsonScanner): void {
  const char = scanner.peek();
  if (char !== CHAR.openObject && char !== CHAR.openList) {
    scanner.skip();
    return;
  }
  const keys = char === CHAR.openObject ? new Set<string>() : undefined;
  if (!scanner.open(char)) return;
  do {
    if (keys) checkKey(scanner, keys);
    checkValue(scanner);
  } while (scanner.more(char));
}

function checkKey(scanner: JsonScanner, keys: Set<string>): void {
  scanner.peek();
  const at = scanner.position + 1;
  const key = scanner.key();
  if (key === '__proto__') {
    throw new ClientError(
      'E_REQUEST_BODY',
      `request: JSON must not have the key "__proto__"; received it at byte ${at}.`,
    );
  }
  if (keys.has(key)) {
    throw new ClientError(
      'E_REQUEST_BODY',
      `request: an object of JSON must have each key once; received ${quoted(key)} again at byte ${at}.`,
    );
  }
  keys.add(key);
}
