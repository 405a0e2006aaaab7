/**
 * The second word of a request line as the path that routes are found by. RFC 9112, 3.2: besides `/ping` a server must
 * take the absolute form that goes through proxies, `http://host/ping`, and `*` of OPTIONS. Percent-encoded letters and
 * digits are the letters and digits themselves (RFC 9110, 4.2.3), and a query is no part of the path.
 */

/** The path without query; `*` for the server as a whole. Anything that is not HTTP's stays as it came: no route has it. */
export function pathOf(target: string): string {
  if (/^\/[\w/-]*$/.test(target)) return target;
  const [, afterHost] = /^https?:\/\/[^/?#]+(.*)$/i.exec(target) ?? [];
  const path = (afterHost ?? target).split('?', 1)[0]!;
  if (path === '' && afterHost !== undefined) return '/';
  return path.replaceAll(/%[0-9a-f]{2}/gi, decodeUnreserved);
}

// --- internal ---

/** RFC 3986, 2.3: only these mean the same with and without encoding; `%2F` is not a slash between folders. */
function decodeUnreserved(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return /[A-Za-z0-9._~-]/.test(character) ? character : encoded;
}
