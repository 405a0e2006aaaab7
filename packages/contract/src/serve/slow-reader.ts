/**
 * A caller that takes its answer slowly, or not at all. What it has not taken is held for it, and so is the memory that
 * the answer counts for: there is a time for taking some of it, and one for all of it.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** In milliseconds. */
export interface ReaderLimits {
  /** How long a caller may take nothing. */
  readonly unreadMs: number;
  /** How long it may take for all of an answer that is complete. */
  readonly answerMs: number;
}

/** Holds the caller of an answer that is complete to its limits. @param onGiveUp gets the reason, before the connection is closed */
export function limitReader(
  response: Pick<ServerResponse, 'socket' | 'writableFinished' | 'closed' | 'setTimeout' | 'once'>,
  socket: Pick<Socket, 'writableLength' | 'destroy'>,
  { unreadMs, answerMs }: ReaderLimits,
  onGiveUp: (reason: string) => void,
): void {
  if (response.writableFinished || response.closed) return;
  // Data that the kernel has accepted is on its way; without a socket of its own the answer waits for the one before.
  if (response.socket !== null && socket.writableLength === 0) return;
  const giveUp = (reason: string) => {
    clearTimeout(timer);
    onGiveUp(reason);
    socket.destroy();
  };
  // Node restarts this clock whenever some of the answer has been taken.
  response.setTimeout(unreadMs, () => giveUp(`read none of it for ${unreadMs / 1000} s`));
  const timer = setTimeout(() => giveUp(`did not read all of it within ${answerMs / 1000} s`), answerMs).unref();
  response.once('close', () => clearTimeout(timer));
}
