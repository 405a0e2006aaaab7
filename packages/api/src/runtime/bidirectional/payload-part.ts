/** Parts of a bidirectional stream, as events of clients and as frames of the container's WebSocket: one is one. */
import { encodeMessage } from '../../protocol/event-stream.js';
import type { EventMessage } from '../../protocol/event-stream-reader.js';
import { ServiceError } from '../../service-error.js';

export interface PayloadPart {
  readonly bytes: Buffer;
  /** DataType UTF8; BINARY otherwise. */
  readonly isText: boolean;
  /** CompletionState COMPLETE; PARTIAL otherwise. */
  readonly isLast: boolean;
}

/** @throws ServiceError InputValidationError for another event than PayloadPart, or a value that there is not */
export function partOfEvent({ headers, payload }: EventMessage): PayloadPart {
  const type = headers[':event-type'];
  if (type !== 'PayloadPart') throw invalid('An event of the request stream', 'PayloadPart', type);
  const { DataType = 'BINARY', CompletionState = 'COMPLETE' } = headers;
  if (DataType !== 'UTF8' && DataType !== 'BINARY') throw invalid('DataType', 'UTF8 or BINARY', DataType);
  if (CompletionState !== 'PARTIAL' && CompletionState !== 'COMPLETE') {
    throw invalid('CompletionState', 'PARTIAL or COMPLETE', CompletionState);
  }
  return { bytes: payload, isText: DataType === 'UTF8', isLast: CompletionState === 'COMPLETE' };
}

export function eventOfPart({ bytes, isText, isLast }: PayloadPart): Buffer {
  const headers = {
    ':event-type': 'PayloadPart',
    ':content-type': 'application/octet-stream',
    ':message-type': 'event',
    DataType: isText ? 'UTF8' : 'BINARY',
    CompletionState: isLast ? 'COMPLETE' : 'PARTIAL',
  };
  return encodeMessage(headers, bytes);
}

// --- internal ---

function invalid(what: string, rule: string, value: string | undefined): ServiceError {
  return new ServiceError('InputValidationError', `${what} must be ${rule}; received ${value ?? 'none'}.`);
}
