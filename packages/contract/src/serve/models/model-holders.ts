/**
 * Which worker holds which model, and who may do what now. A load holds up its worker, so it may begin only where each
 * model of that worker is also in another one that is not loading: requests to them are answered meanwhile.
 */
import type { WorkerProcess } from '../worker-process.js';
import type { HeldModelFacts } from './order.js';

/** A model as the workers hold it. */
export interface PlacedModel {
  readonly name: string;
  readonly url: string;
  /** Known before a worker has it. */
  fileBytes: number;
  readonly holders: Set<WorkerProcess>;
  /** Known once a worker has it. */
  facts: HeldModelFacts | undefined;
}

export interface ModelHolders {
  /** Whether no worker has any model. */
  readonly isEmpty: boolean;
  hold(worker: WorkerProcess, model: PlacedModel): void;
  /** No worker has this model any more. */
  release(model: PlacedModel): void;
  /** The worker is gone. @returns the models that it had */
  remove(worker: WorkerProcess): readonly PlacedModel[];
  beginLoad(worker: WorkerProcess): void;
  endLoad(worker: WorkerProcess): void;
  /** Whether some worker is not loading. */
  hasFree(): boolean;
  /** The worker that should load this model now, if any: one that is idle, then the one with the fewest bytes of models. */
  choose(model: PlacedModel): WorkerProcess | undefined;
  /** Workers that can answer for the model now. */
  answering(model: PlacedModel): WorkerProcess[];
}

/**
 * @param workers those that are ready
 * @param isAlone whether a worker may hold one model only
 */
export function createModelHolders(workers: () => readonly WorkerProcess[], isAlone = false): ModelHolders {
  const held = new Map<WorkerProcess, { readonly models: Set<PlacedModel>; bytes: number }>();
  const loading = new Set<WorkerProcess>();

  const isFree = (worker: WorkerProcess) => worker.isReady && !loading.has(worker);
  const isElsewhere = ({ holders }: PlacedModel, worker: WorkerProcess) => {
    for (const other of holders) if (other !== worker && isFree(other)) return true;
    return false;
  };
  /** A model that only this worker has waits in any case, now or later. */
  const isSpared = (worker: WorkerProcess) => {
    if (loading.size === 0) return true;
    for (const model of held.get(worker)?.models ?? []) {
      if (model.holders.size > 1 && !isElsewhere(model, worker)) return false;
    }
    return true;
  };
  const hasRoom = (worker: WorkerProcess) => !isAlone || !held.has(worker);
  const bytesIn = (worker: WorkerProcess) => held.get(worker)?.bytes ?? 0;

  return {
    get isEmpty() {
      return held.size === 0;
    },
    hold(worker, model) {
      const entry = held.get(worker) ?? { models: new Set(), bytes: 0 };
      held.set(worker, entry);
      entry.models.add(model);
      entry.bytes += model.fileBytes;
      model.holders.add(worker);
    },
    release(model) {
      for (const worker of model.holders) {
        const entry = held.get(worker);
        if (!entry?.models.delete(model)) continue;
        entry.bytes -= model.fileBytes;
        if (entry.models.size === 0) held.delete(worker);
      }
      model.holders.clear();
    },
    remove(worker) {
      const models = [...(held.get(worker)?.models ?? [])];
      held.delete(worker);
      for (const { holders } of models) holders.delete(worker);
      return models;
    },
    beginLoad: (worker) => void loading.add(worker),
    endLoad: (worker) => void loading.delete(worker),
    hasFree: () => workers().some(isFree),
    choose: (model) =>
      workers()
        .filter((worker) => isFree(worker) && hasRoom(worker) && !model.holders.has(worker) && isSpared(worker))
        .sort((a, b) => a.openCount - b.openCount || bytesIn(a) - bytesIn(b))[0],
    answering: ({ holders }) => [...holders].filter(isFree),
  };
}
