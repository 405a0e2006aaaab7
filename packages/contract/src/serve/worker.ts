/**
 * A worker process: loads its own copy of the model, then answers the tasks that the first process sends. It listens on
 * no port and ends with the channel to the first process, so none outlives it. An error that nobody waits for, of a
 * promise or a timer that the algorithm left behind, ends the requests it may belong to and no others.
 */
import type { Algorithm } from '../algorithm.js';
import type { Environment } from '../environment.js';
import type { Log } from '../log.js';
import { loadInvocation } from './model-loading.js';
import { failureOf, type WorkerReport, type WorkerTask } from './worker-message.js';

/** @returns the exit code: 0 when the first process is done with this one, 1 when the model cannot be used */
export async function answerTasks(algorithm: Algorithm, environment: Environment, log: Log): Promise<number> {
  const disconnected = new Promise<number>((resolve) => process.once('disconnect', () => resolve(0)));
  // A signal to the whole group must not end a worker under its request; the first process decides when.
  process.on('SIGTERM', ignore).on('SIGINT', ignore);
  let openCount = 0;
  let isLoading = true;
  // Caught here, it is escaped as all lines of the log are; Node would print it as it is.
  process.on('uncaughtException', async (error) => {
    const failure = failureOf(error);
    if (isLoading) {
      await reported({ kind: 'failed', failure });
      process.exit(1);
    }
    log.error(`worker ${process.pid}: ${failure.message}, in work that nothing waits for`);
    for (const line of failure.stack?.split('\n') ?? []) log.error(line);
    if (openCount > 0) process.exit(1);
  });
  try {
    const { invoke, ...facts } = await loadInvocation(algorithm, environment, log);
    isLoading = false;
    process.on('message', async ({ id, request }: WorkerTask) => {
      openCount += 1;
      const answer = await invoke(request);
      openCount -= 1;
      report({ kind: 'answer', id, answer });
    });
    const { maxProcesses, isConcurrent, isForFront } = facts;
    const processBytes = process.memoryUsage.rss();
    report({ kind: 'ready', facts: { processBytes, maxProcesses, isConcurrent, isForFront } });
  } catch (error) {
    await reported({ kind: 'failed', failure: failureOf(error) });
    return 1;
  }
  return disconnected;
}

// --- internal ---

/** The first process may be gone by now; then the channel's end stops this process too. */
function report(message: WorkerReport): void {
  process.send?.(message, undefined, undefined, ignore);
}

/** Settles when the message is on its way, so that the process may end. */
function reported(message: WorkerReport): Promise<void> {
  return new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}

function ignore(): void {}
