/** How an endpoint is set up: the variables of the container that are this algorithm's own. */
import { type Environment, PlatformError } from '@algo/contract';
import { type WantedBackend, wantedBackend } from '../backends/choose.js';
import type { BatchingLimits } from './batching.js';

export interface ServingOptions {
  readonly backend: WantedBackend;
  /** Of the backends that have threads; undefined: what suits the number of processes. */
  readonly threads: number | undefined;
  /** Undefined: as many rows as suit the network. */
  readonly maxBatchRows: number | undefined;
  readonly maxBatchDelayMs: BatchingLimits['maxDelayMs'];
  /** Processes that answer; undefined: one for each CPU. */
  readonly processes?: number | undefined;
}

/** @throws PlatformError E_ENVIRONMENT naming the variable, its rule and its value */
export function readServingOptions({ variables, serving }: Pick<Environment, 'variables' | 'serving'>): ServingOptions {
  return {
    backend: wantedBackend('auto', variables),
    // One process per CPU answers; each with threads for all CPUs would only make them wait for each other.
    threads: readNumber(variables, 'ALGO_THREADS', { low: 1, high: 256 }) ?? (serving.workers === 1 ? undefined : 1),
    maxBatchRows: readNumber(variables, 'ALGO_BATCH_MAX_ROWS', { low: 1, high: 1_000_000 }),
    maxBatchDelayMs: readNumber(variables, 'ALGO_BATCH_MAX_DELAY_MS', { low: 0, high: 10_000, isFraction: true }) ?? 0,
    processes: serving.workers,
  };
}

// --- internal ---

interface Range {
  readonly low: number;
  readonly high: number;
  readonly isFraction?: boolean;
}

function readNumber(
  variables: Readonly<Record<string, string>>,
  name: string,
  { low, high, isFraction = false }: Range,
): number | undefined {
  const text = variables[name];
  if (text === undefined) return undefined;
  const value = (isFraction ? /^\d+(\.\d+)?$/ : /^\d+$/).test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  const kind = isFraction ? 'a number' : 'an integer';
  throw new PlatformError(
    'E_ENVIRONMENT',
    `Variable ${name} must be ${kind} in [${low}, ${high}]; received "${text}".`,
  );
}
