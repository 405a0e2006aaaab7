/**
 * The plain walk from root to leaf, row by row: the definition of what a model predicts. The compiled predictor is
 * tested against it, and it serves where speed does not matter. Sums are float32 in tree order, as XGBoost's are.
 */
import { AlgorithmError } from '@algo/contract';
import type { Ensemble, Tree } from '../ensemble/tree.js';
import { baseMargins } from './base-margin.js';
import { type IterationRange, treeRange } from './range.js';

/** Above this, float32 cannot represent every category; XGBoost treats such codes as unknown. */
const CATEGORY_LIMIT = 16777216;

export interface WalkOptions {
  /** Default: all rounds. */
  readonly range?: IterationRange;
  /** [rows × groups] margins to start from in place of the model's base score. */
  readonly startMargins?: Float32Array;
}

/**
 * Margins of rows: base margin plus the leaves of every tree of the row's group.
 * @param rows [rows × features] float32, row-major; NaN is missing
 * @returns    [rows × groups]
 * @throws AlgorithmError when `rows` is no whole number of rows
 */
export function walkMargins(ensemble: Ensemble, rows: Float32Array, options: WalkOptions = {}): Float32Array {
  const { groupCount, featureCount, trees, treeGroup, weightDrop } = ensemble;
  const rowCount = countRows(rows, featureCount);
  const [begin, end] = treeRange(ensemble, options.range);
  const margins = initialMargins(ensemble, rowCount, options.startMargins);
  for (let row = 0; row < rowCount; row++) {
    for (let index = begin; index < end; index++) {
      const tree = trees[index]!;
      const leaf = tree.condition[leafOf(tree, rows, row * featureCount)]!;
      const value = weightDrop ? Math.fround(leaf * weightDrop[index]!) : leaf;
      margins[row * groupCount + treeGroup[index]!]! += value;
    }
  }
  return margins;
}

/**
 * Node index of the leaf that each row reaches in each tree, as XGBoost's `pred_leaf` has them.
 * @param rows [rows × features] float32, row-major; NaN is missing
 * @returns    [rows × trees of the range]; the trees that were one vector-leaf tree count once
 */
export function walkLeaves(ensemble: Ensemble, rows: Float32Array, range?: IterationRange): Int32Array {
  const { featureCount, trees, leafSize = 1 } = ensemble;
  const rowCount = countRows(rows, featureCount);
  const [begin, end] = treeRange(ensemble, range);
  const leaves = new Int32Array((rowCount * (end - begin)) / leafSize);
  let at = 0;
  for (let row = 0; row < rowCount; row++) {
    for (let index = begin; index < end; index += leafSize)
      leaves[at++] = leafOf(trees[index]!, rows, row * featureCount);
  }
  return leaves;
}

/** Node index of the leaf for the row at `offset` of `rows`. */
function leafOf(tree: Tree, rows: Float32Array, offset: number): number {
  let node = 0;
  while (tree.left[node] !== -1) {
    node = goesLeft(tree, node, rows[offset + tree.feature[node]!]!) ? tree.left[node]! : tree.right[node]!;
  }
  return node;
}

/** Whether `value` of the node's feature leads to the left child. */
export function goesLeft(tree: Tree, node: number, value: number): boolean {
  if (Number.isNaN(value)) return tree.defaultLeft[node] === 1;
  if (tree.isCategorical[node] === 0) return value < tree.condition[node]!;
  // Negative and unknown codes go left: they are in no set.
  return value < 0 || value >= CATEGORY_LIMIT || !isInSet(tree, node, Math.trunc(value));
}

/** Margins before any tree: the caller's, or the base margin of each group. */
export function initialMargins(ensemble: Ensemble, rowCount: number, given?: Float32Array): Float32Array {
  const size = rowCount * ensemble.groupCount;
  if (given) {
    if (given.length === size) return given.slice();
    throw new AlgorithmError('E_ALGORITHM', `startMargins must have ${size} values; received ${given.length}.`);
  }
  const base = baseMargins(ensemble);
  const margins = new Float32Array(size);
  for (let index = 0; index < size; index++) margins[index] = base[index % base.length]!;
  return margins;
}

/** @throws AlgorithmError when the values are no whole number of rows */
export function countRows(rows: Float32Array, featureCount: number): number {
  const rowCount = rows.length / featureCount;
  if (Number.isInteger(rowCount)) return rowCount;
  throw new AlgorithmError(
    'E_ALGORITHM',
    `Rows must hold ${featureCount} values each; received ${rows.length} values, which is not a multiple of that.`,
  );
}

// --- internal ---

/** Binary search in the node's ascending categories. */
function isInSet(tree: Tree, node: number, category: number): boolean {
  const sets = tree.categories;
  if (!sets) return false;
  let low = sets.start[node]!;
  let high = sets.start[node + 1]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sets.values[middle]! < category) low = middle + 1;
    else high = middle;
  }
  return low < sets.start[node + 1]! && sets.values[low] === category;
}
