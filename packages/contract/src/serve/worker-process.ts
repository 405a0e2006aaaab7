/**
 * One worker process as the first process sees it: whether it can answer, and the requests it is at. It runs this same
 * program; Node's cluster module marks it as a worker and ends it when the first process is gone.
 */
import cluster, { type Worker } from 'node:cluster';
import { Duplex } from 'node:stream';
import type { WireMessage } from '../conversation/wire-message.js';
import { isTalkReport } from './conversation/talk-message.js';
import { createTalks, type TalkOptions } from './conversation/talks.js';
import { FrameReader, piecesTarget, writeFrame } from './frames.js';
import type { Answer, Bytes, InvocationRequest } from './message.js';
import type { ModelFailure } from './model-failure.js';
import type { ModelOrder, OrderResult } from './models/order.js';
import { type Parts, type Receiving, receiveParts } from './part-flow.js';
import { joined, type Pieces } from './pieces.js';
import { type ModelFacts, WORKER_PIPE, type WorkerReport, type WorkerTask } from './worker-message.js';

/** What a worker gets besides a request. */
export interface WorkerCall {
  /** Aborted when nobody wants the answer any more: the algorithm may stop working at it. */
  readonly signal: AbortSignal;
  /** See Patience. */
  readonly deadline: number;
}

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
  /**
   * The answer, or undefined when the worker ended before it gave one. Parts of a stream that the worker ended in the
   * middle of end with an error.
   */
  invoke(request: InvocationRequest<Pieces>, call: WorkerCall): Promise<Answer<Bytes> | undefined>;
  /** Conversations that it holds. */
  readonly talkCount: number;
  /** Holds a conversation; see Talks. */
  converse(incoming: Parts<WireMessage>, options: TalkOptions): Parts<WireMessage>;
  /** What came of it, or undefined when the worker ended before. */
  order(order: ModelOrder): Promise<OrderResult | undefined>;
  /** Node's own channel to the process, which carries sockets; a worker that is no process has none. */
  readonly channel?: Pick<Worker, 'send' | 'on'>;
  /** Settles with the reason when the process has ended or could not be started; its open requests are settled first. */
  readonly ended: Promise<string>;
  /** Lets a worker that is ready and idle close its model and end by itself; any other, or a slow one, is killed. */
  end(): void;
  /** Ends it whatever it is at: a signal it could handle would wait for a loop that never ends. */
  kill(): void;
}

/** The time in which a worker closes its model and exits. */
const END_MS = 3_000;

export function startWorkerProcess(): WorkerProcess {
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc', 'pipe'] as const;
  cluster.setupPrimary({ exec: process.argv[1], args: process.argv.slice(2), stdio: [...stdio] });
  const worker = cluster.fork();
  const pipe = pipeOf(worker);
  const open = new Map<number, Exchange>();
  const orders = new Map<number, (result: OrderResult | undefined) => void>();
  const ready = Promise.withResolvers<ModelFacts | ModelFailure>();
  let nextId = 0;
  let isReady = false;
  let hasEnded = false;
  /** By this process: no sign of anything that the worker was at. */
  let isKilled = false;

  const send = (task: WorkerTask, body: Pieces = []) => writeFrame(pipe, task, body);
  const talks = createTalks(send);
  const close = (id: number, exchange: Exchange, problem?: string) => {
    open.delete(id);
    exchange.stream?.end(problem === undefined ? undefined : new Error(problem));
    exchange.settle(undefined);
  };
  const begin = (id: number, exchange: Exchange, answer: Answer<Bytes>, isStream: boolean) => {
    if (!isStream) open.delete(id);
    else {
      exchange.stream = receiveParts({
        taken: (bytes) => send({ kind: 'taken', id, bytes }),
        cancel: () => send({ kind: 'cancel', id }),
      });
    }
    exchange.settle(exchange.stream ? { ...answer, rest: exchange.stream.parts } : answer);
  };
  const reader = new FrameReader<WorkerReport, Pieces>(piecesTarget, (report, body) => {
    if (report.kind === 'ready' || report.kind === 'failed') {
      isReady = report.kind === 'ready';
      ready.resolve(report.kind === 'ready' ? report.facts : report.failure);
      return;
    }
    if (isTalkReport(report)) {
      talks.take(report, body);
      return;
    }
    if (report.kind === 'done') {
      orders.get(report.id)?.(report.result);
      orders.delete(report.id);
      return;
    }
    const exchange = open.get(report.id);
    if (!exchange) return;
    if (report.kind === 'answer') begin(report.id, exchange, { ...report.answer, body }, report.isStream);
    else if (report.kind === 'part') exchange.stream?.add(joined(body));
    else close(report.id, exchange, report.problem);
  });
  pipe.on('data', (chunk: Buffer) => reader.push(chunk)).on('error', ignore); // the end of the process is what counts
  const isRead = new Promise((resolve) => pipe.once('close', resolve));
  const ended = new Promise<string>((resolve) => {
    worker.on('error', (error) => resolve(error.message));
    worker.on('exit', async (code, signal) => {
      await isRead; // what it has said before is not lost
      resolve(isKilled ? 'it was stopped' : signal ? `signal ${signal}` : `exit code ${code}`);
    });
  }).finally(() => {
    hasEnded = true;
    talks.lose();
    for (const settle of orders.values()) settle(undefined);
    for (const [id, exchange] of [...open]) close(id, exchange, 'The worker process ended during this answer.');
  });

  const kill = () => {
    isKilled = true;
    worker.process.kill('SIGKILL');
  };

  return {
    pid: worker.process.pid,
    channel: worker,
    ready: ready.promise,
    get isReady() {
      return isReady && !hasEnded && worker.isConnected();
    },
    get openCount() {
      return open.size;
    },
    invoke({ body, ...request }, { signal, deadline }) {
      const id = nextId++;
      const cancel = () => open.has(id) && send({ kind: 'cancel', id });
      signal.addEventListener('abort', cancel, { once: true });
      return new Promise((resolve) => {
        const settle = (answer: Answer<Bytes> | undefined) => {
          signal.removeEventListener('abort', cancel);
          resolve(answer);
        };
        open.set(id, { settle, stream: undefined });
        send({ kind: 'request', id, request, deadline }, body);
      });
    },
    get talkCount() {
      return talks.openCount;
    },
    converse: talks.begin,
    order(order) {
      if (hasEnded) return Promise.resolve(undefined);
      const id = nextId++;
      return new Promise((resolve) => {
        orders.set(id, resolve);
        send({ kind: 'order', id, order });
      });
    },
    ended,
    end() {
      if (!isReady || open.size + talks.openCount > 0 || !worker.isConnected()) return kill();
      worker.disconnect();
      const timer = setTimeout(kill, END_MS);
      void ended.then(() => clearTimeout(timer));
    },
    kill,
  };
}

// --- internal ---

/** A request that the worker is at. */
interface Exchange {
  settle(answer: Answer<Bytes> | undefined): void;
  /** Once its answer has begun, where that is a stream. */
  stream: Receiving | undefined;
}

/** Where there are no descriptors left, a process has no streams and is never started: its error comes in a moment. */
function pipeOf({ process: { stdio } }: { readonly process: Partial<Pick<Worker['process'], 'stdio'>> }): Duplex {
  return stdio ? (stdio[WORKER_PIPE] as Duplex) : new Duplex().destroy();
}

function ignore(): void {}
