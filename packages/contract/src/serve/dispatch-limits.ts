/** How many requests a worker may be at, by what its model is like. */
import { type DispatchLimits, SHARED_BYTES } from './dispatcher.js';
import type { ModelFacts } from './worker-message.js';

/**
 * By whether requests of one worker wait for each other's results without blocking it, and whether they are gathered for a
 * device, large ones too.
 */
export function limitsFor({
  isConcurrent,
  isBatched,
}: Pick<ModelFacts, 'isConcurrent' | 'isBatched'>): Pick<DispatchLimits, 'perWorker' | 'sharedBytes'> {
  return {
    perWorker: isConcurrent || isBatched ? CONCURRENT_CALLS : 1,
    sharedBytes: isBatched ? Number.POSITIVE_INFINITY : SHARED_BYTES,
  };
}

// --- internal ---

/** Calls that a worker may be at together where it gathers them into one run of a device. */
const CONCURRENT_CALLS = 64;
