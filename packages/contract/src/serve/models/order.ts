/** What the first process asks of a worker that holds many models, and what comes back. */
import type { ModelFailure } from '../model-failure.js';

export type ModelOrder =
  /** Load the model in the folder `url`. */
  | { readonly kind: 'load'; readonly name: string; readonly url: string }
  /** Close the model when its requests in flight are answered, and forget it. */
  | { readonly kind: 'unload'; readonly name: string }
  /** Give back what memory is not used any more. */
  | { readonly kind: 'collect' };

/** How an order ended, and how full the worker is after it. */
export type OrderResult = (
  | { readonly kind: 'loaded'; readonly model: HeldModelFacts }
  | { readonly kind: 'failed'; readonly failure: ModelFailure }
  | { readonly kind: 'done' }
) & {
  /** Share of the engine's heap that is in use, in [0, 1]. */
  readonly heapShare: number;
};

/** Of one model: see ModelFacts. */
export interface HeldModelFacts {
  readonly maxProcesses: number | undefined;
  readonly isConcurrent: boolean;
  readonly isBatched: boolean;
  /** By how much the process grew at most while it loaded: the model with all that was needed to read it. */
  readonly peakBytes: number;
}
