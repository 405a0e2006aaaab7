/**
 * How conversations end: 1000 when the algorithm has ended it, 1001 when the container is being stopped, 1008 for a mistake of
 * the caller or when the time is over, 1011 for an error of the container. Source: RFC 6455, 7.4.1.
 */
import type { Close } from '../../conversation/definition.js';
import { ClientError } from '../../errors.js';

export const NORMAL: Close = { code: 1000, reason: '' };
export const STOPPED: Close = { code: 1001, reason: 'The container is being stopped.' };

/** Ends a conversation in a way that is decided. */
export class Closing extends Error {
  readonly close: Close;

  constructor(close: Close) {
    super(close.reason);
    this.close = close;
  }
}

/** An error that is not the caller's to fix gets a general sentence, as in other answers. */
export function closeOf(error: unknown): Close {
  if (error instanceof Closing) return error.close;
  if (error instanceof ClientError) return { code: 1008, reason: cut(error.message) };
  return { code: 1011, reason: HIDDEN_CAUSE };
}

// --- internal ---

const HIDDEN_CAUSE = 'The conversation was ended by an error in the container; its log has the details.';

/** RFC 6455, 5.5: a control frame has up to 125 bytes, two of them the code. */
const MAX_REASON_BYTES = 123;

/** As many whole characters as fit. */
function cut(text: string): string {
  let end = text.length;
  while (Buffer.byteLength(text.slice(0, end)) > MAX_REASON_BYTES) end -= 1;
  return text.slice(0, end).toWellFormed();
}
