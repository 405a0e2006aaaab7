/**
 * The worker processes together: as many as there should be, each started again when it ends, later each time it ends
 * soon. The first process keeps the sockets and runs no code of an algorithm, so there is at least one.
 */
import { AlgorithmError, type ContractError } from '../errors.js';
import type { Log } from '../log.js';
import type { ModelFailure } from './model-failure.js';
import type { ModelFacts } from './worker-message.js';
import type { StartWorker, WorkerProcess } from './worker-process.js';

export interface WorkerPool {
  /** Starts a worker; what the first to be heard of says of its model: it can be used, or it can't. */
  tryModel(): Promise<ModelFacts | ModelFailure>;
  /** Those that can answer now, in the order in which they became ready. */
  ready(): readonly WorkerProcess[];
  /** How many have ended by themselves or were replaced. */
  readonly endedCount: number;
  /** Milliseconds since the last ready worker ended and no other has become ready; 0 while there is one, and before the first. */
  emptyMs(): number;
  /** Why no worker comes up any more, or undefined while one answers or is on its way. */
  problem(): ContractError | undefined;
  /** Starts as many as are missing to `count`, in a moment. */
  grow(count: number): void;
  /** Ends a worker that does not answer; another starts immediately. @param reason for the log */
  replace(worker: WorkerProcess, reason: string): void;
  /** Ends all workers, idle ones with their models closed, and waits until they are gone. */
  stop(): Promise<void>;
}

export interface WorkerPoolOptions {
  readonly start: StartWorker;
  readonly log: Log;
  /** Called whenever a worker has become ready. */
  readonly onReady: () => void;
  /** Called whenever `problem` may have changed. */
  readonly onChange?: () => void;
}

/** Starting a process holds this one up for some milliseconds, which the first ping should not pay for. */
const GROW_AFTER_MS = 100;
const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 30_000;
/** A worker that has answered for so long did not die of its model. */
const STEADY_MS = 60_000;
/** After this many in a row that exit before they are ready, the model cannot be loaded: it kills its process. */
const HOPELESS_STARTS = 3;

export function startWorkers({ start, log, onReady, onChange }: WorkerPoolOptions): WorkerPool {
  const workers = new Map<WorkerProcess, { readySince?: number; isReplaced?: boolean }>();
  const first = Promise.withResolvers<ModelFacts | ModelFailure>();
  let wanted = 0;
  let failures = 0;
  let failedStarts = 0;
  let endedCount = 0;
  let emptySince: number | undefined;
  let lastReason = '';
  /** The code that waits for the first report logs it. */
  let isFirstTold = true;
  let isStopping = false;

  const startLater = (delayMs: number) => void setTimeout(() => isStopping || startOne(), delayMs).unref();
  const startOne = () => {
    const worker = start();
    workers.set(worker, {});
    void worker.ready.then((report) => {
      const isFailure = 'message' in report;
      if (isFailure && isFirstTold) log.error(`worker ${worker.pid}: ${report.message}`);
      isFirstTold = true;
      first.resolve(report);
      if (isFailure || !workers.has(worker)) return;
      failedStarts = 0;
      emptySince = undefined;
      onChange?.();
      workers.set(worker, { ...workers.get(worker), readySince: performance.now() });
      onReady();
    });
    void worker.ended.then((reason) => onEnd(worker, reason));
  };
  const onEnd = (worker: WorkerProcess, reason: string) => {
    const { readySince, isReplaced } = workers.get(worker) ?? {};
    workers.delete(worker);
    if (![...workers.keys()].some(({ isReady }) => isReady)) emptySince ??= performance.now();
    if (isStopping) return;
    endedCount += 1;
    lastReason = reason;
    if (readySince === undefined) failedStarts += 1;
    if (failedStarts >= HOPELESS_STARTS) first.resolve(asFailure(hopeless(reason)));
    onChange?.();
    const isSteady = readySince !== undefined && performance.now() - readySince > STEADY_MS;
    failures = isReplaced ? 0 : isSteady ? 1 : failures + 1;
    const delayMs = isReplaced ? 0 : Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** (failures - 1));
    if (!isReplaced) log.error(`worker ${worker.pid} ended (${reason}); another starts in ${delayMs / 1000} s`);
    startLater(delayMs);
  };

  return {
    tryModel() {
      isFirstTold = false;
      wanted += 1;
      startOne();
      return first.promise;
    },
    emptyMs: () => (emptySince === undefined ? 0 : performance.now() - emptySince),
    get endedCount() {
      return endedCount;
    },
    ready: () => [...workers.keys()].filter(({ isReady }) => isReady),
    problem: () => (failedStarts < HOPELESS_STARTS ? undefined : hopeless(lastReason)),
    grow(count) {
      for (; wanted < count; wanted++) startLater(GROW_AFTER_MS);
    },
    replace(worker, reason) {
      const state = workers.get(worker);
      if (!state || state.isReplaced) return;
      state.isReplaced = true;
      log.error(`worker ${worker.pid} is stopped and replaced: ${reason}`);
      worker.kill();
    },
    async stop() {
      isStopping = true;
      const ended = [...workers.keys()].map((worker) => {
        worker.end();
        return worker.ended;
      });
      await Promise.all(ended);
    },
  };
}

// --- internal ---

function hopeless(reason: string): ContractError {
  return new AlgorithmError(
    'E_ALGORITHM',
    `${HOPELESS_STARTS} worker processes in a row exited while loading the model (the last with ${reason}). A process that is killed often needs more memory than the container has.`,
  );
}

function asFailure({ name, code, message }: ContractError): ModelFailure {
  return { name, code, message, stack: undefined };
}
