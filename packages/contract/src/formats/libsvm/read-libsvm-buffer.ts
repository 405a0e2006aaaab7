/**
 * A request body of libsvm rows as one sparse block. A row of a request needs no label; where the first part of a line
 * has no colon it is one, and is not kept, so that a training file can be sent as it is (but for its weights, which
 * nothing tells from an entry).
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
  const blocks = parseBody(body, new LibsvmParser({ ...options, indexBase, hasLabel: false }, kernel), 'line', copyOf);
  if (kernel.memory.buffer.byteLength > KEPT_MEMORY_BYTES) kernel = undefined;
  const last = blocks.at(-1);
  if (!last) throw new ClientError('E_DATA_EMPTY', 'request: expected at least one row; received none.');
  return blocks.length === 1 ? last : { ...joinRows(blocks), columns: last.columns };
}

// --- internal ---

/** A kernel that a request with very long lines made larger than this is not kept. */
const KEPT_MEMORY_BYTES = 16 * 1024 * 1024;

/** Shared by all requests: reading a body never waits, so that no two of them use it at once. */
let kernel: LibsvmKernel | undefined;

function copyOf({ queryIds, ...block }: SparseBlock): SparseBlock {
  return {
    ...block,
    labels: block.labels.slice(),
    ...(queryIds && { queryIds: queryIds.slice() }),
    rowStarts: block.rowStarts.slice(),
    columnIndices: block.columnIndices.slice(),
    values: block.values.slice(),
  };
}

function joinRows(blocks: readonly SparseBlock[]): SparseBlock {
  const first = blocks[0]!;
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const entries = blocks.reduce((sum, block) => sum + block.values.length, 0);
  const rowStarts = new Uint32Array(rows + 1);
  const columnIndices = new Uint32Array(entries);
  const values = first.values instanceof Float32Array ? new Float32Array(entries) : new Float64Array(entries);
  const queryIds = first.queryIds && new Float64Array(rows);
  let row = 0;
  let entry = 0;
  for (const block of blocks) {
    for (let i = 1; i <= block.rows; i++) rowStarts[row + i] = entry + block.rowStarts[i]!;
    columnIndices.set(block.columnIndices, entry);
    values.set(block.values, entry);
    if (block.queryIds) queryIds?.set(block.queryIds, row);
    row += block.rows;
    entry += block.values.length;
  }
  return { ...first, rows, rowStarts, columnIndices, values, ...(queryIds && { queryIds }) };
}
