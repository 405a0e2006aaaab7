/**
 * Brings models into workers and out of them. Each is in two workers, so that one of them can load others or end; in one
 * where more than half of the memory is in use, there is only one worker, or the model says so. First copies come before
 * second ones. When a worker ends, its models are loaded again.
 */
import type { ContractError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { WorkerProcess } from '../worker-process.js';
import { createLoadAttempt, type LoadAttemptOptions } from './load-attempt.js';
import { lostWhileLoading } from './model-errors.js';
import type { ModelHolders, PlacedModel } from './model-holders.js';

export interface ModelLoader {
  /** Settles when a worker has the model. @throws ContractError when none can have it */
  load(model: PlacedModel): Promise<void>;
  /** Closes the model in every worker that has it, after their requests in flight; settles when that is done. */
  unload(model: PlacedModel): Promise<void>;
  /** Called when a worker has become ready: it may have something to load. */
  next(): void;
  /** Called when a worker has ended. */
  onEnded(worker: WorkerProcess): void;
}

export interface ModelLoaderOptions extends LoadAttemptOptions {
  readonly holders: ModelHolders;
  /** Workers that a model is in where memory allows; default 2. */
  readonly copies?: number | undefined;
  readonly log: Log;
  /** Called when no worker can load a model now; why none will, if so. */
  readonly onStarved?: ((model: PlacedModel) => ContractError | undefined) | undefined;
  /** Called when a worker is no longer loading. */
  readonly onFree: () => void;
  /** Called when a worker has the model. */
  readonly onLoaded: (model: PlacedModel) => void;
  /** Called when no worker has the model any more and none could load it again. */
  readonly onLost: (model: PlacedModel, reason: ContractError) => void;
}

export function createModelLoader(options: ModelLoaderOptions): ModelLoader {
  const { holders, memory, copies = COPIES, log, onStarved, onFree, onLoaded, onLost } = options;
  const attempt = createLoadAttempt(options);
  /** Of models that no worker has. */
  let urgent: Load[] = [];
  /** Models that one more worker should have. */
  const lacking = new Set<PlacedModel>();
  /** Models that are being unloaded. */
  const leaving = new Set<PlacedModel>();
  /** By model, what is in progress. */
  const running = new Map<PlacedModel, Set<Promise<void>>>();

  const next = () => {
    for (let load = urgent[0]; load; load = urgent[0]) {
      const isThere = load.model.holders.size > 0; // a second copy was on its way when the first one was lost
      const worker = isThere ? undefined : holders.choose(load.model);
      const refusal = worker || isThere ? undefined : onStarved?.(load.model);
      if (!worker && !isThere && !refusal) return;
      urgent.shift();
      if (worker) begin(load, worker);
      else if (refusal) load.settle(refusal);
      else look(load.model);
    }
    if (lacking.size === 0 || !holders.hasFree()) return;
    for (const model of [...lacking]) {
      const worker = holders.choose(model);
      if (!worker) continue;
      if (!memory.isRoomy(memory.estimate(model.fileBytes, false))) return;
      lacking.delete(model);
      begin(createLoad(model, 'copy'), worker);
      if (!holders.hasFree()) return;
    }
  };

  const begin = (load: Load, worker: WorkerProcess) => {
    holders.beginLoad(worker);
    const loads = running.get(load.model) ?? new Set();
    const done = run(load, worker).finally(() => {
      holders.endLoad(worker);
      loads.delete(done);
      if (loads.size === 0) running.delete(load.model);
      next();
      onFree();
    });
    running.set(load.model, loads.add(done));
  };

  const run = async (load: Load, worker: WorkerProcess) => {
    const { model } = load;
    const outcome = await attempt(model, worker, load.kind === 'again');
    if (outcome === 'lost' && !load.isSecondTry && load.kind !== 'copy' && !leaving.has(model)) {
      urgent.unshift({ ...load, isSecondTry: true });
      return;
    }
    if (outcome === 'lost') return load.settle(lostWhileLoading(model.name, await worker.ended));
    if (outcome instanceof Error) return load.settle(outcome);
    model.facts = outcome;
    if (worker.isReady) holders.hold(worker, model);
    onLoaded(model);
    look(model);
    load.settle(undefined);
  };

  /** Whether a load of the model is in progress besides the one that has just ended. */
  const othersRun = (model: PlacedModel) => (running.get(model)?.size ?? 0) > 1;

  /** What the model lacks now: a first worker again, a second one, or nothing. */
  const look = (model: PlacedModel) => {
    if (leaving.has(model)) return;
    const wanted = Math.min(copies, model.facts?.maxProcesses ?? copies);
    if (model.holders.size === 0) urgent.push(createLoad(model, 'again'));
    else if (model.holders.size < wanted) lacking.add(model);
  };

  const createLoad = (model: PlacedModel, kind: 'again' | 'copy'): Load => ({
    model,
    kind,
    isSecondTry: false,
    settle(problem) {
      if (!problem) return;
      log.error(
        `model "${model.name}" was not loaded ${kind === 'copy' ? 'by a second worker' : 'again'}: ${problem.message}`,
      );
      const isComing = urgent.some((load) => load.model === model) || othersRun(model);
      if (model.holders.size > 0 || isComing) return;
      lacking.delete(model);
      onLost(model, problem);
    },
  });

  return {
    next,
    load: (model) =>
      new Promise((resolve, reject) => {
        const settle = (problem: ContractError | undefined) => (problem ? reject(problem) : resolve());
        urgent.push({ model, kind: 'first', isSecondTry: false, settle });
        next();
      }),
    async unload(model) {
      leaving.add(model);
      lacking.delete(model);
      urgent = urgent.filter((load) => load.model !== model);
      await Promise.all(running.get(model) ?? []);
      await Promise.all([...model.holders].map((worker) => worker.order({ kind: 'unload', name: model.name })));
      holders.release(model);
      leaving.delete(model);
      next();
    },
    onEnded(worker) {
      for (const model of holders.remove(worker)) look(model);
      next();
    },
  };
}

// --- internal ---

/** Workers that have a model: with one more than one, what loads or ends does not hold up its requests. */
const COPIES = 2;

interface Load {
  readonly model: PlacedModel;
  /** For a caller who waits, in place of a worker that ended, or in a second worker. */
  readonly kind: 'first' | 'again' | 'copy';
  /** A worker ended in the first one, perhaps for another reason. */
  readonly isSecondTry: boolean;
  settle(problem: ContractError | undefined): void;
}
