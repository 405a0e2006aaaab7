/**
 * A worker process: loads its own copy of the model, then answers the tasks that the first process sends. It listens on
 * no port unless it is made a door (doors/door.ts), and ends with the channel to the first process, so none outlives it. An
 * error that nobody waits for, of a promise or a timer that the algorithm left behind, ends the requests it may belong to
 * and no others.
 */
import type { Algorithm } from '../algorithm.js';
import type { Environment } from '../environment.js';
import type { Log } from '../log.js';
import { type Answering, createAnswering } from './answering.js';
import { waitForDoor } from './doors/door.js';
import { openPipe } from './front-pipe.js';
import { failureOf } from './model-failure.js';
import { loadInvocation } from './model-loading.js';
import { createHeldModels } from './models/held-models.js';

/** @returns the exit code, once the model is closed: 0 when the first process is done with this one, 1 when the model cannot be used */
export async function answerTasks(algorithm: Algorithm, environment: Environment, log: Log): Promise<number> {
  const front = openPipe();
  const disconnected = new Promise<number>((resolve) => process.once('disconnect', () => resolve(0)));
  // A signal to the whole group must not end a worker under its request; the first process decides when.
  process.on('SIGTERM', ignore).on('SIGINT', ignore);
  let answering: Answering | undefined;
  let isLoading = true;
  // Caught here, it is escaped as all lines of the log are; Node would print it as it is.
  process.on('uncaughtException', async (error) => {
    const failure = failureOf(error);
    if (isLoading) {
      await front.report({ kind: 'failed', failure });
      process.exit(1);
    }
    log.error(`worker ${process.pid}: ${failure.message}, in work that nothing awaits`);
    for (const line of failure.stack?.split('\n') ?? []) log.error(line);
    if (answering && answering.openCount > 0) process.exit(1);
  });
  try {
    const isOfMany = environment.serving.isMultiModel;
    const served = isOfMany
      ? withoutModels(algorithm, environment, log)
      : await loadInvocation(algorithm, environment, log);
    isLoading = false;
    const { invoke, converse, order, close, ...facts } = { converse: undefined, order: undefined, ...served };
    const answers = createAnswering(invoke, front.report, { converse, order });
    answering = answers;
    front.onTask(answers.take);
    if ('invokeIfCheap' in served) waitForDoor(served, log);
    const { maxProcesses, isConcurrent, isBatched, isForFront } = facts;
    const processBytes = process.memoryUsage.rss();
    void front.report({ kind: 'ready', facts: { processBytes, maxProcesses, isConcurrent, isBatched, isForFront } });
    const exitCode = await disconnected;
    await close();
    return exitCode;
  } catch (error) {
    await front.report({ kind: 'failed', failure: failureOf(error) });
    return 1;
  }
}

// --- internal ---

/** A worker that gets its models one by one, and may get any. */
function withoutModels(algorithm: Algorithm, environment: Environment, log: Log) {
  const facts = { maxProcesses: undefined, isConcurrent: true, isBatched: false, isForFront: false };
  return { ...createHeldModels(algorithm, environment, log), ...facts };
}

function ignore(): void {}
