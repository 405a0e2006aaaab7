/**
 * The head of a request that may be answered from the bytes of the socket: in the one form that clients send, in which
 * nobody can read another length or another request. Whatever differs from it is no error here but a matter for Node's own
 * parser. Source: RFC 9112, sections 3, 5 and 6.
 */
import { CUSTOM_ATTRIBUTES_HEADER, type RequestHeaders } from '../message.js';
import { remembered } from '../remembered.js';
import { isHost } from '../request-head.js';
import { INFERENCE_ID_HEADER } from '../request-ids.js';
import { invocationHead } from '../router.js';
import type { RequestHead } from '../worker-message.js';

/** A request whose body is `bodyBytes` long. */
export interface DirectHead {
  readonly isPing: boolean;
  readonly bodyBytes: number;
  readonly headers: RequestHeaders;
  readonly request: RequestHead;
  /** Whether the connection ends with the answer. */
  readonly isLast: boolean;
}

/** Finds what is known of a head by its text, the empty line at its end left out; undefined: not in that form. */
export type FindHead = (text: string) => DirectHead | undefined;

/** The same client sends the same head again and again. */
export function createHeads(): FindHead {
  const find = remembered((text: string) => readHead(text) ?? NONE);
  return (text) => {
    const head = find(text);
    return head === NONE ? undefined : head;
  };
}

// --- internal ---

const INVOCATION = 'POST /invocations HTTP/1.1';
const PING = 'GET /ping HTTP/1.1';

const NONE: DirectHead = { isPing: false, bodyBytes: 0, headers: {}, request: invocationHead({}), isLast: false };

/** Name, colon, and visible ASCII: no folded line, no CR or LF alone. Blanks before the value are read a single time. */
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(?![ \t])((?:[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?)[ \t]*$/;
const LENGTH = /^\d{1,9}$/;

/** Fields that change what a message is, where it ends, or what is answered first. */
const NOT_HERE: ReadonlySet<string> = new Set([
  'content-encoding',
  'expect',
  'proxy-connection', // to Node's parser the same as Connection
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);
/** Others of the platform's own fields may ask for what only the whole server knows. */
const PLATFORM = 'x-amzn-sagemaker-';
const KNOWN: ReadonlySet<string> = new Set([CUSTOM_ATTRIBUTES_HEADER, INFERENCE_ID_HEADER]);

function readHead(text: string): DirectHead | undefined {
  const [start, ...lines] = text.split('\r\n');
  if (start !== INVOCATION && start !== PING) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, written, value] = FIELD.exec(line) ?? [];
    if (written === undefined || value === undefined) return undefined;
    const name = written.toLowerCase();
    if (NOT_HERE.has(name) || Object.hasOwn(headers, name)) return undefined;
    if (name.startsWith(PLATFORM) && !KNOWN.has(name)) return undefined;
    headers[name] = value;
  }
  const isPing = start === PING;
  const { host, connection = 'keep-alive', 'content-length': length = isPing ? '0' : '' } = headers;
  if (host === undefined || !isHost(host) || !/^(keep-alive|close)$/i.test(connection) || !LENGTH.test(length))
    return undefined;
  const bodyBytes = Number(length);
  if (isPing && bodyBytes > 0) return undefined;
  return { isPing, bodyBytes, headers, request: invocationHead(headers), isLast: connection.toLowerCase() === 'close' };
}
