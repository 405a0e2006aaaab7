/**
 * The thread that trains. All of a job runs here, and ends here: with a model, or with the failure file. What this
 * thread cannot say of itself (it ran out of memory, it was ended) is said by the main thread, program.ts.
 */
import { setImmediate } from 'node:timers/promises';
import { MessageChannel, type MessagePort, parentPort } from 'node:worker_threads';
import type { Algorithm } from '../algorithm.js';
import type { ThreadMembership } from '../cluster/connect.js';
import type { FromThread } from '../cluster/membership.js';
import { failureMessage } from '../cluster/wire/message.js';
import type { ContractError } from '../errors.js';
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
  const noteFailure = (error: ContractError) =>
    parentPort?.postMessage({ failed: failureMessage(error) } satisfies FromThread);
  process.on('uncaughtException', (error) => {
    const failure = asFailure(error);
    noteFailure(failure);
    end(fail(failure, layout(base), consoleLog));
  });
  const exitCode = await train(algorithm, {
    ...options,
    log: consoleLog,
    stop,
    base,
    membership,
    noteFailure,
    noteSaved: () => void Atomics.store(state.saved, 0, 1),
    setEndable: (isEndable) => void Atomics.store(state.endable, 0, isEndable ? 1 : 0),
  });
  // One turn of the event loop, in which a promise that nobody waits for can still fail the job; one that failed has its reason.
  if (exitCode === 0) await setImmediate();
  return end(exitCode) as never;
}

// --- internal ---

const membership: ThreadMembership = {
  enter(cluster) {
    if (cluster.resourceConfig.hosts.length > 1) parentPort!.postMessage({ cluster } satisfies FromThread);
  },
  join: (program) => ask((port) => ({ program, port })),
  missing: () => ask((port) => ({ missing: port })),
  halt: ({ message: halted }) => ask((port) => ({ halted, port })),
};

/** Asks the main thread for something. */
function ask<T>(request: (port: MessagePort) => FromThread): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const { port1, port2 } = new MessageChannel();
  port1.once('message', (answer: T) => resolve(answer));
  parentPort!.postMessage(request(port2), [port2]);
  return promise;
}
