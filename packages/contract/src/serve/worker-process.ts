/**
 * One worker process as the first process sees it: whether it can answer, and the requests it is at. It runs this same
 * program; Node's cluster module marks it as a worker and ends it when the first process is gone.
 */
import cluster from 'node:cluster';
import type { Socket } from 'node:net';
import { FrameReader, piecesTarget, writeFrame } from './frames.js';
import type { Answer, Bytes, InvocationRequest } from './message.js';
import type { Pieces } from './pieces.js';
import {
  type ModelFacts,
  type ModelFailure,
  WORKER_PIPE,
  type WorkerReport,
  type WorkerTask,
} from './worker-message.js';

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
  invoke(request: InvocationRequest<Pieces>): Promise<Answer<Bytes> | undefined>;
  /** Settles with the reason when the process has ended or could not be started; its open requests are settled first. */
  readonly ended: Promise<string>;
  /** Lets a worker that is ready and idle close its model and end by itself; any other, or a slow one, is killed. */
  end(): void;
  /** Ends it whatever it is at: a signal it could handle would wait for a loop that never ends. */
  kill(): void;
}

/** What a worker gets to close its model in, with some time to end beside. */
const END_MS = 3_000;

export function startWorkerProcess(): WorkerProcess {
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc', 'pipe'] as const;
  cluster.setupPrimary({ exec: process.argv[1], args: process.argv.slice(2), stdio: [...stdio] });
  const worker = cluster.fork();
  const pipe = worker.process.stdio[WORKER_PIPE] as Socket;
  const open = new Map<number, (answer: Answer<Bytes> | undefined) => void>();
  const ready = Promise.withResolvers<ModelFacts | ModelFailure>();
  let nextId = 0;
  let isReady = false;
  let hasEnded = false;

  const settle = (id: number, answer: Answer<Bytes> | undefined) => {
    const resolve = open.get(id);
    open.delete(id);
    resolve?.(answer);
  };
  const reader = new FrameReader<WorkerReport, Pieces>(piecesTarget, (report, body) => {
    if (report.kind === 'answer') {
      settle(report.id, { ...report.answer, body });
      return;
    }
    isReady = report.kind === 'ready';
    ready.resolve(report.kind === 'ready' ? report.facts : report.failure);
  });
  pipe.on('data', (chunk: Buffer) => reader.push(chunk)).on('error', ignore); // the end of the process is what counts
  const isRead = new Promise((resolve) => pipe.once('close', resolve));
  const ended = new Promise<string>((resolve) => {
    worker.on('error', (error) => resolve(error.message));
    worker.on('exit', async (code, signal) => {
      await isRead; // what it has said before is not lost
      resolve(signal ? `signal ${signal}` : `exit code ${code}`);
    });
  }).finally(() => {
    hasEnded = true;
    for (const id of [...open.keys()]) settle(id, undefined);
  });

  const kill = () => void worker.process.kill('SIGKILL');

  return {
    pid: worker.process.pid,
    ready: ready.promise,
    get isReady() {
      return isReady && !hasEnded && worker.isConnected();
    },
    get openCount() {
      return open.size;
    },
    invoke({ body, ...request }) {
      const task: WorkerTask = { id: nextId++, request };
      return new Promise((resolve) => {
        open.set(task.id, resolve);
        writeFrame(pipe, task, body);
      });
    },
    ended,
    end() {
      if (!isReady || open.size > 0 || !worker.isConnected()) return kill();
      worker.disconnect();
      const timer = setTimeout(kill, END_MS);
      void ended.then(() => clearTimeout(timer));
    },
    kill,
  };
}

// --- internal ---

function ignore(): void {}
