/** What a container knows of itself: whether it can answer, and which processes do. */
import type { ContractError } from '../errors.js';
import type { LoadedModel } from './model-loading.js';

/** What changes while the container lives. */
export interface FrontState {
  /** Whether a worker has the model; why not. */
  model: 'loading' | 'ready' | ContractError;
  /** Workers, planned or, once the model's size is known, real. */
  workers: number;
  /** The model in this process, where small requests may be answered by it. */
  own: Pick<LoadedModel, 'invokeIfCheap' | 'close'> | undefined;
  /** How long it took until a worker had the model; undefined before. */
  loadSeconds: number | undefined;
  /** Processes that answer small requests, too. */
  doors?: { readonly pids: readonly number[] };
}
