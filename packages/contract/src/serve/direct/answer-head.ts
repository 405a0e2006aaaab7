/** The head of an answer, as Node's own server writes it. */
import type { Answer, Bytes } from '../message.js';

/**
 * Status line and fields with the empty line at their end; undefined for a field that cannot be written as it is.
 * @param keepAliveSeconds how long the connection is kept; undefined: it ends with this answer
 */
export function answerHead(
  { status, headers }: Pick<Answer<Bytes>, 'status' | 'headers'>,
  bodyBytes: number,
  keepAliveSeconds: number | undefined,
): string | undefined {
  let text = STATUS_LINES.get(status);
  if (text === undefined) return undefined;
  for (const name in headers) {
    const value = headers[name]!;
    if (!FIELD_VALUE.test(value)) return undefined;
    text += `${name}: ${value}\r\n`;
  }
  if (status !== 204) text += `Content-Length: ${bodyBytes}\r\n`;
  text += `Date: ${date()}\r\n`;
  if (keepAliveSeconds === undefined) return `${text}Connection: close\r\n\r\n`;
  return `${text}Connection: keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}\r\n\r\n`;
}

// --- internal ---

/** Those that small requests get; any other one is a matter for Node's own server. */
const STATUS_LINES: ReadonlyMap<number, string> = new Map([
  [200, 'HTTP/1.1 200 OK\r\n'],
  [204, 'HTTP/1.1 204 No Content\r\n'],
  [400, 'HTTP/1.1 400 Bad Request\r\n'],
  [406, 'HTTP/1.1 406 Not Acceptable\r\n'],
  [413, 'HTTP/1.1 413 Payload Too Large\r\n'],
  [415, 'HTTP/1.1 415 Unsupported Media Type\r\n'],
  [500, 'HTTP/1.1 500 Internal Server Error\r\n'],
  [503, 'HTTP/1.1 503 Service Unavailable\r\n'],
]);

const FIELD_VALUE = /^[\t\x20-\x7e]*$/;

let dateSecond = 0;
let dateText = '';

/** The time, in whole seconds. */
function date(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(second * 1000).toUTCString();
  }
  return dateText;
}
