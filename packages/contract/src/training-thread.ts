/**
 * The thread that trains. All of a job runs here, and ends here: with a model, or with the failure file. What this
 * thread cannot say of itself (it ran out of memory, it was ended) is said by the main thread, training-program.ts.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { Algorithm } from './algorithm.js';
import { baseDirectory, layout } from './environment.js';
import { asContractError } from './errors.js';
import { consoleLog } from './log.js';
import { createStopSignal, type StopName } from './stop.js';
import { fail, train } from './train.js';

/** What the two threads share, one word each: the signal that asked for a stop, and how the job ended. */
export interface ThreadState {
  readonly stop: Int32Array<SharedArrayBuffer>;
  readonly outcome: Int32Array<SharedArrayBuffer>;
}

/** Values of `outcome`. `failed`: reported, with its failure file. */
export const OUTCOME = { none: 0, done: 1, failed: 2 } as const;

/** The key of a worker's data that makes it this thread. */
export const STATE_KEY = '@algo/contract training';

/** What the main thread left for the training thread; undefined everywhere else. */
export function threadState(): ThreadState | undefined {
  return isMainThread ? undefined : workerData?.[STATE_KEY];
}

/** Trains; the thread ends with it. */
export async function runTrainingThread(algorithm: Algorithm, state: ThreadState): Promise<never> {
  const base = baseDirectory();
  const { stop, request } = createStopSignal(state.stop);
  const end = (exitCode: 0 | 1) => {
    Atomics.store(state.outcome, 0, exitCode === 0 ? OUTCOME.done : OUTCOME.failed);
    process.exit(exitCode); // ends this thread only
  };
  parentPort?.on('message', (name: StopName) => request(name)).unref();
  process.on('uncaughtException', (error) => end(fail(asContractError(error), layout(base), consoleLog)));
  const exitCode = await train(algorithm, { log: consoleLog, stop, base });
  await stop.check(); // one turn of the event loop, in which a promise that nobody waits for can still fail the job
  return end(exitCode) as never;
}
