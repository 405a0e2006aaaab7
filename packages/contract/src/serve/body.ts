/**
 * Reads a request body up to a limit. The declared length is checked before a byte is read, the real one while reading.
 */
import type { IncomingMessage } from 'node:http';
import { ClientError } from '../errors.js';

/** Above this, room is not set aside for a body that has only been announced. */
const PREALLOCATED_BYTES = 1024 * 1024;

/** @throws ClientError E_REQUEST_SIZE when the declared length is over the limit */
export function checkDeclaredLength(request: IncomingMessage, maxBytes: number): void {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes, `${declared} bytes`);
}

/**
 * The whole body, or undefined when the caller went away.
 * @throws ClientError E_REQUEST_SIZE as soon as more than `maxBytes` have come; the rest is left unread
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const declared = Number(request.headers['content-length'] ?? 0);
  let buffer: Buffer = Buffer.allocUnsafe(Math.min(declared, PREALLOCATED_BYTES));
  let length = 0;
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      settle();
    };
    const onData = (chunk: Buffer) => {
      const needed = length + chunk.length;
      if (needed > maxBytes) {
        request.pause();
        finish(() => reject(tooLarge(maxBytes, 'more')));
        return;
      }
      if (needed > buffer.length) {
        const doubled = Math.max(needed, buffer.length * 2);
        buffer = grow(buffer, length, declared > 0 ? Math.min(declared, doubled) : doubled);
      }
      chunk.copy(buffer, length);
      length = needed;
    };
    const onEnd = () => finish(() => resolve(buffer.subarray(0, length)));
    const onClose = () => finish(() => resolve(undefined));
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

// --- internal ---

function tooLarge(maxBytes: number, received: string): ClientError {
  const hint = 'Send fewer rows a request.';
  return new ClientError(
    'E_REQUEST_SIZE',
    `The body must have at most ${maxBytes} bytes; received ${received}. ${hint}`,
  );
}

function grow(buffer: Buffer, used: number, size: number): Buffer {
  const larger = Buffer.allocUnsafe(size);
  buffer.copy(larger, 0, 0, used);
  return larger;
}
