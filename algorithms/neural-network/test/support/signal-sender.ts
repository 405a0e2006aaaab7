/**
 * Signals to this process from another thread of it, so that they arrive in the middle of what the main thread computes.
 * How many come is bounded by a count for each piece of work, so that the sender never eats a core that the work needs.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** As many as are sent while one piece of work runs; fewer when it is done before. */
const SIGNALS_PER_PIECE = 100;

/** state[0]: the piece that runs, counted from 1; negative once it is done. state[1]: the pieces that got their signals. */
const PROGRAM = `
  const { workerData: { state, signal, perPiece } } = require('node:worker_threads');
  for (let piece = 1; ; piece++) {
    for (let now = Atomics.load(state, 0); Math.abs(now) < piece; now = Atomics.load(state, 0)) Atomics.wait(state, 0, now);
    if (Atomics.load(state, 0) === ${2 ** 31 - 1}) break;
    let sent = 0;
    do process.kill(process.pid, signal);
    while (++sent < perPiece && Atomics.load(state, 0) === piece);
    Atomics.store(state, 1, piece);
    Atomics.notify(state, 1);
  }`;

export interface SignalSender {
  /** Runs `work` while signals arrive; at least one is sent. */
  during(work: () => void): void;
  /** The sender has ended, all its signals sent. */
  end(): Promise<void>;
}

export function startSignalSender(signal: NodeJS.Signals): SignalSender {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(PROGRAM, {
    eval: true,
    workerData: { state, signal, perPiece: SIGNALS_PER_PIECE },
  });
  const say = (value: number) => {
    Atomics.store(state, 0, value);
    Atomics.notify(state, 0);
  };
  let piece = 0;
  return {
    during(work) {
      say(++piece);
      work();
      say(-piece);
      while (Atomics.load(state, 1) < piece) Atomics.wait(state, 1, piece - 1);
    },
    async end() {
      const ended = once(worker, 'exit');
      say(2 ** 31 - 1);
      await ended;
    },
  };
}
