/**
 * A request body of libsvm rows as one sparse block. A row of a request needs no label; where the first part of a line
 * has no colon it is one, and is not kept, so that a training file can be sent as it is (except for its weights, which
 * look like an entry).
 */
import { ClientError } from '../../errors.js';
import type { SparseBlock, ValuePolicy } from '../block.js';
import { parseBody } from '../block-parser.js';
import { createLibsvmKernel, type LibsvmKernel } from './kernel.js';
import { LibsvmParser } from './parser.js';

export interface LibsvmBufferOptions {
  readonly policy: ValuePolicy;
  /** Columns of the model: an index beyond them is an error. */
  readonly featureCount?: number;
  /** The index of the first column; default 0. */
  readonly indexBase?: 0 | 1;
  readonly precision?: 'float64' | 'float32';
}

/**
 * All rows of `body`, in arrays of their own.
 * @throws ClientError naming line and index of the first bad entry; E_DATA_EMPTY when there is no row
 */
export function readLibsvmBuffer(body: Uint8Array, { indexBase = 0, ...options }: LibsvmBufferOptions): SparseBlock {
  kernel ??= createLibsvmKernel();
  const parser = new LibsvmParser({ ...options, indexBase, hasLabel: false, spansComments: true }, kernel);
  const block = parseBody(body, parser, 'line');
  if (kernel.memory.buffer.byteLength > KEPT_MEMORY_BYTES) kernel = undefined;
  if (!block) {
    throw new ClientError('E_DATA_EMPTY', 'request: expected at least one row; received none.');
  }
  return block as SparseBlock; // the parser makes no dense ones
}

// --- internal ---

/** A kernel that a request with very long lines made larger than this is not kept. */
const KEPT_MEMORY_BYTES = 16 * 1024 * 1024;

/** Shared by all requests: reading a body never waits, so no two of them use it at the same time. */
let kernel: LibsvmKernel | undefined;
