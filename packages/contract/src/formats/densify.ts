/**
 * Sparse rows as dense ones, for an algorithm that works on tables. A column without an entry becomes missing (NaN)
 * where the algorithm accepts missing values, else 0.
 */
import { ClientError } from '../errors.js';
import type { Block, BlockOptions, SparseBlock, ValuePolicy } from './block.js';
import { rowCapacity } from './block-size.js';

/** What a column without an entry is to an algorithm. */
export function absentValue(policy: ValuePolicy): number {
  return policy.missingValues === 'accept' ? Number.NaN : 0;
}

/** The rows of `block` in dense blocks of a size as `options` ask for, each with arrays of its own. */
export function* densify(
  block: SparseBlock,
  { precision, maxRows }: BlockOptions,
  policy: ValuePolicy,
): Generator<Block, void, undefined> {
  const capacity = rowCapacity(block.columns * (precision === 'float32' ? 4 : 8), maxRows);
  for (let start = 0; start < block.rows; start += capacity) {
    yield denseRows(block, start, Math.min(start + capacity, block.rows), policy);
  }
}

/**
 * All rows of a request as one dense block.
 * @throws ClientError E_DATA_SIZE when they need more than 1 GiB
 */
export function densifyRequest(block: SparseBlock, policy: ValuePolicy): Block {
  const bytes = block.rows * block.columns * block.values.BYTES_PER_ELEMENT;
  if (bytes > MAX_REQUEST_BYTES) {
    throw new ClientError(
      'E_DATA_SIZE',
      `request: its rows must take at most ${MAX_REQUEST_BYTES} bytes when every column is written out; ${block.rows} rows of ${block.columns} columns take ${bytes}. Send fewer rows at once.`,
    );
  }
  return denseRows(block, 0, block.rows, policy);
}

// --- internal ---

/** A few bytes of a sparse request can stand for very many columns. */
const MAX_REQUEST_BYTES = 1024 ** 3;

function denseRows(block: SparseBlock, start: number, end: number, policy: ValuePolicy): Block {
  const { columns, labelCount, rowStarts, columnIndices, values, weights, queryIds, columnNames } = block;
  const rows = end - start;
  const features = new (values instanceof Float32Array ? Float32Array : Float64Array)(rows * columns);
  const absent = absentValue(policy);
  if (absent !== 0) features.fill(absent);
  for (let row = start; row < end; row++) {
    const offset = (row - start) * columns;
    const rowEnd = rowStarts[row + 1]!;
    for (let entry = rowStarts[row]!; entry < rowEnd; entry++)
      features[offset + columnIndices[entry]!] = values[entry]!;
  }
  return {
    rows,
    columns,
    features,
    labelCount,
    labels: block.labels.slice(start * labelCount, end * labelCount),
    ...(weights && { weights: weights.slice(start, end) }),
    ...(queryIds && { queryIds: queryIds.slice(start, end) }),
    ...(columnNames && { columnNames }),
    source: block.source,
    firstLine: block.firstLine + start,
  };
}
