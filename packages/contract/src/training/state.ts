/** What the main thread of a training and the thread that trains share: one word each. */

export interface ThreadState {
  /** The signal that asked for a stop. */
  readonly stop: Int32Array<SharedArrayBuffer>;
  /** 1 while the thread is at work that a stop may end where it is. */
  readonly endable: Int32Array<SharedArrayBuffer>;
  /** 1 once the job has saved a model; a model from before the job does not count. */
  readonly saved: Int32Array<SharedArrayBuffer>;
  /** How the job ended. */
  readonly outcome: Int32Array<SharedArrayBuffer>;
}

/** Values of `outcome`. `failed`: reported, with its failure file. */
export const OUTCOME = { none: 0, done: 1, failed: 2 } as const;

/** The key of a worker's data that makes it this thread. */
export const STATE_KEY = '@algo/contract training';

/** What the main thread left for the training thread; undefined everywhere else. */
export function threadState(): ThreadState | undefined {
  const { isMainThread, workerData } = process.getBuiltinModule('node:worker_threads'); // of no use to a server
  return isMainThread ? undefined : workerData?.[STATE_KEY];
}
