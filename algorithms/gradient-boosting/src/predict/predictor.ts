/**
 * Fast margins: a model laid out once in WebAssembly memory, then applied to batches and to single rows. Equal to
 * `walkMargins` to the last bit. If the model does not fit in WebAssembly memory, the plain walk is used.
 */
import { AlgorithmError } from '@algo/contract';
import { CONTROL_BLOCK_BYTES, createThreadPool, PAGE_BYTES, type ThreadPoolOptions, webAssembly } from '@algo/numerics';
import type { Ensemble } from '../ensemble/tree.js';
import { baseMargins } from './base-margin.js';
import { buildImage, type ModelImage, type WeightedTree } from './compiled-model.js';
import { type PredictionKernel, predictionKernel } from './kernel.js';
import { GROUP_ROWS } from './quantizer.js';
import { type IterationRange, treeRange } from './range.js';
import { countRows, initialMargins, walkMargins } from './reference-predictor.js';

export interface Predictor {
  /** Margins per row. */
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
   * One row with the smallest delay.
   * @param row [features] float32; NaN is missing
   * @returns   [groups], valid until the next call
   */
  marginsOfRow(row: Float32Array): Float32Array;
  /** Ends the helper threads. The predictor must not be used after. */
  close(): void;
}

/** Bytes of rows per thread that are in WebAssembly memory at the same time. */
const BATCH_BYTES = 1 << 20;
/** Rows that pass through all trees together: their codes stay in the first cache level, a tree is loaded once for all. */
const BLOCK_GROUPS = 8;
const BLOCK_ROWS = BLOCK_GROUPS * GROUP_ROWS;
/** Batches below do not pay for waking another thread. */
const SHARED_ROWS = 8 * BLOCK_ROWS;
/** Addresses: the thread pool's control block, the kernels' Batch, and where the image may start. */
const CONTROL = 64;
const BATCH = CONTROL + CONTROL_BLOCK_BYTES;
/** Words of a batch, and which one is its number of rows. */
const BATCH_WORDS = 11;
const BATCH_ROW_COUNT = 4;
const IMAGE_BASE = 1024;
/** The kernel reads 16 values of a row together. */
const READ_AHEAD_BYTES = 64;
const MEMORY_LIMIT = 2 ** 31;
/** The kernels look a category up in a bit for each one below it: far more than its model takes where codes are large. */
const MAX_CATEGORY_BYTES = 2 ** 26;
/** A linked node has 24 bits for the offset of its column. */
const MAX_GROUP_BYTES = 2 ** 24;

/**
 * Prepares `ensemble` for prediction.
 * @param range   rounds to use; default: all
 * @param threads for large batches, the caller's included; in [1, 256]. Results do not depend on it
 * @param warn    called with one line when a helper thread has ended; the others work on
 */
export function compilePredictor(
  ensemble: Ensemble,
  range?: IterationRange,
  threads = 1,
  warn?: (line: string) => void,
): Predictor {
  const trees = selectTrees(ensemble, range);
  if (categoryBytes(trees) > MAX_CATEGORY_BYTES) return walkingPredictor(ensemble, range);
  const image = buildImage(trees, ensemble.featureCount, IMAGE_BASE);
  const layout = planMemory(ensemble, image, threads);
  if (layout.end > MEMORY_LIMIT || image.groupBytes > MAX_GROUP_BYTES) return walkingPredictor(ensemble, range);
  return kernelPredictor(ensemble, image, layout, { threads, warn });
}

// --- internal ---

/** Addresses after the image. */
interface Layout {
  /** Room of the first thread; the others' follow at the same distances. */
  readonly codes: number;
  readonly sums: number;
  readonly threadBytes: number;
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

/** Bytes of the bit sets of all categorical splits, were they all different. */
function categoryBytes(trees: readonly WeightedTree[]): number {
  let bytes = 0;
  for (const { tree } of trees) {
    const { categories, nodeCount } = tree;
    for (let node = 0; categories && node < nodeCount; node++) {
      const end = categories.start[node + 1]!;
      if (end > categories.start[node]!) bytes += categories.values[end - 1]! / 8 + 1;
    }
  }
  return bytes;
}

function planMemory(ensemble: Ensemble, image: ModelImage, threads: number): Layout {
  const { featureCount, groupCount } = ensemble;
  const fitting = Math.floor((BATCH_BYTES * threads) / (4 * (featureCount + groupCount)));
  const batchRows = Math.max(1, Math.floor(fitting / BLOCK_ROWS)) * BLOCK_ROWS;
  const codes = align(IMAGE_BASE + image.bytes.length);
  const sums = align(codes + BLOCK_GROUPS * image.groupBytes);
  const threadBytes = align(sums + 4 * BLOCK_ROWS * groupCount + GROUP_ROWS) - codes;
  const rows = codes + threads * threadBytes;
  const margins = align(rows + 4 * batchRows * featureCount + READ_AHEAD_BYTES);
  return { codes, sums, threadBytes, rows, margins, batchRows, end: margins + 4 * batchRows * groupCount };
}

function kernelPredictor(
  ensemble: Ensemble,
  image: ModelImage,
  layout: Layout,
  threads: Pick<ThreadPoolOptions, 'threads' | 'warn'>,
): Predictor {
  const { featureCount, groupCount } = ensemble;
  const pages = Math.ceil(layout.end / PAGE_BYTES);
  const memory = new webAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { buffer } = memory;
  new Uint8Array(buffer).set(image.bytes, IMAGE_BASE);
  const module = predictionKernel.module();
  const pool = createThreadPool<PredictionKernel>({ module, memory, control: CONTROL, ...threads });
  const { kernel } = pool;
  const rowsInMemory = new Float32Array(buffer, layout.rows, layout.batchRows * featureCount);
  const marginsInMemory = new Float32Array(buffer, layout.margins, layout.batchRows * groupCount);
  const marginsOfOne = marginsInMemory.subarray(0, groupCount);
  const base = baseMargins(ensemble);
  const { quantizer, trees, treeCount } = image;
  const { codes, sums, threadBytes } = layout;
  const batch = new Uint32Array(buffer, BATCH, BATCH_WORDS);
  batch.set([quantizer, trees, treeCount, layout.rows, 0, layout.margins, groupCount, BLOCK_GROUPS]);
  batch.set([codes, sums, threadBytes], 8);
  const predictInMemory = (count: number): void => {
    batch[BATCH_ROW_COUNT] = count;
    try {
      kernel.predictRows(BATCH, count >= SHARED_ROWS);
    } catch (cause) {
      throw new AlgorithmError('E_ALGORITHM', `The prediction has failed: ${cause}`, { cause });
    }
  };
  return {
    groupCount,
    featureCount,
    margins: (rows, startMargins) => {
      const rowCount = countRows(rows, featureCount);
      const margins = startMargins
        ? initialMargins(ensemble, rowCount, startMargins)
        : new Float32Array(rowCount * groupCount);
      for (let first = 0; first < rowCount; first += layout.batchRows) {
        const count = Math.min(layout.batchRows, rowCount - first);
        const part = margins.subarray(first * groupCount, (first + count) * groupCount);
        rowsInMemory.set(rows.subarray(first * featureCount, (first + count) * featureCount));
        if (startMargins) marginsInMemory.set(part);
        else repeat(base, marginsInMemory, part.length);
        predictInMemory(count);
        part.set(marginsInMemory.subarray(0, part.length));
      }
      return margins;
    },
    marginsOfRow: (row) => {
      if (row.length !== featureCount) countRows(row, featureCount);
      rowsInMemory.set(row);
      marginsOfOne.set(base);
      kernel.predictRow(quantizer, trees, treeCount, layout.rows, layout.margins, codes);
      return marginsOfOne;
    },
    close: pool.close,
  };
}

function walkingPredictor(ensemble: Ensemble, range: IterationRange | undefined): Predictor {
  const options = range ? { range } : {};
  return {
    groupCount: ensemble.groupCount,
    featureCount: ensemble.featureCount,
    margins: (rows, startMargins) => walkMargins(ensemble, rows, { ...options, ...(startMargins && { startMargins }) }),
    marginsOfRow: (row) => walkMargins(ensemble, row, options),
    close: () => undefined,
  };
}

/** Fills the first `length` values of `target` with `values` over and over. */
function repeat(values: Float32Array, target: Float32Array, length: number): void {
  if (values.length === 1) target.fill(values[0]!, 0, length);
  else for (let index = 0; index < length; index++) target[index] = values[index % values.length]!;
}

function align(address: number): number {
  return Math.ceil(address / 16) * 16; // beyond 2^31, which the bitwise way is not, and which is then refused
}
