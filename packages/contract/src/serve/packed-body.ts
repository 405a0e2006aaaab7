/**
 * Request bodies with Content-Encoding gzip or zstd, unpacked by the process that reads them. A body says how long it is
 * unpacked, of gzip at its end, of zstd at its beginning or not at all: that is what it counts for while it waits.
 * Sources: RFC 1952, 2.3.1; RFC 8878, 3.1.1.1.
 */
import { type Packing, packingOfCoding } from '../channels/packings.js';
import { ZstdFrame } from '../channels/zstd-frame.js';
import { ClientError } from '../errors.js';
import type { Bytes, InvocationRequest } from './message.js';
import { byteLength, type Pieces } from './pieces.js';

/** How the body is packed; undefined: not at all, or in a way that is refused. */
export function packingOfBody({ contentEncoding }: Pick<InvocationRequest, 'contentEncoding'>): Packing | undefined {
  return contentEncoding === undefined ? undefined : packingOfCoding(contentEncoding);
}

/**
 * Bytes that the body of a request is while it is read; no more than it can be.
 * @param maxBytes of a body, unpacked
 */
export function readBytes(
  request: Pick<InvocationRequest<Bytes>, 'body' | 'contentEncoding'>,
  maxBytes = Number.POSITIVE_INFINITY,
): number {
  const pieces = request.body instanceof Uint8Array ? [request.body] : request.body;
  const length = byteLength(pieces);
  const packing = packingOfBody(request);
  if (!packing) return length;
  const declared = DECLARED[packing.coding](pieces) ?? Number.POSITIVE_INFINITY;
  return Math.max(length, Math.min(declared, length * MAX_RATIO, maxBytes));
}

/**
 * The request with its body unpacked.
 * @param maxBytes of the body, unpacked
 * @throws ClientError E_REQUEST_SIZE when it is longer, or larger than any rows are; E_REQUEST_BODY when it is damaged
 */
export async function unpacked(
  request: InvocationRequest,
  packing: Packing,
  maxBytes: number,
): Promise<InvocationRequest> {
  return { ...request, body: await unpack(request.body, packing, maxBytes), contentEncoding: undefined };
}

// --- internal ---

/** Text of equal rows; what is packed more closely is there to fill memory. */
const MAX_RATIO = 500;
const FREE_BYTES = 1024 * 1024;

async function unpack(body: Uint8Array, packing: Packing, maxBytes: number): Promise<Uint8Array> {
  const most = Math.max(1, Math.min(maxBytes, Math.max(FREE_BYTES, body.length * MAX_RATIO)));
  const declared = DECLARED[packing.coding]([body]);
  const isWithin = declared !== undefined && declared <= most;
  if (!isWhole(body, packing)) throw damaged(packing);
  try {
    const { buffer, engine } = await packing.unpackMemberAside(body, isWithin ? Math.max(1, declared) : most);
    const isAll = body.length > 0 && engine.bytesWritten === body.length;
    if (isAll && buffer.length === (declared ?? buffer.length)) return buffer;
  } catch (cause) {
    const isLonger = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    if (!isLonger || isWithin) throw damaged(packing, { cause });
    throw tooLarge(most === maxBytes ? `${maxBytes} bytes` : `${MAX_RATIO} times its size, ${most} bytes,`);
  }
  throw damaged(packing);
}

/** Whether it is a frame that ends where the body does; of gzip the engine sees that. */
function isWhole(body: Uint8Array, packing: Packing): boolean {
  const frame = packing.createFrame?.();
  return !frame || (frame.endIn(body) === body.length && !frame.hasEmptyPack);
}

/** How long a body says that it is unpacked; undefined where it does not say. */
const DECLARED: Readonly<Record<Packing['coding'], (pieces: Pieces) => number | undefined>> = {
  /** In the last four bytes. */
  gzip(pieces) {
    const end = Buffer.concat(lastBytes(pieces, 4));
    return end.length === 4 ? end.readUInt32LE() : 0;
  },
  zstd(pieces) {
    const frame = new ZstdFrame();
    frame.endIn(firstBytes(pieces, ZSTD_HEADER_BYTES));
    return frame.contentBytes;
  },
};

/** Magic, descriptor, window, dictionary, size. */
const ZSTD_HEADER_BYTES = 4 + 1 + 1 + 4 + 8;

function firstBytes(pieces: Pieces, count: number): Buffer {
  const found: Uint8Array[] = [];
  for (let index = 0, missing = count; index < pieces.length && missing > 0; index++) {
    const part = pieces[index]!.subarray(0, missing);
    found.push(part);
    missing -= part.length;
  }
  return Buffer.concat(found);
}

function lastBytes(pieces: Pieces, count: number): Uint8Array[] {
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

function damaged({ coding }: Packing, options?: ErrorOptions): ClientError {
  const unit = coding === 'gzip' ? 'gzip member' : 'zstd frame with a window of at most 8 MiB';
  const message = `request: the body must be one whole ${unit}, as Content-Encoding says; it is not.`;
  return new ClientError('E_REQUEST_BODY', message, options);
}
