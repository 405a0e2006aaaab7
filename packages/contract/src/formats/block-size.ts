/**
 * How many rows a block holds: about 1 MiB of values when nobody asks for more, so that block and input stay in a
 * core's cache.
 */
import { AlgorithmError } from '../errors.js';

const DEFAULT_BLOCK_BYTES = 1024 * 1024;
/** A block never holds more, whatever `maxRows` says, unless one row does. */
const MAX_BLOCK_BYTES = 256 * 1024 * 1024;

/**
 * Rows of `rowBytes` each that a block has room for, ≥ 1.
 * @param maxRows of BlockOptions
 */
export function rowCapacity(rowBytes: number, maxRows: number | undefined): number {
  const limit = Math.floor((maxRows ? MAX_BLOCK_BYTES : DEFAULT_BLOCK_BYTES) / rowBytes);
  return Math.max(1, Math.min(maxRows ?? limit, limit));
}

/** @throws AlgorithmError unless `maxRows` is absent or an integer ≥ 1 */
export function checkMaxRows(maxRows: number | undefined): void {
  if (maxRows === undefined || (Number.isInteger(maxRows) && maxRows >= 1)) return;
  throw new AlgorithmError('E_ALGORITHM', `maxRows must be an integer ≥ 1; received ${maxRows}.`);
}
