/**
 * The worker processes together. The main process keeps the sockets and sends each request, not each connection, to the
 * ready worker with the fewest open ones: /ping is answered within its 2 s whatever the workers are at, and a few
 * busy connections still reach all of them. A worker that dies is started again, later each time.
 */
import type { Log } from '../log.js';
import type { Invoke } from './message.js';
import { startWorkerProcess, type WorkerProcess } from './worker-process.js';

export interface WorkerPool {
  /** Workers that can answer now. */
  readonly readyCount: number;
  /** Only while `readyCount` is above 0. */
  readonly invoke: Invoke;
  /** Ends all workers and waits for them; those that do not end by themselves are killed after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Starting a process holds this one up for some milliseconds, which the first ping should not pay for. */
const FIRST_START_MS = 100;
const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 30_000;
/** A worker that has answered for so long did not die of its model. */
const STEADY_MS = 60_000;

/** Starts `count` processes of this same program, with the arguments that this one got. */
export function startWorkers(count: number, log: Log): WorkerPool {
  /** In the order in which they were last chosen, so that equals take turns. */
  const workers = new Set<WorkerProcess>();
  let failures = 0;
  let isStopping = false;

  const startLater = (delayMs: number) => void setTimeout(() => isStopping || start(), delayMs).unref();
  const start = () => {
    const worker = startWorkerProcess();
    workers.add(worker);
    void worker.ended.then((reason) => {
      workers.delete(worker);
      if (isStopping) return;
      failures = isSteady(worker) ? 1 : failures + 1;
      const delayMs = Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** (failures - 1));
      log.error(`worker ${worker.pid} ended (${reason}); another starts in ${delayMs / 1000} s`);
      startLater(delayMs);
    });
  };
  for (let i = 0; i < count; i++) startLater(FIRST_START_MS);

  const ready = () => [...workers].filter(({ isReady }) => isReady);
  return {
    get readyCount() {
      return ready().length;
    },
    invoke(request) {
      const worker = ready().reduce((least, other) => (other.openCount < least.openCount ? other : least));
      workers.delete(worker);
      workers.add(worker);
      return worker.invoke(request);
    },
    async stop(graceMs) {
      isStopping = true;
      const timer = setTimeout(() => {
        for (const worker of workers) worker.kill();
      }, graceMs);
      for (const worker of workers) worker.disconnect();
      await Promise.all([...workers].map(({ ended }) => ended));
      clearTimeout(timer);
    },
  };
}

// --- internal ---

function isSteady({ readySince }: WorkerProcess): boolean {
  return readySince !== undefined && performance.now() - readySince > STEADY_MS;
}
