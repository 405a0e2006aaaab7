/**
 * Requests that come while the device is busy are answered together, so that a GPU gets many rows at a time. Parts of a
 * large request take turns with small ones, each answer has its own request's rows only, and a request that fails fails
 * alone.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RowPart, rowCount, type Scorer, type Scores } from './scorer.js';

export interface BatchingLimits {
  /** Rows per batch on the device. */
  readonly maxRows: number;
  /**
   * How long the first request of a batch waits for others, in milliseconds. 0: only until all that have arrived are
   * read, which costs microseconds.
   */
  readonly maxDelayMs: number;
}

export interface Batcher {
  /** @param features [rows × feature columns], not to be changed until the promise settles */
  submit(features: RowPart['features'], rows: number): Promise<Scores>;
}

export function createBatcher({ score, featureCount }: Scorer, { maxRows, maxDelayMs }: BatchingLimits): Batcher {
  /** Waiting requests, or what is left of them, in order. */
  let waiting: Request[] = [];
  let isBusy = false;
  let cancelTimer: (() => void) | undefined;

  const schedule = () => {
    if (isBusy) return;
    if (waiting.reduce((sum, { rows, taken }) => sum + rows - taken, 0) >= maxRows) void work();
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
      // Lets the program read what has arrived, a ping among it, where the device is this same thread.
      await nextTurn();
    }
    isBusy = false;
  };

  /** The next rows; a request of which some are left goes to the end. */
  const take = (): readonly Share[] => {
    const shares: Share[] = [];
    const rest: Request[] = [];
    let room = maxRows;
    while (room > 0 && waiting.length > 0) {
      const request = waiting.shift()!;
      const rows = Math.min(room, request.rows - request.taken);
      shares.push({ request, first: request.taken, rows, features: rowsOf(request, request.taken, rows) });
      request.taken += rows;
      if (request.taken < request.rows) rest.push(request);
      room -= rows;
    }
    for (const request of rest) waiting.push(request);
    return shares;
  };

  const rowsOf = ({ features }: Request, first: number, rows: number) =>
    features.subarray(first * featureCount, (first + rows) * featureCount);

  const answer = async (shares: readonly Share[]) => {
    try {
      deliver(shares, await score(shares));
    } catch (error) {
      if (shares.length === 1) {
        const { request: failed } = shares[0]!;
        waiting = waiting.filter((request) => request !== failed);
        failed.reject(error);
        return;
      }
      // One of them may be to blame: each gets its own answer or error.
      for (const share of shares) await answer([share]);
    }
  };

  return {
    submit: (features, rows) =>
      new Promise((resolve, reject) => {
        waiting.push({ features, rows, taken: 0, answered: 0, scores: undefined, resolve, reject });
        schedule();
      }),
  };
}

// --- internal ---

interface Request extends RowPart {
  /** Rows that went to the device, and rows that came back. */
  taken: number;
  answered: number;
  scores: Scores | undefined;
  readonly resolve: (scores: Scores) => void;
  readonly reject: (error: unknown) => void;
}

/** Rows of a request in one batch, from `first` on. */
interface Share extends RowPart {
  readonly request: Request;
  readonly first: number;
}

function deliver(shares: readonly Share[], scores: Scores): void {
  const total = rowCount(shares);
  for (const { values, width } of [scores, ...(scores.others ?? [])]) {
    if (values.length === total * width) continue;
    throw new Error(`The model must give ${total * width} scores; received ${values.length}.`);
  }
  let first = 0;
  for (const { request, first: target, rows } of shares) {
    request.scores ??= emptyScores(scores, request.rows);
    copyRows(scores, first, request.scores, target, rows);
    for (const [index, other] of (scores.others ?? []).entries()) {
      copyRows(other, first, request.scores.others![index]!, target, rows);
    }
    first += rows;
    request.answered += rows;
    if (request.answered === request.rows) request.resolve(request.scores);
  }
}

/** Arrays for this many rows, of the same types and widths. */
function emptyScores({ values, width, others }: Scores, rows: number): Scores {
  const empty = { values: new (arrayOf(values))(rows * width), width };
  return others ? { ...empty, others: others.map((other) => emptyScores(other, rows)) } : empty;
}

function arrayOf(values: Scores['values']) {
  if (values instanceof Float64Array) return Float64Array;
  return values instanceof Int32Array ? Int32Array : Float32Array;
}

function copyRows(from: Scores, first: number, to: Scores, target: number, rows: number): void {
  const { width } = from;
  to.values.set(from.values.subarray(first * width, (first + rows) * width), target * width);
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
