/** What the caller of a request learns that ran out of memory: that it is too large, or that too many models are loaded. */
import { ClientError } from '../errors.js';
import { isMemoryFull, isOutOfMemory } from '../out-of-memory.js';
import { noRoomToPredict } from './models/model-errors.js';

/** `error` itself where memory is not the reason. @param isOfMany whether other models may take the memory */
export function withoutMemory(error: unknown, isOfMany: boolean): unknown {
  if (isOfMany && isMemoryFull(error)) return noRoomToPredict(error);
  return isOutOfMemory(error) ? tooLarge(error) : error;
}

// --- internal ---

function tooLarge(cause: unknown): ClientError {
  const message =
    'request: its rows and their predictions must fit in memory; they do not. Send fewer rows per request.';
  return new ClientError('E_REQUEST_SIZE', message, { cause });
}
