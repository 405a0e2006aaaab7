/**
 * Which worker answers which request, and when. Requests wait here, not in a worker: so the next free one takes the
 * next request, a caller that leaves costs nothing, and a request that never ends costs its own worker only.
 */
import { AlgorithmError, PlatformError } from '../errors.js';
import { createJob, type Job, type Placement } from './job.js';
import { type Answer, type Bytes, errorAnswer, type Forward, type InvocationRequest } from './message.js';
import type { Parts } from './part-flow.js';
import type { Pieces } from './pieces.js';
import { limitStream } from './stream-limits.js';
import type { WorkerPool } from './worker-pool.js';
import type { WorkerProcess } from './worker-process.js';

export interface Dispatcher {
  invoke(...request: [...Parameters<Forward>, at?: Placement]): ReturnType<Forward>;
  /** Hands out what can be; called when a worker has become free or ready. */
  next(): void;
  /** Known once the model is loaded. */
  limits: DispatchLimits;
  /** Requests that no worker has yet. */
  readonly waitingCount: number;
  /** Whether no request waits, and a worker has none. */
  readonly isIdle: boolean;
}

export interface DispatchLimits {
  /** Requests that one worker may be at: 1, or more where `predict` gives promises. */
  readonly perWorker: number;
  /** Largest body of requests that share a worker. */
  readonly sharedBytes: number;
  /** Bytes of bodies that all workers together may be at. */
  readonly bytes: number;
}

export interface DispatcherOptions {
  readonly pool: Pick<WorkerPool, 'ready' | 'replace'>;
  readonly limits: DispatchLimits;
  /** How long one request may take in a worker; of a stream, its first part. */
  readonly timeoutMs: number;
  /** How long a streamed answer may take in all. */
  readonly streamMs: number;
  /** Of a body, unpacked; default: as many as it says. */
  readonly maxBytes?: number;
  /** Of the workers that are ready, those that can answer this request; default: all. */
  readonly candidates?: (request: InvocationRequest<Pieces>) => readonly WorkerProcess[];
  /** The answer to a request whose worker ended; default: an error of the algorithm. */
  readonly lost?: (request: InvocationRequest<Pieces>, worker: WorkerProcess) => Promise<Answer>;
}

/** A larger body has a worker for itself, unless it batches: only requests that are cheap to send again share one. */
export const SHARED_BYTES = 64 * 1024;
/** How long a stream may take to end after nobody wants it any more: it knows. */
const CANCELLED_MS = 10_000;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { pool, limits, timeoutMs, streamMs, maxBytes, candidates: candidatesOf, lost } = options;
  /** In the order of arrival. */
  let waiting = new Set<Job>();
  /**
   * The requests of each worker. Workers are in the order in which they were last chosen, so that equals take turns.
   */
  const running = new Map<WorkerProcess, Set<Job>>();
  /** Workers whose end is explained by one of their requests. */
  const culprits = new WeakSet<WorkerProcess>();
  let runningBytes = 0;
  /** The worker that was at the last large body: what that took of memory stays with the process. */
  let roomy: WorkerProcess | undefined;

  const next = () => {
    for (const job of waiting) {
      if (runningBytes > 0 && runningBytes + job.bytes > dispatcher.limits.bytes) return;
      if (job.at?.worker?.isReady === false) {
        waiting.delete(job);
        job.settle(lostAnswer());
        continue;
      }
      const worker = choose(job);
      // Its worker is busy, or those that have its model: others need not wait for that.
      if (!worker && (job.at?.worker || candidatesOf)) continue;
      if (!worker) return;
      waiting.delete(job);
      job.at?.onWorker?.(worker);
      void runJob(job, worker);
    }
  };

  /** The ready worker with the fewest requests, of those that have room for one more. */
  const choose = (job: Job): WorkerProcess | undefined => {
    const order = [...running.keys()];
    const candidates = (candidatesOf?.(job.request) ?? pool.ready()).filter((worker) => {
      if (job.at?.worker && job.at.worker !== worker) return false;
      const jobs = running.get(worker) ?? NO_JOBS;
      if (jobs.size === 0) return true;
      return jobs.size < dispatcher.limits.perWorker && isShared(job) && [...jobs].every(isShared);
    });
    if (roomy && candidates.includes(roomy) && isAlone(job)) return roomy;
    const rank = (worker: WorkerProcess) => order.indexOf(worker);
    candidates.sort((a, b) => a.openCount - b.openCount || rank(a) - rank(b));
    return candidates[0];
  };

  /** The second try is made alone, so that the one that ends workers is found out. */
  const isShared = (job: Job) => job.bytes <= dispatcher.limits.sharedBytes && !job.isSecondTry;

  /** Whether no second body of this size may be processed at the same time. */
  const isAlone = (job: Job) => job.bytes * 2 > dispatcher.limits.bytes;

  const runJob = async (job: Job, worker: WorkerProcess) => {
    const jobs = running.get(worker) ?? new Set();
    running.delete(worker);
    running.set(worker, jobs.add(job));
    runningBytes += job.bytes;
    if (isAlone(job)) roomy = worker;
    job.start(() => {
      culprits.add(worker);
      pool.replace(worker, `a request was not answered within ${timeoutMs / 1000} s`);
    });
    const answer = await worker.invoke(job.request, { signal: job.signal, deadline: Date.now() + timeoutMs });
    runningBytes -= job.bytes;
    if (answer?.rest) await streamed(job, worker, answer, answer.rest);
    jobs.delete(job);
    if (!worker.isReady && jobs.size === 0) running.delete(worker);
    if (answer?.rest) return next();
    if (answer) job.settle(answer);
    else if (job.isLate) job.settle(lateAnswer(timeoutMs));
    else if (job.at?.worker || job.isSecondTry || !culprits.has(worker)) void settleLost(job, worker);
    else if (job.signal.aborted) job.settle(leftAnswer());
    else retry(job);
    // The oldest request of a worker that died is considered the cause; its other requests are retried once.
    if (!answer) culprits.add(worker);
    next();
  };

  const settleLost = async (job: Job, worker: WorkerProcess) =>
    job.settle(lost ? await lost(job.request, worker) : lostAnswer());

  /** Settles when the worker has ended the stream, which it must do in time. */
  const streamed = (job: Job, worker: WorkerProcess, answer: Answer<Bytes>, rest: Parts) =>
    new Promise<void>((onEnd) => {
      const kill = () => pool.replace(worker, `a stream did not end within ${CANCELLED_MS / 1000} s`);
      const limits = { totalMs: streamMs, cancelMs: CANCELLED_MS, kill, onEnd };
      job.settle({ ...answer, rest: limitStream(rest, limits) });
    });

  const retry = (job: Job) => {
    job.isSecondTry = true;
    job.stop();
    waiting = new Set([job, ...waiting]);
  };

  const dispatcher: Dispatcher = {
    limits,
    get waitingCount() {
      return waiting.size;
    },
    get isIdle() {
      return waiting.size === 0 && pool.ready().some((worker) => (running.get(worker)?.size ?? 0) === 0);
    },
    next,
    invoke: (request, left, at) =>
      new Promise((resolve) => {
        const job = createJob(request, at, { timeoutMs, maxBytes }, left?.(), {
          onSettled: resolve,
          onLeft: () => waiting.delete(job) && job.settle(leftAnswer()),
        });
        waiting.add(job);
        next();
      }),
  };
  return dispatcher;
}

// --- internal ---

const NO_JOBS: ReadonlySet<Job> = new Set();

/** Running out of memory or a crash in native code ends a worker; to its caller that is an error of the algorithm. */
function lostAnswer(): Answer {
  return errorAnswer(new AlgorithmError('E_ALGORITHM', 'The worker process ended during this request.'));
}

function lateAnswer(timeoutMs: number): Answer {
  const message = `The prediction must finish within ${timeoutMs / 1000} s; it took longer and was stopped. Send fewer rows per request.`;
  return errorAnswer(new AlgorithmError('E_TIMEOUT', message));
}

/** A caller that has only closed its own half gets to see this. */
function leftAnswer(): Answer {
  const message = 'The caller closed the connection while the request waited for a worker. Retry it.';
  return errorAnswer(new PlatformError('E_BUSY', message));
}
