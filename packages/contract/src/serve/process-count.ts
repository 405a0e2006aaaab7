/** How many workers may answer: one for each processor, fewer when they would not fit into the container's memory. */
import type { Log } from '../log.js';
import type { ModelFacts } from './worker-message.js';

/** As many as `asked` for; by default as many as are planned, suit the model and fit into memory. */
export function countWorkers(
  planned: number,
  { maxProcesses, processBytes }: Pick<ModelFacts, 'maxProcesses' | 'processBytes'>,
  asked: number | undefined,
  limitBytes: number,
  log: Log,
): number {
  if (asked !== undefined) return planned;
  let workers = planned;
  if (maxProcesses !== undefined && maxProcesses < workers) {
    log.info(`workers=${maxProcesses} instead of ${workers}: this is the maximum for this model`);
    workers = maxProcesses;
  }
  const fitting = Math.max(1, fittingProcesses(workers, processBytes, limitBytes));
  if (fitting < workers) {
    const [limit, size] = [limitBytes, processBytes].map((bytes) => Math.round(bytes / 1024 ** 2));
    log.info(`workers=${fitting} instead of ${workers}: memory limit ${limit} MiB, one process takes ${size} MiB`);
  }
  return fitting;
}

/**
 * How many of `wanted` workers fit in memory together with the first process, which may have a copy of the model too.
 * @param processBytes resident bytes of one worker with its model loaded
 */
export function fittingProcesses(wanted: number, processBytes: number, limitBytes: number): number {
  const usable = limitBytes * USABLE_MEMORY;
  return Math.max(0, Math.min(wanted, Math.floor(usable / processBytes) - 1));
}

// --- internal ---

/** The rest is for request bodies and the kernel's buffers. */
const USABLE_MEMORY = 0.75;
