/**
 * The blocks of a request as one. Where some rows are dense and some sparse, all become sparse: so a column that was left
 * out and one that was given stay different.
 */
import { type Block, isSparse, type SparseBlock } from './block.js';

/** `block` with arrays of its own. */
export function copyBlock<B extends Block | SparseBlock>(block: B): B;
export function copyBlock(block: Block | SparseBlock): Block | SparseBlock {
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

/** Bytes of the arrays of such a copy. */
export function copyBytes(block: Block | SparseBlock): number {
  const { labels, weights, queryIds } = block;
  const features = isSparse(block) ? [block.rowStarts, block.columnIndices, block.values] : [block.features];
  return [labels, weights, queryIds, ...features].reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}

/**
 * Gathers the rows of blocks in order, whose arrays may be used again in between. Memory stays within a constant of the
 * rows, however many blocks they come in. Labels and weights, which requests have not, are those of the first block.
 */
export class BlockJoiner {
  #first: Block | SparseBlock | undefined;
  #rows = 0;
  #columns = 0;
  #entries = 0;
  #values: Floats = new Float64Array(0);
  /** Of sparse rows only. */
  #columnIndices = new Uint32Array(0);
  #rowStarts = new Uint32Array(0);
  #queryIds: Float64Array | undefined;

  add(block: Block | SparseBlock): void {
    const values = isSparse(block) ? block.values : block.features;
    if (!this.#first) {
      this.#first = copyHead(block);
      this.#values = like(values, 0);
      this.#queryIds = block.queryIds && new Float64Array(0);
    } else if (isSparse(block) && !isSparse(this.#first)) this.#becomeSparse(this.#first);
    const entries = this.#entries + values.length;
    const rows = this.#rows + block.rows;
    this.#values = withRoom(this.#values, entries, (length) => like(values, length));
    this.#values.set(values, this.#entries);
    if (isSparse(this.#first)) this.#addIndices(block, entries, rows);
    if (this.#queryIds && block.queryIds) {
      this.#queryIds = withRoom(this.#queryIds, rows, (length) => new Float64Array(length));
      this.#queryIds.set(block.queryIds, this.#rows);
    }
    this.#columns = Math.max(this.#columns, block.columns);
    this.#entries = entries;
    this.#rows = rows;
  }

  /** All rows as one block, sparse when one of them was; undefined when there is none. */
  finish(): Block | SparseBlock | undefined {
    if (!this.#first) return undefined;
    const head = { ...this.#first, rows: this.#rows, columns: this.#columns };
    const queryIds = this.#queryIds && { queryIds: this.#queryIds.subarray(0, this.#rows) };
    const values = this.#values.subarray(0, this.#entries);
    if (!isSparse(head)) return { ...head, ...queryIds, features: values };
    const rowStarts = this.#rowStarts.subarray(0, this.#rows + 1);
    return { ...head, ...queryIds, rowStarts, columnIndices: this.#columnIndices.subarray(0, this.#entries), values };
  }

  /** Every column of the dense rows so far becomes an entry. */
  #becomeSparse({ features: _, ...head }: Block): void {
    const columns = this.#columns;
    this.#first = { ...head, rowStarts: this.#rowStarts, columnIndices: this.#columnIndices, values: this.#values };
    this.#rowStarts = Uint32Array.from({ length: this.#rows + 1 }, (_start, row) => row * columns);
    this.#columnIndices = Uint32Array.from({ length: this.#entries }, (_index, entry) => entry % columns);
  }

  #addIndices(block: Block | SparseBlock, entries: number, rows: number): void {
    const { columns } = block;
    this.#columnIndices = withRoom(this.#columnIndices, entries, (length) => new Uint32Array(length));
    this.#rowStarts = withRoom(this.#rowStarts, rows + 1, (length) => new Uint32Array(length));
    if (isSparse(block)) {
      this.#columnIndices.set(block.columnIndices, this.#entries);
      for (let i = 1; i <= block.rows; i++) this.#rowStarts[this.#rows + i] = this.#entries + block.rowStarts[i]!;
      return;
    }
    for (let at = this.#entries, column = 0; at < entries; at++) {
      this.#columnIndices[at] = column;
      column = column + 1 === columns ? 0 : column + 1;
    }
    for (let i = 1; i <= block.rows; i++) this.#rowStarts[this.#rows + i] = this.#entries + i * columns;
  }
}

// --- internal ---

type Floats = Float64Array | Float32Array;

function like(array: Floats, length: number): Floats {
  return array instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}

/** `array`, or a copy with room for `least` elements and as many again. */
function withRoom<A extends Floats | Uint32Array>(array: A, least: number, create: (length: number) => A): A {
  if (array.length >= least) return array;
  const larger = create(array.length === 0 ? least : Math.max(least, array.length * 2));
  larger.set(array);
  return larger;
}

/** The block without its rows: an empty array stands for what is gathered. */
function copyHead(block: Block | SparseBlock): Block | SparseBlock {
  const head = { ...block, labels: block.labels.slice(), ...(block.weights && { weights: block.weights.slice() }) };
  const empty = new Uint32Array(0);
  return isSparse(head) ? { ...head, rowStarts: empty, columnIndices: empty } : head;
}
