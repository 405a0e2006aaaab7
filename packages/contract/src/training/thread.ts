/**
 * The thread that trains. All of a job runs here, and ends here: with a model, or with the failure file. What this
 * thread cannot say of itself (it ran out of memory, it was ended) is said by the main thread, program.ts.
 */
import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { Algorithm } from '../algorithm.js';
import { consoleLog } from '../log.js';
import { baseDirectory, layout } from '../paths.js';
import { asFailure, fail } from './job-failure.js';
import { OUTCOME, type ThreadState } from './state.js';
import { createStopSignal, type StopName } from './stop.js';
import { type TrainOptions, train } from './train.js';

/** Trains; the thread ends with it. */
export async function runTrainingThread(
  algorithm: Algorithm,
  state: ThreadState,
  options: Pick<TrainOptions, 'offerIntervalMs'> = {},
): Promise<never> {
  const base = baseDirectory();
  const { stop, request } = createStopSignal(state.stop);
  const end = (exitCode: 0 | 1) => {
    Atomics.store(state.outcome, 0, exitCode === 0 ? OUTCOME.done : OUTCOME.failed);
    process.exit(exitCode); // ends this thread only
  };
  parentPort?.on('message', (name: StopName) => request(name)).unref();
  process.on('uncaughtException', (error) => end(fail(asFailure(error), layout(base), consoleLog)));
  const exitCode = await train(algorithm, {
    ...options,
    log: consoleLog,
    stop,
    base,
    noteSaved: () => void Atomics.store(state.saved, 0, 1),
    setEndable: (isEndable) => void Atomics.store(state.endable, 0, isEndable ? 1 : 0),
  });
  await setImmediate(); // one turn of the event loop, in which a promise that nobody waits for can still fail the job
  return end(exitCode) as never;
}
