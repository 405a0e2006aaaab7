/**
 * JSON of requests before it is parsed: its syntax, with the byte at which it ends being JSON, as rows have it; and the keys
 * of its objects, of which JSON.parse keeps the last of each name, and zod's records drop `__proto__`.
 */
import { ClientError } from '../errors.js';
import { CHAR, JsonScanner } from '../formats/json/scanner.js';
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
