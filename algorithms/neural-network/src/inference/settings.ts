/** How an endpoint is set up: the variables of the container that are this algorithm's own. */
import { batchingVariables, type Environment, PlatformError, servingThreads } from '@algo/contract';
import { MAX_THREADS } from '@algo/numerics';
import { type WantedBackend, wantedBackend } from '../backends/choose.js';

export interface ServingOptions {
  readonly backend: WantedBackend;
  /** Of the backends that have threads. */
  readonly threads: number;
  /** Undefined: as many rows as suit the network. */
  readonly maxBatchRows: number | undefined;
  /** How long the first request of a batch waits for others, in milliseconds. */
  readonly maxBatchDelayMs: number;
  /** Processes that answer; undefined: one for each CPU. */
  readonly processes?: number | undefined;
}

/** @throws PlatformError E_ENVIRONMENT naming the variable, its rule and its value */
export function readServingOptions({ variables, serving }: Pick<Environment, 'variables' | 'serving'>): ServingOptions {
  const { maxRows, maxDelayMs = 0 } = batchingVariables(variables);
  return {
    backend: wantedBackend('auto', variables),
    threads: readThreads(variables) ?? servingThreads(serving),
    maxBatchRows: maxRows,
    maxBatchDelayMs: maxDelayMs,
    processes: serving.workers,
  };
}

// --- internal ---

function readThreads({ ALGO_THREADS: text }: Readonly<Record<string, string>>): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= MAX_THREADS) return value;
  const message = `Variable ALGO_THREADS must be an integer in [1, ${MAX_THREADS}]; received "${text}".`;
  throw new PlatformError('E_ENVIRONMENT', message);
}
