/**
 * SIGTERM as a value: SageMaker gives a training job 120 s between SIGTERM and SIGKILL. The signal arrives at process
 * 1's main thread and the training runs in another one (program.ts), so the stop is a word of shared memory:
 * code that never lets its event loop turn sees it too.
 */
import { constants } from 'node:os';
import { setImmediate } from 'node:timers/promises';

export interface StopSignal {
  /** Whether a stop was asked for; true from that moment on, also in the middle of a synchronous loop. */
  readonly requested: boolean;
  /**
   * `requested`, for any loop: it lets the event loop turn where that was long ago, so that whatever waits for it
   * continues, and costs next to nothing otherwise.
   */
  check(): Promise<boolean>;
  /** Aborted as soon as the event loop turns, for reads and waits. */
  readonly signal: AbortSignal;
}

/** Signals that ask a program to end. */
export type StopName = 'SIGTERM' | 'SIGINT';

export interface StopControl {
  readonly stop: StopSignal;
  request(name?: StopName): void;
}

/** How long the event loop may wait for its turn in a loop that calls `check`. */
const TURN_MS = 50;

/** What a stop needs of shared memory: one word that is 0, or the number of the signal that came. */
export function createStopWord(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** @param word shared with the thread that asks for the stop, if that is another one */
export function createStopSignal(word: Int32Array<SharedArrayBuffer> = createStopWord()): StopControl {
  const controller = new AbortController();
  let turned = Number.NEGATIVE_INFINITY;
  const isRequested = () => Atomics.load(word, 0) !== 0;
  const tellWaiting = () => {
    if (isRequested()) controller.abort(new Stopped(nameOf(Atomics.load(word, 0))));
  };
  const stop: StopSignal = {
    get requested() {
      return isRequested();
    },
    async check() {
      if (!isRequested() && performance.now() - turned >= TURN_MS) {
        await setImmediate();
        turned = performance.now();
      }
      tellWaiting();
      return isRequested();
    },
    signal: controller.signal,
  };
  const request = (name: StopName = 'SIGTERM') => {
    setStop(word, name);
    tellWaiting();
  };
  return { stop, request };
}

/** Asks for the stop; the first signal counts. */
export function setStop(word: Int32Array<SharedArrayBuffer>, name: StopName): void {
  Atomics.compareExchange(word, 0, 0, constants.signals[name]);
}

/** The name of the signal that asked for the stop. */
export function stopNameOf(stop: Pick<StopSignal, 'signal'>): StopName {
  const reason: unknown = stop.signal.reason;
  return reason instanceof Stopped ? reason.signalName : 'SIGTERM';
}

// --- internal ---

/** Why the signal of a stop is aborted. */
class Stopped extends Error {
  override readonly name = 'AbortError';
  readonly signalName: StopName;

  constructor(signalName: StopName) {
    super(`The job was stopped (${signalName}).`);
    this.signalName = signalName;
  }
}

function nameOf(signalNumber: number): StopName {
  return signalNumber === constants.signals.SIGINT ? 'SIGINT' : 'SIGTERM';
}
