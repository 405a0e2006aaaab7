/** One request on its way through the dispatcher, with the clock that runs while a worker is at it. */
import type { Answer, Bytes, InvocationRequest } from './message.js';
import { readBytes } from './packed-body.js';
import type { Pieces } from './pieces.js';
import type { WorkerProcess } from './worker-process.js';

/** Where a request is to be answered. */
export interface Placement {
  /** By this worker alone, and not again when it has ended. */
  readonly worker?: Pick<WorkerProcess, 'isReady'> | undefined;
  /** Called with the one that it is handed to. */
  onWorker?(worker: WorkerProcess): void;
}

/** One request on its way through. */
export interface Job {
  readonly request: InvocationRequest<Pieces>;
  /** Of its body, unpacked. */
  readonly bytes: number;
  readonly at: Placement | undefined;
  /** Aborted when its caller has left. */
  readonly signal: AbortSignal;
  /** It has run into its limit in a worker. */
  readonly isLate: boolean;
  isSecondTry: boolean;
  /** A worker is at it: from here on it has its whole time. */
  start(onLate: () => void): void;
  /** It waits again. */
  stop(): void;
  settle(answer: Answer<Bytes>): void;
}

export interface JobLimits {
  readonly timeoutMs: number;
  /** Of a body, unpacked. */
  readonly maxBytes?: number | undefined;
}

export function createJob(
  request: InvocationRequest<Pieces>,
  at: Placement | undefined,
  { timeoutMs, maxBytes }: JobLimits,
  left: AbortSignal | undefined,
  on: { onSettled(answer: Answer<Bytes>): void; onLeft(): void },
): Job {
  let timer: NodeJS.Timeout | undefined;
  let onLate: (() => void) | undefined;
  let startedAt = 0;
  let isLate = false;
  const expire = () => {
    isLate = true;
    onLate?.();
  };
  const leave = () => {
    on.onLeft();
    if (!onLate) return;
    const restMs = Math.min(timeoutMs, ABANDONED_MS) - (performance.now() - startedAt);
    clearTimeout(timer);
    timer = setTimeout(expire, Math.max(0, restMs));
  };
  const job: Job = {
    request,
    bytes: readBytes(request, maxBytes),
    at,
    signal: left ?? new AbortController().signal,
    get isLate() {
      return isLate;
    },
    isSecondTry: false,
    start(late) {
      onLate = late;
      startedAt = performance.now();
      clearTimeout(timer);
      timer = setTimeout(expire, timeoutMs);
    },
    stop() {
      onLate = undefined;
      clearTimeout(timer);
    },
    settle(answer) {
      clearTimeout(timer);
      left?.removeEventListener('abort', leave);
      on.onSettled(answer);
    },
  };
  left?.addEventListener('abort', leave, { once: true });
  if (left?.aborted) queueMicrotask(leave);
  return job;
}

// --- internal ---

/**
 * How long work continues after its caller has left; work that batch transform has given up must not run to the end.
 */
const ABANDONED_MS = 60_000;
