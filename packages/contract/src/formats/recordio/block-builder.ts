/**
 * Rows gathered into blocks: dense records into tables, sparse ones into compressed sparse rows. A block holds one kind;
 * it ends when the kind changes. Its arrays are used again for the next block.
 */
import type { Block, BlockOptions, SparseBlock } from '../block.js';
import { rowCapacity } from '../block-size.js';
import type { Tensor } from './record.js';

/** What the blocks of a pass have in common. */
export interface CollectorShape extends Pick<BlockOptions, 'precision' | 'maxRows'> {
  readonly columns: number;
  readonly labelCount: number;
}

const SPARSE_ENTRIES = 128 * 1024;
const SPARSE_ROWS = 32 * 1024;

type Floats = Float64Array | Float32Array;

export class RowCollector {
  readonly #shape: CollectorShape;
  #rows = 0;
  #isSparse = false;
  #labels: Float64Array;
  /** Of dense rows; made when the first one comes. */
  #features: Floats | undefined;
  readonly #denseRows: number;
  readonly #sparseRows: number;
  #rowStarts: Uint32Array | undefined;
  #columnIndices: Uint32Array = new Uint32Array(0);
  #values: Floats;

  constructor(shape: CollectorShape) {
    const { columns, labelCount, precision, maxRows } = shape;
    this.#shape = shape;
    this.#denseRows = rowCapacity((columns + labelCount) * (precision === 'float32' ? 4 : 8), maxRows);
    this.#sparseRows = Math.min(maxRows ?? SPARSE_ROWS, SPARSE_ROWS);
    this.#labels = new Float64Array(0);
    this.#values = this.#floats(0);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Whether a row like `features` would not fit the block that is being filled. */
  isFullFor(features: Tensor): boolean {
    if (this.#rows === 0) return false;
    if (features.isSparse !== this.#isSparse) return true;
    if (!features.isSparse) return this.#rows === this.#denseRows;
    const entries = this.#rowStarts![this.#rows]!;
    return this.#rows === this.#sparseRows || entries + features.count > SPARSE_ENTRIES;
  }

  /** Takes a row that fits; keys of a sparse one ascend. */
  add(features: Tensor, label: Tensor): void {
    const { columns, labelCount } = this.#shape;
    const row = this.#rows++;
    if (row === 0) this.#start(features);
    for (let i = 0; i < labelCount; i++) this.#labels[row * labelCount + i] = label.values[i]!;
    const { values, keys, count } = features;
    if (!features.isSparse) {
      const target = this.#features!;
      const start = row * columns;
      for (let i = 0; i < count; i++) target[start + i] = values[i]!;
      return;
    }
    const start = this.#rowStarts![row]!;
    for (let i = 0; i < count; i++) {
      this.#columnIndices[start + i] = keys[i]!;
      this.#values[start + i] = values[i]!;
    }
    this.#rowStarts![row + 1] = start + count;
  }

  /** The rows so far, ≥ 1; then the collector is empty. */
  take(source: string, firstLine: number): Block | SparseBlock {
    const { columns, labelCount } = this.#shape;
    const rows = this.#rows;
    this.#rows = 0;
    const labels = this.#labels.subarray(0, rows * labelCount);
    const head = { rows, columns, labelCount, labels, source, firstLine };
    if (!this.#isSparse) return { ...head, features: this.#features!.subarray(0, rows * columns) };
    const entries = this.#rowStarts![rows]!;
    return {
      ...head,
      rowStarts: this.#rowStarts!.subarray(0, rows + 1),
      columnIndices: this.#columnIndices.subarray(0, entries),
      values: this.#values.subarray(0, entries),
    };
  }

  /** Begins a block of the kind of its first row. */
  #start({ isSparse, count }: Tensor): void {
    const { columns, labelCount } = this.#shape;
    this.#isSparse = isSparse;
    const capacity = isSparse ? this.#sparseRows : this.#denseRows;
    if (this.#labels.length < capacity * labelCount) this.#labels = new Float64Array(capacity * labelCount);
    if (!isSparse) {
      this.#features ??= this.#floats(capacity * columns);
      return;
    }
    this.#rowStarts ??= new Uint32Array(capacity + 1);
    const entries = Math.max(SPARSE_ENTRIES, count);
    if (this.#values.length >= entries) return;
    this.#columnIndices = new Uint32Array(entries);
    this.#values = this.#floats(entries);
  }

  #floats(length: number): Floats {
    return this.#shape.precision === 'float32' ? new Float32Array(length) : new Float64Array(length);
  }
}
