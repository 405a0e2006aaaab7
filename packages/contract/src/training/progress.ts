/** Progress lines at a rate that a person reads and CloudWatch is not flooded by. */
import type { Log } from '../log.js';

/** Below this a line would follow the last one before it could be read. */
const INTERVAL_MS = 5_000;

/** A function that prints at most one line in `INTERVAL_MS`, the first one after the first interval. */
export function createProgress(log: Log, now: () => number = () => performance.now()): (line: string) => void {
  let last = now();
  return (line) => {
    if (now() - last < INTERVAL_MS) return;
    last = now();
    log.info(line);
  };
}
