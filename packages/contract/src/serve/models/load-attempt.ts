/**
 * One try to load a model in a worker: with room for it in memory, or not at all. Before a model is refused, the workers
 * give back what they do not use any more.
 */
import type { ContractError } from '../../errors.js';
import { errorOf } from '../model-failure.js';
import type { WorkerProcess } from '../worker-process.js';
import { loadedTooSlowly, noHeapFor, noRoomFor } from './model-errors.js';
import type { ModelHolders, PlacedModel } from './model-holders.js';
import type { Claim, ModelMemory } from './model-memory.js';
import type { HeldModelFacts, ModelOrder, OrderResult } from './order.js';

export interface LoadAttemptOptions {
  /** Workers that are ready. */
  readonly workers: () => readonly WorkerProcess[];
  readonly holders: Pick<ModelHolders, 'isEmpty'>;
  readonly memory: ModelMemory;
  /** Ends a worker that is at a load for too long. */
  readonly replace: (worker: WorkerProcess, reason: string) => void;
  readonly loadMs: number;
}

/**
 * @param isAgain whether the model was loaded before, in a worker that is gone: it fitted, so it is not measured
 * @returns 'lost' when the worker ended meanwhile, by itself
 */
export type AttemptLoad = (
  model: PlacedModel,
  worker: WorkerProcess,
  isAgain: boolean,
) => Promise<HeldModelFacts | ContractError | 'lost'>;

export function createLoadAttempt({ workers, holders, memory, replace, loadMs }: LoadAttemptOptions): AttemptLoad {
  const heapShares = new WeakMap<WorkerProcess, number>();

  const order = async (worker: WorkerProcess, asked: ModelOrder): Promise<OrderResult | undefined> => {
    const result = await worker.order(asked);
    if (result) heapShares.set(worker, result.heapShare);
    return result;
  };
  /** Workers in the middle of a request do it after that, and are not waited for. */
  const collect = async (loading: WorkerProcess) => {
    const asked = workers().map(
      (worker) => [worker, worker.openCount === 0 || worker === loading, order(worker, { kind: 'collect' })] as const,
    );
    await Promise.all(asked.filter(([, isAwaited]) => isAwaited).map(([, , done]) => done));
  };
  const claimRoom = async ({ name, fileBytes }: PlacedModel, worker: WorkerProcess): Promise<Claim | ContractError> => {
    const bytes = memory.estimate(fileBytes, holders.isEmpty);
    const claim = memory.claim(bytes);
    if (claim && (heapShares.get(worker) ?? 0) < FULL_HEAP) return claim;
    claim?.release();
    await collect(worker);
    const share = heapShares.get(worker) ?? 0;
    if (share >= FULL_HEAP) return noHeapFor(name, share);
    return memory.claim(bytes) ?? noRoomFor(name, bytes, memory.spareBytes());
  };

  return async (model, worker, isAgain) => {
    const claim = isAgain ? NO_CLAIM : await claimRoom(model, worker);
    if (claim instanceof Error) return claim;
    let late: ContractError | undefined;
    const timer = setTimeout(() => {
      late = loadedTooSlowly(model.name, loadMs);
      replace(worker, late.message);
    }, loadMs);
    const result = await order(worker, { kind: 'load', name: model.name, url: model.url });
    clearTimeout(timer);
    claim.release();
    if (!result) return late ?? 'lost';
    if (result.kind === 'failed') return errorOf(result.failure);
    if (result.kind !== 'loaded') throw new TypeError(`a load ends as loaded or failed, not as ${result.kind}`);
    memory.learn(model.fileBytes, result.model.peakBytes);
    return result.model;
  };
}

// --- internal ---

/** The engine needs some of its heap to work in. */
const FULL_HEAP = 0.75;

const NO_CLAIM: Claim = { release: () => {} };
