/**
 * Fast margins: a model laid out once in WebAssembly memory, then applied to batches and to single rows. Equal to
 * `walkMargins` to the last bit. Where WebAssembly cannot hold the model, the plain walk takes over.
 */
import type { Ensemble } from '../tree.js';
import { baseMargins } from './base-margin.js';
import { buildImage, GROUP_ROWS, type ModelImage, type WeightedTree } from './image.js';
import { createMemory, instantiateKernel, PAGE_BYTES } from './kernel.js';
import { type IterationRange, treeRange } from './range.js';
import { countRows, initialMargins, walkMargins } from './walk.js';

export interface Predictor {
  /** Margins a row. */
  readonly groupCount: number;
  readonly featureCount: number;
  /**
   * @param rows         [rows × features] float32, row-major; NaN is missing
   * @param startMargins [rows × groups] to start from; default: the model's base margin
   * @returns            [rows × groups]
   * @throws AlgorithmError when `rows` is no whole number of rows
   */
  margins(rows: Float32Array, startMargins?: Float32Array): Float32Array;
  /**
   * One row with the least delay.
   * @param row [features] float32; NaN is missing
   * @returns   [groups], valid until the next call
   */
  marginsOfRow(row: Float32Array): Float32Array;
}

/** Rows of a batch that are in WebAssembly memory at once. */
const BATCH_BYTES = 1 << 20;
/** Rows that pass through all trees together: their codes stay in the first cache level, a tree is loaded once for all. */
const BLOCK_GROUPS = 8;
/** Where the image may start; the kernels use nothing below. */
const IMAGE_BASE = 1024;
/** The kernel reads 16 values of a row at once. */
const READ_AHEAD_BYTES = 64;
const MEMORY_LIMIT = 2 ** 31;

/**
 * Prepares `ensemble` for prediction.
 * @param range rounds to use; default: all
 */
export function compilePredictor(ensemble: Ensemble, range?: IterationRange): Predictor {
  const image = buildImage(selectTrees(ensemble, range), ensemble.featureCount, IMAGE_BASE);
  const layout = planMemory(ensemble, image);
  if (layout.end > MEMORY_LIMIT) return walkingPredictor(ensemble, range);
  return kernelPredictor(ensemble, image, layout);
}

// --- internal ---

/** Addresses after the image. */
interface Layout {
  readonly codes: number;
  readonly sums: number;
  readonly rows: number;
  readonly margins: number;
  readonly batchRows: number;
  readonly end: number;
}

function selectTrees(ensemble: Ensemble, range: IterationRange | undefined): WeightedTree[] {
  const [begin, end] = treeRange(ensemble, range);
  return ensemble.trees.slice(begin, end).map((tree, index) => ({
    tree,
    group: ensemble.treeGroup[begin + index]!,
    weight: ensemble.weightDrop?.[begin + index] ?? 1,
  }));
}

function planMemory(ensemble: Ensemble, image: ModelImage): Layout {
  const { featureCount, groupCount } = ensemble;
  const blockRows = BLOCK_GROUPS * GROUP_ROWS;
  const fitting = Math.floor(BATCH_BYTES / (4 * (featureCount + groupCount)));
  const batchRows = Math.max(1, Math.floor(fitting / blockRows)) * blockRows;
  const codes = align(IMAGE_BASE + image.bytes.length);
  const sums = codes + BLOCK_GROUPS * image.groupBytes;
  const rows = align(sums + 4 * blockRows * groupCount + GROUP_ROWS);
  const margins = align(rows + 4 * batchRows * featureCount + READ_AHEAD_BYTES);
  return { codes, sums, rows, margins, batchRows, end: margins + 4 * batchRows * groupCount };
}

function kernelPredictor(ensemble: Ensemble, image: ModelImage, layout: Layout): Predictor {
  const { featureCount, groupCount } = ensemble;
  const memory = createMemory(Math.ceil(layout.end / PAGE_BYTES));
  new Uint8Array(memory.buffer).set(image.bytes, IMAGE_BASE);
  const kernel = instantiateKernel(memory);
  const rowsInMemory = new Float32Array(memory.buffer, layout.rows, layout.batchRows * featureCount);
  const marginsInMemory = new Float32Array(memory.buffer, layout.margins, layout.batchRows * groupCount);
  const marginsOfOne = marginsInMemory.subarray(0, groupCount);
  const base = baseMargins(ensemble);
  const { quantizer, trees, treeCount } = image;
  return {
    groupCount,
    featureCount,
    margins: (rows, startMargins) => {
      const rowCount = countRows(rows, featureCount);
      const margins = initialMargins(ensemble, rowCount, startMargins);
      for (let first = 0; first < rowCount; first += layout.batchRows) {
        const count = Math.min(layout.batchRows, rowCount - first);
        const part = margins.subarray(first * groupCount, (first + count) * groupCount);
        rowsInMemory.set(rows.subarray(first * featureCount, (first + count) * featureCount));
        marginsInMemory.set(part);
        kernel.predictRows(
          quantizer,
          trees,
          treeCount,
          layout.rows,
          count,
          layout.margins,
          groupCount,
          layout.codes,
          layout.sums,
          BLOCK_GROUPS,
        );
        part.set(marginsInMemory.subarray(0, part.length));
      }
      return margins;
    },
    marginsOfRow: (row) => {
      countRows(row, featureCount);
      rowsInMemory.set(row);
      marginsOfOne.set(base);
      kernel.predictRow(quantizer, trees, treeCount, layout.rows, layout.margins, layout.codes);
      return marginsOfOne;
    },
  };
}

function walkingPredictor(ensemble: Ensemble, range: IterationRange | undefined): Predictor {
  const options = range ? { range } : {};
  return {
    groupCount: ensemble.groupCount,
    featureCount: ensemble.featureCount,
    margins: (rows, startMargins) => walkMargins(ensemble, rows, { ...options, ...(startMargins && { startMargins }) }),
    marginsOfRow: (row) => walkMargins(ensemble, row, options),
  };
}

function align(address: number): number {
  return (address + 15) & ~15;
}
