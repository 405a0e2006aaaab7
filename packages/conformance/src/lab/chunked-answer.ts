/** A chunked answer with its chunks apart, as the platform sees them: it makes an event of each. RFC 9112 section 7.1. */
import type { SampleRequest } from '../profile/profile.js';
import { Broken, need } from '../verdict.js';
import { MAX_RECEIVED_BYTES, openConnection, type RawConnection, requestHead } from './raw-connection.js';

export interface ChunkedAnswer {
  readonly status: number;
  readonly isChunked: boolean;
  readonly chunks: readonly Buffer[];
}

/** How long a streamed answer may take in all. AWS Marketplace Seller Guide: Service restrictions and quotas. */
const STREAM_TIMEOUT_MS = 480_000;

/** Sends a request on a connection of its own. Close it in the end. @throws Broken when nothing listens */
export async function sendForStream(port: number, request: SampleRequest): Promise<RawConnection> {
  const { body, contentType, accept } = request;
  const connection = await openConnection(port);
  const headers = { 'Content-Type': contentType, ...(accept !== undefined && { Accept: accept }) };
  connection.write(
    requestHead('/invocations', { ...headers, 'Content-Length': String(body.length), Connection: 'close' }),
  );
  connection.write(body);
  return connection;
}

/** The whole answer. @throws Broken when it breaks off, or is not there in 8 minutes @throws NotTried when it is too large to be kept */
export async function readChunked(connection: RawConnection): Promise<ChunkedAnswer> {
  const { status, head } = await connection.answer();
  if (!/^transfer-encoding:.*\bchunked\b/im.test(head)) return { status, isChunked: false, chunks: [] };
  const start = head.length + HEAD_END.length;
  const chunks = await connection.find((received) => {
    const found = splitChunks(received.slice(start));
    if (found.isWhole) return found.chunks;
    const isRead = received.length <= MAX_RECEIVED_BYTES;
    need(isRead, `the answer has more than ${MAX_RECEIVED_BYTES / 2 ** 20} MB; give a request with a shorter one`);
    return undefined;
  }, STREAM_TIMEOUT_MS);
  return { status, isChunked: true, chunks };
}

// --- internal ---

const HEAD_END = '\r\n\r\n';

/** @param received the body as Latin-1 */
function splitChunks(received: string): { readonly chunks: readonly Buffer[]; readonly isWhole: boolean } {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = received.indexOf('\r\n', at);
    if (lineEnd < 0) return { chunks, isWhole: false };
    const line = received.slice(at, lineEnd);
    const size = /^[0-9a-f]+(?=$|[;\s])/i.exec(line)?.[0];
    if (size === undefined) throw new Broken(`a chunk of the answer has no size: ${JSON.stringify(line.slice(0, 40))}`);
    const length = Number.parseInt(size, 16);
    const start = lineEnd + 2;
    if (length === 0) return { chunks, isWhole: true };
    if (received.length < start + length + 2) return { chunks, isWhole: false };
    chunks.push(Buffer.from(received.slice(start, start + length), 'latin1'));
    at = start + length + 2;
  }
}
