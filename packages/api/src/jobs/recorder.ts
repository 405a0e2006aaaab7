/**
 * Records what has become of jobs. What a full disk does not take is written again and again, with pauses that grow, until
 * it is recorded or the server is closed: no job stays InProgress for longer than the disk is full.
 */
import { isDatabaseError, WRITE_RETRY_MS } from '../store/patient-write.js';
import type { Store } from '../store/store.js';
import { keyOf, type WorkUnit } from '../store/work-list.js';

export interface Recorder {
  /**
   * Writes in a transaction, at once or later.
   * @param write     the record and the place in the list
   * @param instead   what is written where `write` fails for another reason than that the database cannot be written
   */
  record(unit: WorkUnit, write: () => void, instead?: (cause: unknown) => void): void;
  /** Whether it could not be recorded so far. */
  isPending(unit: WorkUnit): boolean;
  /** Tries a last time; the rest is the next server's. */
  close(): void;
}

export interface RecorderOptions {
  readonly store: Pick<Store, 'transaction'>;
  /** Hears the first time that something could not be recorded. */
  readonly onError: (error: unknown) => void;
  readonly onRecorded: (unit: WorkUnit) => void;
}

export function createRecorder({ store, onError, onRecorded }: RecorderOptions): Recorder {
  const pending = new Map<string, { readonly unit: WorkUnit; readonly write: () => void }>();
  let pauseMs: number = WRITE_RETRY_MS.first;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const succeeds = (unit: WorkUnit, write: () => void, hear: (error: unknown) => void) => {
    try {
      store.transaction(write);
    } catch (error) {
      hear(error);
      return false;
    }
    pending.delete(keyOf(unit));
    try {
      onRecorded(unit);
    } catch (error) {
      onError(error);
    }
    return true;
  };
  const retry = () => {
    const attempts = [...pending.values()].map(({ unit, write }) => succeeds(unit, write, () => undefined));
    pauseMs = attempts.includes(true) ? WRITE_RETRY_MS.first : Math.min(2 * pauseMs, WRITE_RETRY_MS.limit);
    schedule();
  };
  const schedule = () => {
    clearTimeout(timer);
    if (pending.size > 0 && !isClosed) timer = setTimeout(retry, pauseMs);
  };

  return {
    record(unit, write, instead) {
      let failure: unknown;
      const hear = (error: unknown) => {
        failure = error;
        onError(error);
      };
      if (succeeds(unit, write, hear)) return;
      const next = instead && !isDatabaseError(failure) ? () => instead(failure) : write;
      if (next !== write && succeeds(unit, next, hear)) return;
      pending.set(keyOf(unit), { unit, write: next });
      schedule();
    },
    isPending: (unit) => pending.has(keyOf(unit)),
    close() {
      isClosed = true;
      retry();
    },
  };
}
