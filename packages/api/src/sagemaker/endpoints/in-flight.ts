/** Counts the calls that a server has not answered yet, so that it is stopped after them. */

export interface InFlight {
  /** Counts a call until what this returns is called. */
  begin(): () => void;
  /** When there is none, or the signal comes first. */
  ended(signal: AbortSignal): Promise<void>;
}

export function countInFlight(): InFlight {
  let count = 0;
  const waiting = new Set<() => void>();
  return {
    begin() {
      let isOver = false;
      count++;
      return () => {
        if (isOver) return;
        isOver = true;
        count--;
        if (count === 0) for (const end of waiting) end();
      };
    },
    ended(signal) {
      if (count === 0 || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const end = () => {
          waiting.delete(end);
          signal.removeEventListener('abort', end);
          resolve();
        };
        waiting.add(end);
        signal.addEventListener('abort', end);
      });
    },
  };
}
