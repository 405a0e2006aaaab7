/**
 * One worker process as the first process sees it: whether it can answer, and the requests it is at. It runs this same
 * program; Node's cluster module marks it as a worker and ends it when the first process is gone.
 */
import cluster from 'node:cluster';
import type { Answer, InvocationRequest } from './message.js';
import type { ModelFacts, ModelFailure, WorkerReport, WorkerTask } from './worker-message.js';

/** How a worker is started; tests that need no process hand in their own. */
export type StartWorker = () => WorkerProcess;

export interface WorkerProcess {
  readonly pid: number | undefined;
  /** Settles when the model can answer; rejects never. */
  readonly ready: Promise<ModelFacts | ModelFailure>;
  /** Whether a request sent now would be answered. */
  readonly isReady: boolean;
  /** Requests sent and not answered. */
  readonly openCount: number;
  /** The answer, or undefined when the worker ended before it gave one. */
  invoke(request: InvocationRequest): Promise<Answer | undefined>;
  /** Settles with the reason when the process has ended or could not be started; its open requests are settled first. */
  readonly ended: Promise<string>;
  /** Ends it whatever it is at: a signal it could handle would wait for a loop that never ends. */
  kill(): void;
}

export function startWorkerProcess(): WorkerProcess {
  cluster.setupPrimary({ exec: process.argv[1], args: process.argv.slice(2), serialization: 'advanced' });
  const worker = cluster.fork();
  const open = new Map<number, (answer: Answer | undefined) => void>();
  const ready = Promise.withResolvers<ModelFacts | ModelFailure>();
  let nextId = 0;
  let isReady = false;
  let hasEnded = false;

  const settle = (id: number, answer: Answer | undefined) => {
    const resolve = open.get(id);
    open.delete(id);
    resolve?.(answer);
  };
  worker.on('message', (report: WorkerReport) => {
    if (report.kind === 'answer') {
      settle(report.id, report.answer);
      return;
    }
    isReady = report.kind === 'ready';
    ready.resolve(report.kind === 'ready' ? report.facts : report.failure);
  });
  const ended = new Promise<string>((resolve) => {
    worker.on('error', (error) => resolve(error.message));
    worker.on('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  }).finally(() => {
    hasEnded = true;
    for (const id of [...open.keys()]) settle(id, undefined);
  });

  return {
    pid: worker.process.pid,
    ready: ready.promise,
    get isReady() {
      return isReady && !hasEnded && worker.isConnected();
    },
    get openCount() {
      return open.size;
    },
    invoke(request) {
      const task: WorkerTask = { id: nextId++, request };
      return new Promise((resolve) => {
        open.set(task.id, resolve);
        worker.send(task, (error) => error && settle(task.id, undefined));
      });
    },
    ended,
    kill: () => void worker.process.kill('SIGKILL'),
  };
}
