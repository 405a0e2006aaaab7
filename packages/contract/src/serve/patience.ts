/** Until when an answer is wanted: a signal that is made only for those who ask for it, as most requests never do. */
import type { Patience } from './message.js';

/** A caller who waits, or does not any more. */
export interface Caller {
  readonly patience: Patience;
  /** The caller has gone away. */
  leave(): void;
  /** The answer, or its first part, is there: from here on the deadline does not matter. */
  answered(): void;
}

/** @param deadline milliseconds since 1970 */
export function createCaller(deadline: number): Caller {
  let controller: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;
  let hasLeft = false;
  let isAnswered = false;
  const leave = () => {
    hasLeft = true;
    controller?.abort();
  };
  return {
    patience: {
      deadline,
      get signal() {
        if (controller) return controller.signal;
        controller = new AbortController();
        if (hasLeft) controller.abort();
        else if (!isAnswered && deadline < Number.POSITIVE_INFINITY) {
          timer = setTimeout(leave, Math.min(MAX_TIMER_MS, Math.max(0, deadline - Date.now()))).unref();
        }
        return controller.signal;
      },
    },
    leave,
    answered() {
      isAnswered = true;
      clearTimeout(timer);
    },
  };
}

/** Of one who waits as long as it takes, as a test does. */
export const ENDLESS_PATIENCE: Patience = {
  deadline: Number.POSITIVE_INFINITY,
  get signal() {
    return new AbortController().signal;
  },
};

// --- internal ---

/** Node's timers take no longer. */
const MAX_TIMER_MS = 2 ** 31 - 1;
