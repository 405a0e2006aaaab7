/**
 * A fixed number of slots, handed out in the order in which they are asked for: how many requests may be in flight.
 */
export interface Semaphore {
  /** Waits for a slot; the result gives it back. */
  take(): Promise<() => void>;
}

/** @param count at least 1 */
export function createSemaphore(count: number): Semaphore {
  let free = count;
  const waiting: (() => void)[] = [];
  const release = () => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
  return {
    async take() {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let isHeld = true;
      return () => {
        if (isHeld) release();
        isHeld = false;
      };
    },
  };
}
