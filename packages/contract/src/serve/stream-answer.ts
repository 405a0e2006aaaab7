/**
 * A streamed answer on its way out: each part is written as it comes, and the next one asked for when the caller has taken
 * most of it. A caller that goes away ends the stream; an error ends the connection, so that nobody takes what has come
 * for all of it.
 */
import type { ServerResponse } from 'node:http';
import type { Parts } from './part-flow.js';
import type { Pieces } from './pieces.js';

/** Why a stream is not complete. */
export type StreamEnd =
  | { readonly reason: 'left' }
  /** The caller took none of it for too long. */
  | { readonly reason: 'unread' }
  | { readonly reason: 'failed'; readonly problem: unknown };

/** What a caller must read of what is ready for it. */
export interface UnreadRule {
  /** How long it may take nothing. */
  readonly unreadMs: number;
  /** Whether it may take longer. */
  mayWait(): boolean;
}

/**
 * Writes the body of an answer whose head is written. Never rejects.
 * @returns undefined when all of it is written
 */
export async function writeStream(
  response: ServerResponse,
  first: Pieces,
  rest: Parts,
  { unreadMs, mayWait }: UnreadRule,
): Promise<StreamEnd | undefined> {
  let isOpen = true;
  let wake = ignore;
  response.once('close', () => {
    if (isOpen) rest.return().catch(ignore);
    isOpen = false;
    wake();
  });
  /** @throws Unread when nothing of it is taken for too long */
  const write = async (bytes: Uint8Array) => {
    if (!isOpen || bytes.length === 0) return;
    const taken = Promise.withResolvers<void>();
    wake = taken.resolve;
    // Not by 'drain', which Node no longer passes on once a CONNECT has come behind this request.
    if (response.write(bytes, () => taken.resolve())) return;
    const timer = setInterval(() => mayWait() || taken.reject(new Unread()), unreadMs);
    await taken.promise.finally(() => clearInterval(timer));
  };
  try {
    response.flushHeaders();
    for (const piece of first) await write(piece);
    while (isOpen) {
      const part = await rest.next();
      if (part.done || !isOpen) break;
      await write(part.value);
    }
    if (!isOpen) return { reason: 'left' };
    isOpen = false;
    response.end();
    return undefined;
  } catch (problem) {
    const hasLeft = !isOpen;
    isOpen = false;
    rest.return().catch(ignore);
    if (problem instanceof Unread) {
      response.socket?.destroy(); // what is written has waited long enough
      return { reason: 'unread' };
    }
    cut(response, unreadMs);
    return hasLeft ? { reason: 'left' } : { reason: 'failed', problem };
  }
}

// --- internal ---

class Unread extends Error {}

/** Closes the connection behind what is written, or immediately if nobody reads that. */
function cut({ socket }: ServerResponse, unreadMs: number): void {
  socket?.setTimeout(unreadMs, () => socket.destroy());
  socket?.destroySoon();
}

function ignore(): void {}
