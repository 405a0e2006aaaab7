/** How long a streamed answer may take: a time for all of it, and one to end in when nobody wants it any more. */
import type { Parts, Sized } from './part-flow.js';

/** Times in milliseconds. */
export interface StreamLimits {
  readonly totalMs: number;
  /** From the moment on when nobody wants it any more. */
  readonly cancelMs: number;
  /** Ends what does not end by itself. */
  kill(): void;
  /** Called once, when nobody works at the stream any more. */
  onEnd(): void;
  /** What `next` throws when the time is over; default: an error that says so of a streamed answer. */
  late?(): Error;
}

/** `parts`, whose `next` throws when the time is over. */
export function limitStream<Part extends Sized = Uint8Array>(
  parts: Parts<Part>,
  { totalMs, cancelMs, kill, onEnd, late }: StreamLimits,
): Parts<Part> {
  let isLate = false;
  let hasEnded = false;
  let killer: NodeJS.Timeout | undefined;
  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(clock);
    clearTimeout(killer);
    onEnd();
  };
  const cancel = async () => {
    if (hasEnded) return;
    killer ??= setTimeout(kill, cancelMs);
    await parts.return().finally(end);
  };
  const clock = setTimeout(() => {
    isLate = true;
    cancel().catch(() => {}); // `next` says that it is late
  }, totalMs);
  return {
    async next() {
      try {
        const part = await parts.next();
        if (isLate) throw late?.() ?? lateAnswer(totalMs);
        if (part.done) end();
        return part;
      } catch (error) {
        if (!isLate) end();
        throw error;
      }
    },
    return: cancel,
  };
}

// --- internal ---

function lateAnswer(totalMs: number): Error {
  return new Error(`A streamed answer must be complete within ${totalMs / 1000} s; it took longer.`);
}
