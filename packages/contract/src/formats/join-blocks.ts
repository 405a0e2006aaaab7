/**
 * The blocks of a request as one. Where some rows are dense and some sparse, all become sparse: so a column that was left
 * out and one that was given stay different.
 */
import { type Block, isSparse, type SparseBlock } from './block.js';

/** `block` with arrays of its own. */
export function copyBlock<B extends Block | SparseBlock>(block: B): B {
  const { labels, weights, queryIds } = block;
  const head = {
    ...block,
    labels: labels.slice(),
    ...(weights && { weights: weights.slice() }),
    ...(queryIds && { queryIds: queryIds.slice() }),
  };
  if (!isSparse(block)) return { ...head, features: block.features.slice() };
  const { rowStarts, columnIndices, values } = block;
  return { ...head, rowStarts: rowStarts.slice(), columnIndices: columnIndices.slice(), values: values.slice() };
}

/**
 * The rows of all blocks in order, undefined when there is none. Labels and weights, which requests have not, are those of
 * the first block.
 * @param blocks of one request, with arrays of their own
 */
export function joinBlocks(blocks: readonly (Block | SparseBlock)[]): Block | SparseBlock | undefined {
  const [first] = blocks;
  if (blocks.length <= 1 || !first) return first;
  const dense = blocks.filter((block): block is Block => !isSparse(block));
  return dense.length === blocks.length ? joinDense(dense) : joinSparse(blocks.map(asSparse));
}

/** As `joinBlocks`, for one dense block or more. */
export function joinDense(blocks: readonly Block[]): Block {
  const first = blocks[0]!;
  if (blocks.length === 1) return first;
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const features = like(first.features, rows * first.columns);
  let at = 0;
  for (const block of blocks) {
    features.set(block.features, at);
    at += block.features.length;
  }
  return { ...first, rows, features };
}

/** As `joinBlocks`, for one sparse block or more. */
export function joinSparse(blocks: readonly SparseBlock[]): SparseBlock {
  const first = blocks[0]!;
  if (blocks.length === 1) return first;
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const entries = blocks.reduce((sum, block) => sum + block.values.length, 0);
  const rowStarts = new Uint32Array(rows + 1);
  const columnIndices = new Uint32Array(entries);
  const values = like(first.values, entries);
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
  const columns = Math.max(...blocks.map((block) => block.columns));
  return { ...first, rows, columns, rowStarts, columnIndices, values, ...(queryIds && { queryIds }) };
}

// --- internal ---

function like(array: Float64Array | Float32Array, length: number): Float64Array | Float32Array {
  return array instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}

/** Every column of a dense row becomes an entry. */
function asSparse(block: Block | SparseBlock): SparseBlock {
  if (isSparse(block)) return block;
  const { features: values, ...head } = block;
  const { rows, columns } = head;
  const rowStarts = Uint32Array.from({ length: rows + 1 }, (_, row) => row * columns);
  const columnIndices = Uint32Array.from({ length: values.length }, (_, entry) => entry % columns);
  return { ...head, rowStarts, columnIndices, values };
}
