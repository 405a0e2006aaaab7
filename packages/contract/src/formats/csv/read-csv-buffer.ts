/**
 * A request body of CSV rows as one block. Rows of inference have features only: no label, no weight, no header.
 */
import { ClientError } from '../../errors.js';
import type { Block, ValuePolicy } from '../block.js';
import { parseBody } from '../block-parser.js';
import { type CsvKernel, createCsvKernel } from './kernel.js';
import { CsvParser } from './parser.js';

export interface CsvBufferOptions {
  readonly policy: ValuePolicy;
  /** Columns every row must have; default: as many as the first row has. */
  readonly featureCount?: number;
  readonly precision?: 'float64' | 'float32';
}

/**
 * All rows of `body`, in arrays of their own.
 * @param body at least one row
 * @throws ClientError naming row and column of the first bad value; E_DATA_EMPTY when there is no row
 */
export function readCsvBuffer(body: Uint8Array, options: CsvBufferOptions): Block {
  kernel ??= createCsvKernel();
  const block = parseBody(body, new CsvParser({ ...options, labelCount: 0 }, kernel), 'row');
  if (kernel.memory.buffer.byteLength > KEPT_MEMORY_BYTES) kernel = undefined;
  if (!block) {
    throw new ClientError('E_DATA_EMPTY', 'request: expected at least one row; received none.');
  }
  return block as Block; // the parser makes no sparse ones
}

// --- internal ---

/** A kernel that a request with very long lines made larger than this is not kept. */
const KEPT_MEMORY_BYTES = 16 * 1024 * 1024;

/** Shared by all requests: reading a body never waits, so that no two of them use it at once. */
let kernel: CsvKernel | undefined;
