/**
 * A worker process: loads its own copy of the model, then answers the tasks that the first process sends. It listens on
 * no port and ends with the channel to the first process, so none outlives it. An error that nobody waits for, of a
 * promise or a timer that the algorithm left behind, ends the requests it may belong to and no others.
 */
import { Socket } from 'node:net';
import type { Algorithm } from '../algorithm.js';
import type { Environment } from '../environment.js';
import type { Log } from '../log.js';
import { type Answering, createAnswering } from './answering.js';
import { arrayTarget, FrameReader, writeFrame } from './frames.js';
import { loadInvocation } from './model-loading.js';
import type { Pieces } from './pieces.js';
import { failureOf, WORKER_PIPE, type WorkerReport, type WorkerTask } from './worker-message.js';

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
    const { invoke, converse, close, ...facts } = await loadInvocation(algorithm, environment, log);
    isLoading = false;
    const answers = createAnswering(invoke, front.report, converse);
    answering = answers;
    front.onTask(answers.take);
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

interface FrontPipe {
  /** Settles when the message is on its way, so that the process may end, or when the first process is gone. */
  report(message: WorkerReport, body?: Pieces): Promise<void>;
  onTask(take: (task: WorkerTask, body: Uint8Array) => void): void;
}

/** Bodies are read from the pipe right into arrays of their own. */
function openPipe(): FrontPipe {
  let take: (task: WorkerTask, body: Uint8Array) => void = ignore;
  const reader = new FrameReader<WorkerTask, Uint8Array>(arrayTarget, (task, body) => take(task, body));
  const shared = Buffer.allocUnsafeSlow(READ_BYTES);
  const onread = {
    buffer: () => reader.rest() ?? shared,
    callback(count: number, buffer: Uint8Array) {
      if (buffer === shared) reader.push(shared.subarray(0, count));
      else reader.filled(count);
      return true;
    },
  };
  const pipe = new Socket({ fd: WORKER_PIPE, readable: true, writable: true, onread });
  pipe.on('error', ignore); // the first process is gone, and the channel's end stops this one too
  return {
    report: (message, body = []) => new Promise((resolve) => writeFrame(pipe, message, body, resolve)),
    onTask(handler) {
      take = handler;
    },
  };
}

/** Of heads and small bodies. */
const READ_BYTES = 64 * 1024;

function ignore(): void {}
