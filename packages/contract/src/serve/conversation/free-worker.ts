/** The worker that holds the fewest conversations; one that is on its way is waited for: /ping may be healthy before. */
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerProcess } from '../worker-process.js';

/** A worker that is started again after another has ended may take its model's whole loading time; callers do not wait for that. */
const WAIT_MS = 5_000;
const LOOK_MS = 20;

/**
 * @param isWanted asked between looks
 * @returns undefined when none is ready in time, or nobody wants it any more
 */
export async function freeWorker(
  workers: () => readonly WorkerProcess[],
  isWanted: () => boolean,
): Promise<WorkerProcess | undefined> {
  for (const end = performance.now() + WAIT_MS; isWanted(); await delay(LOOK_MS)) {
    const [worker] = [...workers()].sort((a, b) => a.talkCount - b.talkCount);
    if (worker || performance.now() > end) return worker;
  }
  return undefined;
}
