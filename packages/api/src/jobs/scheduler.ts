/**
 * Runs the work of the store's list, in the order of the requests, a few at a time. A unit is marked as started before
 * anything of it runs and leaves the list in the transaction that records its end, so that a crash at any moment leaves
 * each job either not begun, which then begins, or begun. Of these the ones whose program was started are recorded as failed,
 * and the others begin again.
 */
import type { Store } from '../store/store.js';
import { keyOf, type WorkUnit } from '../store/work-list.js';
import { createRecorder } from './recorder.js';
import type { StartMarks } from './start-marks.js';

/** The jobs of one kind. */
export interface JobKind {
  /**
   * Runs a job that has been marked as started.
   * @param signal aborts when the job is to end before it is done
   * @returns what records the end of the job; called in a transaction
   */
  run(name: string, signal: AbortSignal): Promise<() => void>;
  /** Records that a job did not get to its end: the server ended, or `run` threw. Called in a transaction. */
  abandon(name: string, cause: string): void;
  /**
   * Records that a job waits as before it began: the server ended, and no program of it was started. Called in a
   * transaction. Absent: such a job is abandoned.
   * @returns false where it has to be abandoned
   */
  requeue?(name: string): boolean;
}

export interface Scheduler {
  /** Call it after a transaction that added to the list; never throws. */
  wake(): void;
  isRunning(unit: WorkUnit): boolean;
  /** Ends a job, if it runs. */
  stop(unit: WorkUnit): void;
  /** Starts nothing more and ends what runs; each such job is recorded as failed. */
  close(): Promise<void>;
}

export interface SchedulerOptions {
  readonly store: Store;
  /** What it runs of the list; other kinds are another scheduler's. */
  readonly kinds: Readonly<Record<string, JobKind>>;
  /** How many jobs run at a time; the others wait. */
  readonly concurrency: number;
  /** Of jobs with programs that must not run twice. */
  readonly marks?: StartMarks;
  readonly onError: (error: unknown) => void;
}

/** What cannot be marked as started, as on a full disk, is tried again after this long. */
export const RETRY_MS = 5000;

/** Records what the last process left begun, and begins what it left waiting. */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const { store, concurrency, marks, onError } = options;
  const running = new Map<string, { readonly controller: AbortController; readonly ended: Promise<void> }>();
  const kinds = Object.keys(options.kinds);
  let isClosed = false;
  let retry: NodeJS.Timeout | undefined;

  const recorder = createRecorder({
    store,
    onError,
    onRecorded: (unit) => marks?.remove(unit),
  });
  const wake = () => {
    clearTimeout(retry);
    if (isClosed || running.size >= concurrency) return;
    try {
      for (const unit of store.work.waiting(kinds, concurrency - running.size)) {
        if (store.work.markStarted(unit)) start(unit);
      }
    } catch (error) {
      onError(error);
      retry = setTimeout(wake, RETRY_MS);
    }
  };
  const start = (unit: WorkUnit) => {
    const controller = new AbortController();
    const ended = runUnit(options, unit, controller.signal).then(({ write, instead }) => {
      running.delete(keyOf(unit)); // a job that waits for space on the disk hinders no other
      recorder.record(unit, write, instead);
      wake();
    });
    running.set(keyOf(unit), { controller, ended });
  };
  const begun = store.work.started(kinds);
  marks?.keepOnly(begun);
  for (const unit of begun) {
    recorder.record(unit, () => {
      recover(options, unit);
      queueMicrotask(wake); // where it waits again, also when that could be recorded only later
    });
  }
  wake();

  return {
    wake,
    isRunning: (unit) => running.has(keyOf(unit)) || recorder.isPending(unit),
    stop: (unit) => running.get(keyOf(unit))?.controller.abort(),
    async close() {
      isClosed = true;
      clearTimeout(retry);
      for (const { controller } of running.values()) controller.abort();
      await Promise.all([...running.values()].map(({ ended }) => ended));
      recorder.close();
    },
  };
}

// --- internal ---

/** What records the end of a unit, for Recorder.record. */
interface Outcome {
  write(): void;
  instead?(cause: unknown): void;
}

async function runUnit(options: SchedulerOptions, unit: WorkUnit, signal: AbortSignal): Promise<Outcome> {
  const { store, kinds, onError } = options;
  try {
    const recordEnd = await kinds[unit.kind]!.run(unit.name, signal);
    return {
      write() {
        recordEnd();
        store.work.remove(unit);
      },
      instead: (cause) => abandon(options, unit, cause),
    };
  } catch (error) {
    onError(error);
    return { write: () => abandon(options, unit, error) };
  }
}

function abandon({ store, kinds }: SchedulerOptions, unit: WorkUnit, cause: unknown): void {
  kinds[unit.kind]!.abandon(unit.name, cause instanceof Error ? cause.message : String(cause));
  store.work.remove(unit);
}

/** What the last server had begun. */
function recover(options: SchedulerOptions, unit: WorkUnit): void {
  const { store, kinds, marks } = options;
  const mayRun = marks?.hasStarted(unit) === false;
  if (mayRun && kinds[unit.kind]!.requeue?.(unit.name)) store.work.unmark(unit);
  else abandon(options, unit, 'The server ended while the job was running.');
}
