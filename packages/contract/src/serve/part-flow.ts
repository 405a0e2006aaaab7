/**
 * The parts of a streamed answer, or the messages of a conversation, on their way between processes. The sender keeps a window: it asks the algorithm for the
 * next part only while what the other side has not taken is less than that. So a caller that reads slowly holds up the
 * algorithm, and memory stays small. Both ends are here, with nothing of the pipe between them.
 */

/** What the window counts. */
export interface Sized {
  readonly length: number;
}

/** Parts of an answer's body, asked for one by one. An error comes in the middle of an answer that has begun. */
export interface Parts<Part extends Sized = Uint8Array> {
  next(): Promise<IteratorResult<Part, unknown>>;
  /** No more is wanted; settles when whoever makes the parts has ended. */
  return(): Promise<unknown>;
}

/** Bytes on the way that nobody has taken. */
const WINDOW_BYTES = 256 * 1024;

/** What has been taken is said in steps of this size: less than the window, so that a sender is never left waiting. */
const STEP_BYTES = 64 * 1024;

export interface Sending {
  /** This many more bytes were accepted. */
  taken(bytes: number): void;
  /** The caller has gone away. */
  cancel(): void;
  /** Settles when there is nothing more to send. @throws what `parts` threw */
  readonly done: Promise<void>;
}

export function sendParts<Part extends Sized = Uint8Array>(parts: Parts<Part>, send: (part: Part) => void): Sending {
  let open = 0;
  let isCancelled = false;
  let wake = () => {};
  const room = async () => {
    while (open >= WINDOW_BYTES && !isCancelled) await new Promise<void>((resolve) => (wake = resolve));
  };
  const run = async () => {
    for (;;) {
      await room();
      if (isCancelled) break;
      const part = await parts.next();
      if (part.done || isCancelled) break;
      open += part.value.length;
      send(part.value);
    }
    if (isCancelled) await parts.return();
  };
  return {
    taken(bytes) {
      open -= bytes;
      wake();
    },
    cancel() {
      isCancelled = true;
      wake();
      parts.return().catch(() => {}); // what waits in `next` need not wait any longer
    },
    done: run(),
  };
}

/** `parts`, with `onEnd` called once: when they are at their end, or nobody wants more. */
export function thenEnd(parts: Parts, onEnd: () => void): Parts {
  let isEnded = false;
  const end = () => {
    if (!isEnded) onEnd();
    isEnded = true;
  };
  return {
    async next() {
      try {
        const part = await parts.next();
        if (part.done) end();
        return part;
      } catch (error) {
        end();
        throw error;
      }
    },
    return: () => parts.return().finally(end),
  };
}

export interface Receiving<Part extends Sized = Uint8Array> {
  readonly parts: Parts<Part>;
  add(part: Part): void;
  /** No part follows. @param error why not, where it is not the end of the answer */
  end(error?: Error): void;
}

/** @param tell gets what to pass on to the sender */
export function receiveParts<Part extends Sized = Uint8Array>(tell: {
  taken(bytes: number): void;
  cancel(): void;
}): Receiving<Part> {
  const queue: Part[] = [];
  const ended = Promise.withResolvers<void>();
  let isEnded = false;
  let isLeft = false;
  /** Bytes taken, which the sender has not heard of. */
  let unsaid = 0;
  let failure: Error | undefined;
  let wake = () => {};
  return {
    parts: {
      async next() {
        while (queue.length === 0 && !isEnded && !isLeft) await new Promise<void>((resolve) => (wake = resolve));
        const part = queue.shift();
        if (part) {
          unsaid += part.length;
          if (unsaid >= STEP_BYTES) {
            tell.taken(unsaid);
            unsaid = 0;
          }
          return { value: part, done: false };
        }
        if (failure && !isLeft) throw failure;
        return { value: undefined, done: true };
      },
      async return() {
        queue.length = 0;
        if (!isEnded && !isLeft) tell.cancel();
        isLeft = true;
        wake();
        await ended.promise;
      },
    },
    add(part) {
      if (!isLeft) queue.push(part);
      wake();
    },
    end(error) {
      isEnded = true;
      failure = error;
      wake();
      ended.resolve();
    },
  };
}
