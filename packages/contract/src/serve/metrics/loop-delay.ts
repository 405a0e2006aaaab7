/**
 * How late the event loop of this process is: whatever holds it up delays every /ping as long. A timer looks ten times
 * a second, from the first reading on; a container whose metrics nobody reads does without it.
 */

export interface LoopDelay {
  /** What was seen since the reading before; 0 before the first. Starts the timer. */
  read(): DelaySeconds;
  stop(): void;
}

export interface DelaySeconds {
  readonly mean: number;
  readonly max: number;
}

const INTERVAL_MS = 100;

/** @param now milliseconds, and @param every how the timer runs; tests hand in theirs */
export function watchLoopDelay(now = () => performance.now(), every: Every = setInterval): LoopDelay {
  let timer: NodeJS.Timeout | undefined;
  let last = 0;
  let sum = 0;
  let count = 0;
  let max = 0;
  const look = () => {
    const delay = Math.max(0, now() - last - INTERVAL_MS);
    last = now();
    sum += delay;
    count += 1;
    max = Math.max(max, delay);
  };
  return {
    read() {
      if (timer === undefined) {
        last = now();
        timer = every(look, INTERVAL_MS).unref();
      }
      const seen = { mean: count === 0 ? 0 : sum / count / 1000, max: max / 1000 };
      sum = count = max = 0;
      return seen;
    },
    stop: () => clearInterval(timer),
  };
}

// --- internal ---

type Every = (look: () => void, intervalMs: number) => NodeJS.Timeout;
