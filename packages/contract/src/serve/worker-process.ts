/**
 * One worker process as the main process sees it: the requests it has been sent, and whether it can take more. It runs
 * this same program; Node's cluster module marks it as a worker and ends it when the main process is gone.
 */
import cluster from 'node:cluster';
import { AlgorithmError } from '../errors.js';
import { type Answer, errorAnswer, type Invoke } from './message.js';
import type { WorkerReport, WorkerTask } from './worker-message.js';

export interface WorkerProcess {
  readonly pid: number | undefined;
  /** When its model passed the self-test, on the clock of `performance.now`; undefined before. */
  readonly readySince: number | undefined;
  /** Whether a request sent now would be answered. */
  readonly isReady: boolean;
  /** Requests sent and not answered. */
  readonly openCount: number;
  readonly invoke: Invoke;
  /** Settles with the reason when the process has ended or could not be started; its open requests are answered first. */
  readonly ended: Promise<string>;
  /** Lets it end by itself. */
  disconnect(): void;
  kill(): void;
}

export function startWorkerProcess(): WorkerProcess {
  cluster.setupPrimary({ exec: process.argv[1], args: process.argv.slice(2), serialization: 'advanced' });
  const worker = cluster.fork();
  const open = new Map<number, (answer: Answer) => void>();
  let nextId = 0;
  let readySince: number | undefined;
  let hasEnded = false;

  const settle = (id: number, answer: Answer) => {
    open.get(id)?.(answer);
    open.delete(id);
  };
  worker.on('message', (report: WorkerReport) => {
    if (report.kind === 'answer') settle(report.id, report.answer);
    else readySince = performance.now();
  });
  const ended = new Promise<string>((resolve) => {
    worker.on('error', (error) => resolve(error.message));
    worker.on('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  }).finally(() => {
    hasEnded = true;
    for (const id of [...open.keys()]) settle(id, lostAnswer());
  });

  return {
    pid: worker.process.pid,
    get readySince() {
      return readySince;
    },
    get isReady() {
      return readySince !== undefined && !hasEnded && worker.isConnected();
    },
    get openCount() {
      return open.size;
    },
    invoke(request) {
      const task: WorkerTask = { id: nextId++, request };
      return new Promise((resolve) => {
        open.set(task.id, resolve);
        worker.send(task, (error) => error && settle(task.id, lostAnswer()));
      });
    },
    ended,
    disconnect: () => worker.disconnect(),
    kill: () => void worker.process.kill('SIGKILL'),
  };
}

// --- internal ---

/** Running out of memory or a crash in native code ends a worker; to its caller that is an error of the algorithm. */
function lostAnswer(): Answer {
  return errorAnswer(new AlgorithmError('E_ALGORITHM', 'The worker process ended during this request.'));
}
