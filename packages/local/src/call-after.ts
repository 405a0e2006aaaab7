/** Timers of jobs. They hold at most 2^31 - 1 ms, 24.8 days; a training job may run for 28, a tuning job for 182. */

/** @returns what ends the wait */
export function callAfter(ms: number, action: () => void): () => void {
  const step = Math.min(ms, 2 ** 31 - 1);
  let cancelNext = () => {};
  const timer = setTimeout(() => {
    if (ms > step) cancelNext = callAfter(ms - step, action);
    else action();
  }, step);
  return () => {
    clearTimeout(timer);
    cancelNext();
  };
}
