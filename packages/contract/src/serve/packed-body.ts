/**
 * Request bodies with Content-Encoding gzip, unpacked by the process that reads them. A body says at its end how long it is
 * unpacked (RFC 1952, 2.3.1): that is what it counts for while it waits, and what it may become.
 */
import { promisify } from 'node:util';
import { ClientError } from '../errors.js';
import type { Bytes, InvocationRequest } from './message.js';
import { byteLength } from './pieces.js';

/** Whether the body is to be unpacked. */
export function isPacked({ contentEncoding }: Pick<InvocationRequest, 'contentEncoding'>): boolean {
  return contentEncoding !== undefined && /^(?:x-)?gzip$/i.test(contentEncoding);
}

/** Bytes that the body of a request is while it is read; no more than it can be. */
export function readBytes(request: Pick<InvocationRequest<Bytes>, 'body' | 'contentEncoding'>): number {
  const pieces = request.body instanceof Uint8Array ? [request.body] : request.body;
  const length = byteLength(pieces);
  if (!isPacked(request)) return length;
  return Math.max(length, Math.min(declaredBytes(pieces), length * MAX_RATIO));
}

/**
 * The request with its body unpacked.
 * @param maxBytes of the body, unpacked
 * @throws ClientError E_REQUEST_SIZE when it is longer, or larger than any rows are; E_REQUEST_BODY when it is damaged
 */
export async function unpacked(request: InvocationRequest, maxBytes: number): Promise<InvocationRequest> {
  const { body } = request;
  return { ...request, body: await unpack(body, declaredBytes([body]), maxBytes), contentEncoding: undefined };
}

// --- internal ---

/** Text of equal rows; what is packed more closely is there to fill memory. */
const MAX_RATIO = 500;
const FREE_BYTES = 1024 * 1024;

async function unpack(body: Uint8Array, declared: number, maxBytes: number): Promise<Uint8Array> {
  const mostByRatio = Math.max(FREE_BYTES, body.length * MAX_RATIO);
  const most = Math.max(1, Math.min(declared, maxBytes, mostByRatio));
  try {
    const { gunzip } = await import('node:zlib');
    const text = await promisify(gunzip)(body, { maxOutputLength: most });
    if (text.length === declared) return text;
  } catch (cause) {
    const isLonger = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    if (!isLonger || declared <= most) throw damaged({ cause });
    throw tooLarge(most === maxBytes ? `${maxBytes} bytes` : `${MAX_RATIO} times its size, ${most} bytes,`);
  }
  throw damaged();
}

/** Length of all, in the last four bytes. */
function declaredBytes(pieces: readonly Uint8Array[]): number {
  const end = Buffer.concat(lastBytes(pieces, 4));
  return end.length === 4 ? end.readUInt32LE() : 0;
}

function lastBytes(pieces: readonly Uint8Array[], count: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let index = pieces.length - 1, missing = count; index >= 0 && missing > 0; index--) {
    const part = pieces[index]!.subarray(-missing);
    found.unshift(part);
    missing -= part.length;
  }
  return found;
}

function tooLarge(limit: string): ClientError {
  const message = `request: the body must have at most ${limit} when unpacked; it has more. Send fewer rows per request.`;
  return new ClientError('E_REQUEST_SIZE', message);
}

function damaged(options?: ErrorOptions): ClientError {
  const message = 'request: the body must be one whole gzip member, as Content-Encoding says; it is not.';
  return new ClientError('E_REQUEST_BODY', message, options);
}
