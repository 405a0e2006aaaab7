/**
 * One more worker at a time, where each may hold one model only: as many as there are models, while there is memory for
 * another process.
 */
import type { ContractError } from '../../errors.js';
import type { WorkerPool } from '../worker-pool.js';
import { noRoomFor } from './model-errors.js';
import type { PlacedModel } from './model-holders.js';
import type { Claim, ModelMemory } from './model-memory.js';

export interface WorkerGrowth {
  /** There is a first worker, of this size. */
  open(processBytes: number): void;
  /** Starts a worker for the model, unless one is on its way. @returns why there can be none */
  addFor(model: PlacedModel): ContractError | undefined;
  /** Called when a worker has become ready. */
  onReady(): void;
}

export function createWorkerGrowth({
  memory,
  pool,
}: {
  readonly memory: Pick<ModelMemory, 'claim' | 'estimate' | 'spareBytes'>;
  readonly pool: () => Pick<WorkerPool, 'grow'>;
}): WorkerGrowth {
  let count = 0;
  let processBytes = 0;
  let starting: Claim | undefined;
  return {
    open(bytes) {
      count = 1;
      processBytes = bytes;
    },
    addFor({ name, fileBytes }) {
      if (starting || count === 0) return undefined;
      const bytes = processBytes + memory.estimate(fileBytes, false);
      starting = memory.claim(bytes);
      if (!starting) return noRoomFor(name, bytes, memory.spareBytes());
      count += 1;
      pool().grow(count);
      return undefined;
    },
    onReady() {
      starting?.release();
      starting = undefined;
    },
  };
}
