/**
 * How many workers may answer: one for each processor, fewer when they would not fit into the container's memory; and how
 * many threads each of them has, so that all processors work where few processes do.
 */
import { MAX_THREADS } from '@algo/numerics';
import { allowedCpus } from '../cpu-count.js';
import type { Log } from '../log.js';
import type { ServingSettings } from '../serving-settings.js';
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

/**
 * Threads of a prediction: the processors divided by the number of processes that can be busy at the same time, which is one
 * per processor by default, and in a batch transform not more than its concurrent requests.
 * @param processors that the container may use
 * @returns an integer in [1, 256]
 */
export function servingThreads(
  {
    workers,
    isBatch,
    maxConcurrentTransforms,
  }: Pick<ServingSettings, 'workers' | 'isBatch' | 'maxConcurrentTransforms'>,
  processors = allowedCpus(),
): number {
  const busy = Math.min(workers ?? processors, (isBatch && maxConcurrentTransforms) || processors);
  return Math.min(MAX_THREADS, Math.max(1, Math.floor(processors / Math.max(1, busy))));
}

// --- internal ---

/** The rest is for request bodies and the kernel's buffers. */
const USABLE_MEMORY = 0.75;
