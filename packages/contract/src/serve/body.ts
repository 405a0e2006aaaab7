/**
 * Reads a request body up to a limit. The declared length is checked before a byte is read, the real one while reading.
 */
import type { IncomingMessage } from 'node:http';
import { ClientError, PlatformError } from '../errors.js';
import type { Reservation } from './memory-budget.js';

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
 * The whole body, or undefined when the caller went away.
 * @param reservation room for the body; it must grow with one of no declared length
 * @throws ClientError E_REQUEST_SIZE as soon as more than `maxBytes` have come; PlatformError E_BUSY when there is no
 *   room for more; the rest is left unread
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  reservation: Pick<Reservation, 'receive'>,
): Promise<Buffer | undefined> {
  // Room that has only been announced takes no memory until it is written to.
  let buffer: Buffer = Buffer.allocUnsafe(declaredLength(request));
  let length = 0;
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      settle();
    };
    const refuse = (error: Error) => {
      request.pause();
      buffer = NOTHING;
      finish(() => reject(error));
    };
    const onData = (chunk: Buffer) => {
      const needed = length + chunk.length;
      if (needed > maxBytes) return refuse(tooLarge(maxBytes, 'more'));
      if (!reservation.receive(chunk.length)) return refuse(noMoreRoom());
      if (needed > buffer.length) buffer = grow(buffer, length, Math.max(needed, buffer.length * 2));
      chunk.copy(buffer, length);
      length = needed;
    };
    const onEnd = () => finish(() => resolve(buffer.subarray(0, length)));
    const onClose = () => finish(() => resolve(undefined));
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

// --- internal ---

const NOTHING = Buffer.alloc(0);

function tooLarge(maxBytes: number, received: string): ClientError {
  const hint = 'Send fewer rows per request.';
  return new ClientError(
    'E_REQUEST_SIZE',
    `The body must have at most ${maxBytes} bytes; received ${received}. ${hint}`,
  );
}

function noMoreRoom(): PlatformError {
  const message =
    'The requests in flight must fit into memory; there is no room for the rest of this one. Send it again later.';
  return new PlatformError('E_BUSY', message);
}

function grow(buffer: Buffer, used: number, size: number): Buffer {
  const larger = Buffer.allocUnsafe(size);
  buffer.copy(larger, 0, 0, used);
  return larger;
}
