/**
 * Exact sums of blocks at the speed of the vector units: chunks of rows become columns of integers (limbs), the kernel adds their dot
 * products as integers, and what it has added goes into decimals of any length when the columns' grids change and at the end.
 * Rows that no reasonable grid holds take the slow way of exact-sums.ts; the sums are the same either way.
 */

import { canonical } from '../exact/decimal.js';
import { type Look, lookAway } from '../interruption.js';
import { EMPTY_GRID, type Grid, isSameGrid, limbsFor, raiseBound, widen } from './column-grid.js';
import { addRow, type ExactSums, type Expansion, emptySums, type MutableSums } from './exact-sums.js';
import { accumulateChunk, drainSums, installLayout, writeBounds } from './gram-accumulators.js';
import { clearRow, deriveColumns, loadRows, rawColumn, takeColumn } from './gram-columns.js';
import { CHUNK_ROWS, createGramKernel } from './gram-kernel.js';
import { type GramLayout, isSameLayout, planLayout } from './gram-layout.js';
import type { Rows } from './rows.js';

export interface GramOptions extends Expansion {
  /** Whether every block has weights; default: none has. */
  readonly hasWeights?: boolean;
  /** Called between slices of the work. */
  readonly look?: Look;
}

export interface Gram {
  /** Adds all rows of a block. */
  addBlock(block: Rows): void;
  /** The sums of all rows so far, in canonical form. */
  sums(): ExactSums;
}

export function createGram(options: GramOptions): Gram {
  return new GramAccumulator(options);
}

// --- internal ---

/** A spill adds at most 2^27 to `high`, and a chunk spills at most 128 times: after 2^18 chunks it is at most 2^52. */
const CHUNKS_BEFORE_DRAIN = 2 ** 18;
/** Up to this many limbs a grid grows with any value; beyond that, the slow way is cheaper for a single outlier. */
const CHEAP_LIMBS = 2;
/** Each is divided by powers of ten a few times. */
const SUMS_BETWEEN_LOOKS = 1024;
/** One slow row costs about as much as this many chunks. */
const SLOW_ROW_CHUNKS = 8;

/** Invariant: the kernel's sums are on the grids of the current layout; `#total` holds all others. */
class GramAccumulator implements Gram {
  readonly #kernel = createGramKernel();
  readonly #expansion: Expansion;
  readonly #look: Look;
  readonly #total: MutableSums;
  /** Of the features, the label and, if there is one, the weight. */
  #grids: readonly Grid[];
  #layout: GramLayout;
  #chunks = 0;
  #chunksSinceDrain = 0;
  #slowRows = 0;

  constructor({ featureCount, degree, hasWeights = false, look = lookAway }: GramOptions) {
    this.#look = look;
    this.#expansion = { featureCount, degree };
    this.#total = emptySums(this.#expansion);
    this.#grids = new Array<Grid>(featureCount + (hasWeights ? 2 : 1)).fill(EMPTY_GRID);
    this.#layout = planLayout(this.#expansion, this.#grids, this.#kernel.heapStart);
    installLayout(this.#kernel, this.#layout);
  }

  addBlock(block: Rows): void {
    for (let from = 0; from < block.rows; from += CHUNK_ROWS) {
      this.#addChunk(block, from, Math.min(CHUNK_ROWS, block.rows - from));
    }
  }

  sums(): ExactSums {
    this.#drain();
    const sums = this.#total.sums.map((sum, at) => {
      if (at % SUMS_BETWEEN_LOOKS === 0) this.#look(SUMS_BETWEEN_LOOKS);
      return canonical(sum);
    });
    return { ...this.#total, sums };
  }

  #addChunk(block: Rows, from: number, rows: number): void {
    loadRows(this.#kernel, this.#layout, this.#expansion, block, from, rows);
    let slow = this.#takeColumns(rows);
    while (slow === undefined) slow = this.#takeColumns(rows);
    for (const row of slow) this.#addSlowly(block, from, row);
    this.#total.rows += countRows(block, from, rows, slow);
    deriveColumns(this.#kernel, this.#layout, this.#expansion, rows, slow);
    accumulateChunk(this.#kernel, this.#layout, rows, this.#look);
    this.#chunks++;
    if (++this.#chunksSinceDrain === CHUNKS_BEFORE_DRAIN) this.#drain();
  }

  /** All columns into limbs; the rows to add slowly, or undefined when grids have grown and it must be done again. */
  #takeColumns(rows: number): ReadonlySet<number> | undefined {
    const slow = new Set<number>();
    const grids = this.#grids.map((grid, column) => {
      const taken = takeColumn(this.#kernel, this.#layout, this.#expansion, column, grid, rows);
      if (typeof taken === 'number') return raiseBound(grid, taken);
      for (const row of taken) slow.add(row);
      return this.#widenFor(grid, column, taken);
    });
    if (grids.every((grid, column) => grid === this.#grids[column])) return slow;
    return this.#adopt(grids) || slow.size > 0 ? undefined : slow;
  }

  /** A grid that also holds the failed rows' values, or the same grid where the slow way is better. */
  #widenFor(grid: Grid, column: number, failed: readonly number[]): Grid {
    const values = rawColumn(this.#kernel, this.#layout, column);
    const wider = failed.reduce((grown, row) => widen(grown, values[row]!) ?? grown, grid);
    const isCheap = limbsFor(wider.log2Bound) <= Math.max(CHEAP_LIMBS, limbsFor(grid.log2Bound));
    const isLoneOutlier = failed.length === 1 && this.#slowRows * SLOW_ROW_CHUNKS < this.#chunks;
    return (isCheap || !isLoneOutlier) && !isSameGrid(wider, grid) ? wider : grid;
  }

  /** Applies new grids; returns whether the layout of the limbs has changed. */
  #adopt(grids: readonly Grid[]): boolean {
    const planned = planLayout(this.#expansion, grids, this.#kernel.heapStart);
    const isSame = isSameLayout(planned, this.#layout);
    if (!isSame) this.#drain();
    this.#grids = grids;
    this.#layout = planned;
    if (isSame) writeBounds(this.#kernel, planned);
    else installLayout(this.#kernel, planned);
    return !isSame;
  }

  #addSlowly(block: Rows, from: number, row: number): void {
    const { featureCount } = this.#expansion;
    const at = (from + row) * featureCount;
    const weight = block.weights ? block.weights[from + row]! : 1;
    addRow(this.#total, block.features.subarray(at, at + featureCount), block.labels[from + row]!, weight, this.#look);
    clearRow(this.#kernel, this.#layout, row);
    this.#slowRows++;
  }

  #drain(): void {
    if (this.#chunksSinceDrain === 0) return;
    drainSums(this.#kernel, this.#layout, this.#total, this.#look);
    this.#chunksSinceDrain = 0;
  }
}

/** Rows of weight above 0 among those that were not added slowly. */
function countRows(block: Rows, from: number, rows: number, slow: ReadonlySet<number>): number {
  if (!block.weights) return rows - slow.size;
  let count = 0;
  for (let row = 0; row < rows; row++) if (block.weights[from + row]! > 0 && !slow.has(row)) count++;
  return count;
}
