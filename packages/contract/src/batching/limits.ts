/** How requests are answered together; a definition gives the numbers, or its loaded model does. */
import { AlgorithmError, PlatformError } from '../errors.js';

/** Requests that come while the model is busy are predicted together, in one call of `predict`. */
export interface Batching {
  /**
   * Maximum number of rows of one call, ≥ 1; a request of more rows is predicted in parts, which take turns with other
   * requests.
   */
  readonly maxRows: number;
  /**
   * How long the first request of a batch waits for others, in milliseconds. Default 0: only until all that have arrived
   * are read, which costs microseconds.
   */
  readonly maxDelayMs?: number;
  /**
   * Maximum number of rows that wait in one process; requests beyond are answered by 503 E_BUSY. One request is always
   * let in. Default: 16 batches.
   */
  readonly maxQueuedRows?: number;
}

/** With the defaults filled in. */
export type BatchingLimits = Required<Batching>;

/** The variables of a container by which whoever runs it changes the limits. */
const BATCH_ROWS_VARIABLE = 'ALGO_BATCH_MAX_ROWS';
const BATCH_DELAY_VARIABLE = 'ALGO_BATCH_MAX_DELAY_MS';

/**
 * What the variables say of the limits.
 * @throws PlatformError E_ENVIRONMENT naming the variable, its rule and its value
 */
export function batchingVariables(variables: Readonly<Record<string, string>>): Partial<Batching> {
  const maxRows = readNumber(variables, BATCH_ROWS_VARIABLE, /^\d+$/, [1, 1_000_000], 'an integer');
  const maxDelayMs = readNumber(variables, BATCH_DELAY_VARIABLE, /^\d+(\.\d+)?$/, [0, 10_000], 'a number');
  return { ...(maxRows !== undefined && { maxRows }), ...(maxDelayMs !== undefined && { maxDelayMs }) };
}

/** @throws AlgorithmError for numbers that are no limits */
export function batchingLimits({ maxRows, maxDelayMs = 0, maxQueuedRows }: Batching): BatchingLimits {
  const queued = maxQueuedRows ?? QUEUED_BATCHES * maxRows;
  requireNumber('maxRows', 'an integer ≥ 1', maxRows, Number.isInteger(maxRows) && maxRows >= 1);
  requireNumber('maxDelayMs', 'a number in [0, 10000]', maxDelayMs, maxDelayMs >= 0 && maxDelayMs <= 10_000);
  requireNumber('maxQueuedRows', 'a number ≥ maxRows', queued, queued >= maxRows);
  return { maxRows, maxDelayMs, maxQueuedRows: queued };
}

// --- internal ---

const QUEUED_BATCHES = 16;

function requireNumber(name: string, rule: string, value: number, isValid: boolean): void {
  if (isValid) return;
  throw new AlgorithmError('E_ALGORITHM', `batching: ${name} must be ${rule}; received ${value}.`);
}

function readNumber(
  variables: Readonly<Record<string, string>>,
  name: string,
  form: RegExp,
  [low, high]: readonly [number, number],
  kind: string,
): number | undefined {
  const text = variables[name];
  if (text === undefined) return undefined;
  const value = form.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  const message = `Variable ${name} must be ${kind} in [${low}, ${high}]; received "${text}".`;
  throw new PlatformError('E_ENVIRONMENT', message);
}
