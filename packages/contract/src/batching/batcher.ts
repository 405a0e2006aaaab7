/**
 * Requests that come while the model is busy are predicted together, so that a device gets many rows at a time. Parts of a
 * large request take turns with small ones, each answer has its own request's rows only, and a request that fails fails
 * alone. Only requests that are alike, such as in the outputs that they ask for, share a call.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PlatformError } from '../errors.js';
import type { Predictions } from '../prediction.js';
import { joinNumbers, joinRows, sliceRows } from './columns.js';
import type { BatchingLimits } from './limits.js';

/** The rows of one request. */
export interface BatchRequest<A> {
  /** [rows × columns], not to be changed until its promise settles: a batch that has begun keeps it until it ends. */
  readonly features: Float64Array | Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** Requests of different keys are never predicted together. */
  readonly key: string;
  /** What else the prediction needs to know of the request. */
  readonly asked: A;
  /** Aborted when nobody wants the answer any more: what has not been predicted yet is dropped. */
  readonly signal: AbortSignal;
}

/** The rows of one call. */
export interface BatchRows<A> extends Pick<BatchRequest<A>, 'features' | 'rows' | 'columns'> {
  /** Of all requests that have rows in it, one or more. */
  readonly asked: readonly A[];
}

export interface Batcher<A> {
  /** @throws PlatformError E_BUSY when the queue is full or nobody waits any more; what the prediction throws */
  submit(request: BatchRequest<A>): Promise<Predictions>;
}

/** @param predict checked columns for all rows; not called again before it has settled */
export function createBatcher<A>(
  predict: (batch: BatchRows<A>) => Promise<Predictions> | Predictions,
  { maxRows, maxDelayMs, maxQueuedRows }: BatchingLimits,
): Batcher<A> {
  /** Waiting requests, or what is left of them, in order. */
  let waiting: Waiting<A>[] = [];
  let isBusy = false;
  let cancelTimer: (() => void) | undefined;

  const queuedRows = () => waiting.reduce((sum, { request, taken }) => sum + request.rows - taken, 0);

  const schedule = () => {
    if (isBusy) return;
    if (queuedRows() >= maxRows) void work();
    else cancelTimer ??= after(maxDelayMs, () => void work());
  };

  /** Answers all that waits, and what comes meanwhile. Never rejects. */
  const work = async () => {
    if (isBusy) return;
    isBusy = true;
    cancelTimer?.();
    cancelTimer = undefined;
    while (waiting.length > 0) {
      await answer(take());
      // Lets the program read what has arrived, where the device is this same thread.
      await nextTurn();
    }
    isBusy = false;
  };

  /** The next rows of requests that are alike; a request of which some are left goes to the end. */
  const take = (): readonly Share<A>[] => {
    const { key, columns } = waiting[0]!.request;
    const shares: Share<A>[] = [];
    const rest: Waiting<A>[] = [];
    const others: Waiting<A>[] = [];
    let room = maxRows;
    for (const one of waiting) {
      if (room === 0 || one.request.key !== key || one.request.columns !== columns) others.push(one);
      else {
        const rows = Math.min(room, one.request.rows - one.taken);
        shares.push({ of: one, first: one.taken, rows });
        one.taken += rows;
        room -= rows;
        if (one.taken < one.request.rows) rest.push(one);
      }
    }
    waiting = [...others, ...rest];
    return shares;
  };

  const answer = async (shares: readonly Share<A>[]) => {
    for (const { of } of shares) of.isInBatch = true;
    await attempt(shares);
    for (const { of } of shares) {
      of.isInBatch = false;
      if (of.request.signal.aborted && !of.isSettled) settle(of, () => of.reject(left()));
    }
  };

  const attempt = async (shares: readonly Share<A>[]) => {
    try {
      const predictions = await predict(batchOf(shares));
      let first = 0;
      for (const { of, rows } of shares) {
        of.parts.push(shares.length === 1 ? predictions : sliceRows(predictions, first, rows));
        of.answered += rows;
        first += rows;
        if (of.answered === of.request.rows) settle(of, () => of.resolve(joinRows(of.parts)));
      }
    } catch (error) {
      if (shares.length === 1) settle(shares[0]!.of, () => shares[0]!.of.reject(error));
      // One of them may be to blame: each gets its own answer or error.
      else for (const share of shares) if (!share.of.request.signal.aborted) await attempt([share]);
    }
  };

  const settle = (one: Waiting<A>, how: () => void) => {
    waiting = waiting.filter((other) => other !== one);
    one.isSettled = true;
    one.request.signal.removeEventListener('abort', one.leave);
    try {
      how();
    } catch (error) {
      one.reject(error);
    }
  };

  return {
    submit: (request) =>
      new Promise((resolve, reject) => {
        const queued = queuedRows();
        if (queued > 0 && queued + request.rows > maxQueuedRows) return reject(full(maxQueuedRows));
        const leave = () => {
          waiting = waiting.filter((other) => other !== one);
          if (!one.isInBatch) settle(one, () => reject(left()));
        };
        const state = { taken: 0, answered: 0, parts: [], isInBatch: false, isSettled: false };
        const one: Waiting<A> = { request, ...state, resolve, reject, leave };
        if (request.signal.aborted) return reject(left());
        request.signal.addEventListener('abort', leave, { once: true });
        waiting.push(one);
        schedule();
      }),
  };
}

// --- internal ---

interface Waiting<A> {
  readonly request: BatchRequest<A>;
  /** Rows that were taken for a batch, and rows that came back. */
  taken: number;
  answered: number;
  readonly parts: Predictions[];
  /** The model is at rows of it. */
  isInBatch: boolean;
  isSettled: boolean;
  readonly resolve: (predictions: Predictions) => void;
  readonly reject: (error: unknown) => void;
  readonly leave: () => void;
}

/** Rows of a request in one batch, from `first` on. */
interface Share<A> {
  readonly of: Waiting<A>;
  readonly first: number;
  readonly rows: number;
}

/** The rows of all shares; those of one are not copied. */
function batchOf<A>(shares: readonly Share<A>[]): BatchRows<A> {
  const { columns } = shares[0]!.of.request;
  const asked = shares.map(({ of }) => of.request.asked);
  const parts = shares.map(({ of, first, rows }) =>
    of.request.features.subarray(first * columns, (first + rows) * columns),
  );
  const rows = shares.reduce((sum, share) => sum + share.rows, 0);
  return { features: parts.length === 1 ? parts[0]! : joinNumbers(parts), rows, columns, asked };
}

function full(maxQueuedRows: number): PlatformError {
  const message = `At most ${maxQueuedRows} rows may wait for the model; there is no room for this request. Send it again later.`;
  return new PlatformError('E_BUSY', message);
}

function left(): PlatformError {
  return new PlatformError('E_BUSY', 'The request waited for the model when its caller left. Send it again.');
}

/** Calls `run` once, later. @returns what prevents it */
function after(delayMs: number, run: () => void): () => void {
  if (delayMs > 0) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  }
  const turn = setImmediate(run);
  return () => clearImmediate(turn);
}
