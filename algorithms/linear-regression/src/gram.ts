/**
 * Exact sums of blocks at the speed of the vector units: chunks of rows become columns of integers (limbs), the kernel adds their dot
 * products as integers, and what it has added goes into decimals of any length when the columns' grids change and at the end.
 * Rows that no reasonable grid holds take the slow way of exact-sums.ts; the sums are the same either way.
 */
import { EMPTY_GRID, type Grid, isNarrow, isSameGrid, limbsFor, raiseBound, widen } from './column-grid.js';
import { add, canonical } from './decimal.js';
import { addRow, columnCount, type ExactSums, type Expansion, emptySums, triangleIndex } from './exact-sums.js';
import { CHUNK_ROWS, createGramKernel, STRIDE, TILE, TILE_BYTES } from './gram-kernel.js';
import { firstRightTiles, type GramLayout, isSameLayout, planLayout, type Side, tileBounds } from './gram-layout.js';

/** Rows as a reader's block has them. */
export interface Rows {
  readonly rows: number;
  /** [rows × columns], row-major, finite */
  readonly features: Float64Array | Float32Array;
  /** [rows], finite */
  readonly labels: Float64Array;
  /** [rows], finite and >= 0 */
  readonly weights?: Float64Array;
}

export interface Gram {
  /** Adds all rows of a block. */
  addBlock(block: Rows): void;
  /** The sums of all rows so far, in canonical form. */
  sums(): ExactSums;
}

/** A spill adds at most 2^27 to `high`, and a chunk spills at most 128 times: 2^18 chunks stay below 2^52. */
const CHUNKS_BEFORE_FLUSH = 2 ** 18;
/** Up to this many limbs a grid follows any value; beyond, a lone outlier is cheaper by the slow way. */
const CHEAP_LIMBS = 2;

export function createGram(options: Expansion & { readonly hasWeights?: boolean }): Gram {
  return new GramAccumulator(options);
}

// --- internal ---

/** Invariant: the kernel's sums are of the current layout; `#total` holds everything older. */
class GramAccumulator implements Gram {
  readonly #kernel = createGramKernel();
  readonly #expansion: Expansion;
  readonly #hasWeights: boolean;
  readonly #total;
  #grids: Grid[];
  #layout: GramLayout;
  #chunks = 0;
  #slowRows = 0;
  #allChunks = 0;

  constructor(options: Expansion & { readonly hasWeights?: boolean }) {
    this.#expansion = { featureCount: options.featureCount, degree: options.degree };
    this.#hasWeights = options.hasWeights ?? false;
    this.#total = emptySums(this.#expansion);
    this.#grids = new Array<Grid>(options.featureCount + (this.#hasWeights ? 2 : 1)).fill(EMPTY_GRID);
    this.#layout = this.#install();
  }

  addBlock(block: Rows): void {
    for (let from = 0; from < block.rows; from += CHUNK_ROWS) {
      this.#addChunk(block, from, Math.min(CHUNK_ROWS, block.rows - from));
    }
  }

  sums(): ExactSums {
    this.#flush();
    return { ...this.#total, sums: this.#total.sums.map(canonical) };
  }

  #addChunk(block: Rows, from: number, rows: number): void {
    this.#load(block, from, rows);
    let slow = this.#takeColumns(rows);
    while (slow === undefined) slow = this.#takeColumns(rows);
    if (block.weights) {
      for (let r = 0; r < rows; r++) if (block.weights[from + r]! > 0) this.#total.rows++;
    } else {
      this.#total.rows += rows;
    }
    for (const row of slow) this.#addSlowly(block, from, row);
    this.#derive(rows);
    const { left, right, firstRight, sumRows } = this.#layout;
    this.#kernel.accumulate(
      left.base,
      left.tiles,
      left.bounds,
      right.base,
      right.tiles,
      right.bounds,
      firstRight,
      sumRows,
      rows,
    );
    this.#allChunks++;
    if (++this.#chunks === CHUNKS_BEFORE_FLUSH) this.#flush();
  }

  /** Rows into columns, padded with zeros to an even count. */
  #load(block: Rows, from: number, rows: number): void {
    const { featureCount } = this.#expansion;
    const { staging, raw } = this.#layout;
    const memory = this.#kernel.memory.buffer;
    const values = new Float64Array(memory, staging, rows * featureCount);
    values.set(block.features.subarray(from * featureCount, (from + rows) * featureCount));
    this.#kernel.transpose(staging, featureCount, rows, raw);
    const beside = block.weights ? [block.labels, block.weights] : [block.labels];
    beside.forEach((column, i) => {
      const target = new Float64Array(memory, raw + (featureCount + i) * STRIDE, CHUNK_ROWS + 1);
      target.set(column.subarray(from, from + rows));
      target[rows] = 0;
    });
  }

  /** All columns into limbs; the rows to add slowly, or undefined when grids have grown and it must be done again. */
  #takeColumns(rows: number): ReadonlySet<number> | undefined {
    const slow = new Set<number>();
    const grids = [...this.#grids];
    let mustReplan = false;
    for (let column = 0; column < grids.length; column++) {
      const grid = grids[column]!;
      const failed = this.#takeColumn(column, rows);
      if (typeof failed === 'number') {
        grids[column] = raiseBound(grid, failed);
        mustReplan ||= grids[column] !== grid;
        continue;
      }
      const wider = this.#widenFor(grid, column, failed);
      if (wider !== grid) {
        grids[column] = wider;
        mustReplan = true;
      }
      for (const row of failed) slow.add(row);
    }
    if (!mustReplan) return slow;
    return this.#replan(grids) || slow.size > 0 ? undefined : slow;
  }

  /** Largest |N| of a column that fits its grid (0 where the grid's bound holds anyway), else the rows that don't fit. */
  #takeColumn(column: number, rows: number): number | number[] {
    const grid = this.#grids[column]!;
    const { featureCount, degree } = this.#expansion;
    const { raw, weight, right, failures } = this.#layout;
    const isWeight = column > featureCount;
    const slot = isWeight
      ? weight!
      : right.slots[column < featureCount ? 1 + column * degree : right.slots.length - 1]!;
    const target = (isWeight ? weight!.base : right.base) + slot.first * STRIDE;
    const values = raw + column * STRIDE;
    if (isNarrow(grid)) {
      const largest = this.#kernel.takeNarrow(values, slot.limbs, 10 ** slot.places, target, rows);
      return largest >= 0 ? largest : this.#findMisfits(values, 10 ** slot.places, rows);
    }
    const powers = this.#kernel.powerTable();
    const count = this.#kernel.takeWide(values, slot.limbs, slot.places, powers, target, failures, rows);
    return count === 0 ? 0 : [...new Int32Array(this.#kernel.memory.buffer, failures, count)];
  }

  /** The test of the kernel's takeNarrow, row by row. */
  #findMisfits(address: number, power: number, rows: number): number[] {
    const values = new Float64Array(this.#kernel.memory.buffer, address, rows);
    const misfits: number[] = [];
    values.forEach((value, row) => {
      const count = Math.round(value * power);
      if (Math.abs(count) > 1e15 || count / power !== value) misfits.push(row);
    });
    return misfits;
  }

  /** A grid that also holds the failed rows' values, or the same grid where the slow way is better. */
  #widenFor(grid: Grid, column: number, failed: readonly number[]): Grid {
    const values = new Float64Array(this.#kernel.memory.buffer, this.#layout.raw + column * STRIDE, CHUNK_ROWS);
    let wider = grid;
    for (const row of failed) wider = widen(wider, values[row]!) ?? wider;
    const isCheap = limbsFor(wider.log2Bound) <= Math.max(CHEAP_LIMBS, limbsFor(grid.log2Bound));
    const isLoneOutlier = failed.length === 1 && this.#slowRows * 8 < this.#allChunks;
    return (isCheap || !isLoneOutlier) && !isSameGrid(wider, grid) ? wider : grid;
  }

  /** Puts new grids into force; whether the limbs are laid out anew. */
  #replan(grids: Grid[]): boolean {
    this.#grids = grids;
    const planned = planLayout(this.#expansion, grids, this.#kernel.heapStart);
    if (isSameLayout(planned, this.#layout)) {
      this.#layout = planned;
      this.#writeBounds();
      return false;
    }
    this.#flush();
    // The raw columns stay where they are: only what lies behind them moves.
    this.#layout = this.#install();
    return true;
  }

  #install(): GramLayout {
    const layout = planLayout(this.#expansion, this.#grids, this.#kernel.heapStart);
    const { memory } = this.#kernel;
    const missing = layout.end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    new Uint8Array(memory.buffer, layout.failures, layout.end - layout.failures).fill(0);
    this.#layout = layout;
    this.#writeBounds();
    const first = firstRightTiles(layout.left, layout.right);
    new Int32Array(memory.buffer, layout.firstRight, first.length).set(first);
    const rows = new Int32Array(memory.buffer, layout.sumRows, first.length);
    let at = layout.sums;
    first.forEach((from, i) => {
      rows[i] = at - from * TILE_BYTES;
      at += (layout.right.tiles - from) * TILE_BYTES;
    });
    return layout;
  }

  #writeBounds(): void {
    const { left, right } = this.#layout;
    for (const side of [left, right]) {
      new Float64Array(this.#kernel.memory.buffer, side.bounds, side.tiles).set(tileBounds(side));
    }
  }

  #addSlowly(block: Rows, from: number, row: number): void {
    const { featureCount } = this.#expansion;
    const at = (from + row) * featureCount;
    const rowsBefore = this.#total.rows;
    const weight = block.weights ? block.weights[from + row]! : 1;
    addRow(this.#total, block.features.subarray(at, at + featureCount), block.labels[from + row]!, weight);
    this.#total.rows = rowsBefore;
    this.#slowRows++;
    // The kernel must not see the row: its limbs, of the weight too, become 0. (The column of ones is written after.)
    const { weight: weightSlot, right } = this.#layout;
    this.#clearRow(right.base, right.tiles * TILE, row);
    if (weightSlot) this.#clearRow(weightSlot.base, weightSlot.limbs, row);
    this.#cleared.push(row);
  }

  readonly #cleared: number[] = [];

  #clearRow(base: number, arrays: number, row: number): void {
    const values = new Float64Array(this.#kernel.memory.buffer, base, (arrays * STRIDE) / 8);
    for (let i = 0; i < arrays; i++) values[(i * STRIDE) / 8 + row] = 0;
  }

  /** The column of ones, the powers, and the weighted left side. */
  #derive(rows: number): void {
    const { featureCount, degree } = this.#expansion;
    const { left, right, weight } = this.#layout;
    const ones = new Float64Array(this.#kernel.memory.buffer, right.base, CHUNK_ROWS + 1);
    ones.fill(1, 0, rows);
    ones[rows] = 0;
    for (const row of this.#cleared) ones[row] = 0;
    this.#cleared.length = 0;
    const address = (side: Side, slot: number) => side.base + side.slots[slot]!.first * STRIDE;
    for (let f = 0; f < featureCount && degree > 1; f++) {
      const x = 1 + f * degree;
      for (let k = 1; k < degree; k++) {
        const [a, b, product] = [right.slots[x + k - 1]!, right.slots[x]!, right.slots[x + k]!];
        this.#kernel.multiply(
          address(right, x + k - 1),
          a.limbs,
          address(right, x),
          b.limbs,
          address(right, x + k),
          product.limbs,
          rows,
        );
      }
    }
    if (!weight) return;
    right.slots.forEach((slot, i) => {
      const product = left.slots[i]!;
      this.#kernel.multiply(
        weight.base,
        weight.limbs,
        address(right, i),
        slot.limbs,
        address(left, i),
        product.limbs,
        rows,
      );
    });
  }

  /** Moves the kernel's sums into the total. */
  #flush(): void {
    if (this.#chunks === 0) return;
    const { left, right, sums, sumsBytes, sumRows } = this.#layout;
    const columns = columnCount(this.#expansion);
    const values = new Float64Array(this.#kernel.memory.buffer, sums, sumsBytes / 8);
    const rowStarts = new Int32Array(this.#kernel.memory.buffer, sumRows, left.tiles);
    const read = (l: number, r: number): bigint => {
      const tile = rowStarts[Math.floor(l / TILE)]! + Math.floor(r / TILE) * TILE_BYTES;
      const at = (tile - sums) / 8 + ((l % TILE) * TILE + (r % TILE)) * 2;
      const [high, low] = [values[at]!, values[at + 1]!];
      return high === 0 ? BigInt(low) : (BigInt(high) << 26n) + BigInt(low);
    };
    const isSymmetric = left === right;
    for (let i = 0; i < columns; i++) {
      const a = left.slots[i]!;
      for (let j = i; j < columns; j++) {
        const b = right.slots[j]!;
        let digits = 0n;
        for (let p = 0; p < a.limbs; p++) {
          for (let q = isSymmetric && i === j ? p : 0; q < b.limbs; q++) {
            const sum = read(a.first + p, b.first + q);
            digits += sum << BigInt(25 * (p + q) + (isSymmetric && i === j && q > p ? 1 : 0));
          }
        }
        const at = triangleIndex(columns, i, j);
        this.#total.sums[at] = add(this.#total.sums[at]!, { digits, places: a.places + b.places });
      }
    }
    values.fill(0);
    this.#chunks = 0;
  }
}
