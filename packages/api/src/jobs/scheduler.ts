/**
 * Runs the work of the store's list, in the order of the requests, a few at a time. A unit is marked as started before
 * anything of it runs and leaves the list in the transaction that records its end, so that a crash at any moment leaves
 * each job either not begun, which then begins, or begun, which is then recorded as failed.
 */
import type { Store } from '../store/store.js';
import type { WorkUnit } from '../store/work-list.js';

/** Why work is asked to end before it is done. */
export type EndReason = 'stop' | 'close';

/** The jobs of one kind. */
export interface JobKind {
  /**
   * Runs a job that has been marked as started.
   * @param signal aborts when the job is to end, with an EndReason
   * @returns what records the end of the job; called in a transaction
   */
  run(name: string, signal: AbortSignal): Promise<() => void>;
  /** Records that a job did not get to its end: the server ended, or `run` threw. Called in a transaction. */
  abandon(name: string, cause: string): void;
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
  readonly onError: (error: unknown) => void;
}

/** What cannot be marked as started, as on a full disk, is tried again after this long. */
export const RETRY_MS = 5000;

/** Records what the last process left begun, and begins what it left waiting. */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const { store, concurrency, onError } = options;
  const running = new Map<string, { readonly controller: AbortController; readonly ended: Promise<void> }>();
  const kinds = Object.keys(options.kinds);
  let isClosed = false;
  let retry: NodeJS.Timeout | undefined;

  for (const unit of store.work.started(kinds)) abandon(options, unit, 'The server ended while the job was running.');

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
    const ended = runUnit(options, unit, controller.signal)
      .catch(onError)
      .finally(() => {
        running.delete(keyOf(unit));
        wake();
      });
    running.set(keyOf(unit), { controller, ended });
  };
  wake();

  return {
    wake,
    isRunning: (unit) => running.has(keyOf(unit)),
    stop: (unit) => running.get(keyOf(unit))?.controller.abort('stop' satisfies EndReason),
    async close() {
      isClosed = true;
      clearTimeout(retry);
      for (const { controller } of running.values()) controller.abort('close' satisfies EndReason);
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

// --- internal ---

function keyOf({ kind, name }: WorkUnit): string {
  return `${kind}/${name}`;
}

async function runUnit(options: SchedulerOptions, unit: WorkUnit, signal: AbortSignal): Promise<void> {
  const { store, kinds, onError } = options;
  try {
    const recordEnd = await kinds[unit.kind]!.run(unit.name, signal);
    store.transaction(() => {
      recordEnd();
      store.work.remove(unit);
    });
  } catch (error) {
    onError(error);
    abandon(options, unit, error instanceof Error ? error.message : String(error));
  }
}

/** What cannot be recorded stays in the list as started, for the next start of the server; the others go on. */
function abandon({ store, kinds, onError }: SchedulerOptions, unit: WorkUnit, cause: string): void {
  try {
    store.transaction(() => {
      kinds[unit.kind]!.abandon(unit.name, cause);
      store.work.remove(unit);
    });
  } catch (error) {
    onError(error);
  }
}
