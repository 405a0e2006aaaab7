/**
 * Reads a request body up to a limit. The declared length is checked before a byte is read, the real one while reading.
 */
import type { IncomingMessage } from 'node:http';
import { ClientError, PlatformError } from '../errors.js';
import type { Reservation } from './memory-budget.js';
import { STREAMED_BYTES } from './payload-limits.js';
import { PieceList, type Pieces } from './pieces.js';

/** The length that the head announces; 0 where it announces none. */
export function declaredLength(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0);
}

/** @throws ClientError E_REQUEST_SIZE when the declared length is over the limit */
export function checkDeclaredLength(request: IncomingMessage, maxBytes: number): void {
  const declared = declaredLength(request);
  if (declared > maxBytes) throw tooLarge(maxBytes, `${declared} bytes`);
}

/**
 * The whole body in the pieces in which it came, or undefined when the caller went away.
 * @param reservation room for the body; it must grow with one of no declared length
 * @param onPiece gets each piece as soon as it is there
 * @throws ClientError E_REQUEST_SIZE as soon as more than `maxBytes` have come; PlatformError E_BUSY when there is no
 *   room for more; the rest is left unread
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  reservation: Pick<Reservation, 'receive'>,
  onPiece?: (piece: Uint8Array) => void,
): Promise<Pieces | undefined> {
  let pieces = new PieceList(onPiece);
  let length = 0;
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      settle();
    };
    const refuse = (error: Error) => {
      request.pause();
      pieces = new PieceList(); // the request holds on to its listeners' variables
      finish(() => reject(error));
    };
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) return refuse(tooLarge(maxBytes, 'more'));
      if (!reservation.receive(chunk.length)) return refuse(noMoreRoom());
      pieces.add(chunk);
    };
    const onEnd = () => finish(() => resolve(pieces.finish()));
    const onClose = () => finish(() => resolve(undefined));
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

// --- internal ---

function tooLarge(maxBytes: number, received: string): ClientError {
  const hint =
    maxBytes === STREAMED_BYTES
      ? 'CSV, JSON Lines, libsvm and RecordIO have no limit; split other files.'
      : 'Send fewer rows per request.';
  return new ClientError(
    'E_REQUEST_SIZE',
    `The body must have at most ${maxBytes} bytes; received ${received}. ${hint}`,
  );
}

function noMoreRoom(): PlatformError {
  const message =
    'The requests in flight must fit in memory; there is no room for the rest of this one. Retry it later.';
  return new PlatformError('E_BUSY', message);
}
