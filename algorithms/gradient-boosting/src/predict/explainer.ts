/**
 * Why a row got its margin: exact contributions of features (SHAP values) and of pairs of features. Both add up to the
 * margin, and equal XGBoost's `pred_contribs` and `pred_interactions`.
 */
import type { Ensemble } from '../ensemble/tree.js';
import { type IterationRange, treeRange } from './range.js';
import { countRows, initialMargins } from './reference-predictor.js';
import { addShapValues, prepareShap, type ShapTree } from './tree-shap.js';

export interface Explainer {
  /**
   * @param rows         [rows × features] float32, row-major; NaN is missing
   * @param startMargins [rows × groups] margins that the prediction starts from; default: the model's base margin
   * @returns            [rows × groups × (features + 1)]; the last one is the mean margin of the training rows
   */
  contributions(rows: Float32Array, startMargins?: Float32Array): Float32Array;
  /**
   * @returns [rows × groups × (features + 1) × (features + 1)], symmetric; a row of it sums to the feature's contribution
   */
  interactions(rows: Float32Array, startMargins?: Float32Array): Float32Array;
}

/**
 * Prepares `ensemble` for explanation.
 * @param range rounds to use; default: all
 * @throws ClientError E_MODEL when a tree's covers are negative
 */
export function createExplainer(ensemble: Ensemble, range?: IterationRange): Explainer {
  const trees = prepareTrees(ensemble, range);
  return {
    contributions: (rows, startMargins) => explain(ensemble, trees, rows, startMargins, false),
    interactions: (rows, startMargins) => explain(ensemble, trees, rows, startMargins, true),
  };
}

// --- internal ---

interface WeightedShapTree {
  readonly prepared: ShapTree;
  readonly weight: number;
}

/** Trees by the group they add to. */
function prepareTrees(ensemble: Ensemble, range: IterationRange | undefined): WeightedShapTree[][] {
  const [begin, end] = treeRange(ensemble, range);
  const groups: WeightedShapTree[][] = Array.from({ length: ensemble.groupCount }, () => []);
  for (let index = begin; index < end; index++) {
    const weight = ensemble.weightDrop?.[index] ?? 1;
    groups[ensemble.treeGroup[index]!]!.push({ prepared: prepareShap(ensemble.trees[index]!), weight });
  }
  return groups;
}

function explain(
  ensemble: Ensemble,
  groups: readonly (readonly WeightedShapTree[])[],
  rows: Float32Array,
  startMargins: Float32Array | undefined,
  wantsPairs: boolean,
): Float32Array {
  const { featureCount, groupCount } = ensemble;
  const rowCount = countRows(rows, featureCount);
  const start = initialMargins(ensemble, rowCount, startMargins);
  const width = featureCount + 1;
  const size = wantsPairs ? width * width : width;
  const result = new Float32Array(rowCount * groupCount * size);
  const values = new Float64Array(featureCount);
  const pairs = wantsPairs ? new Float64Array(featureCount * featureCount) : undefined;
  for (let entry = 0; entry < rowCount * groupCount; entry++) {
    values.fill(0);
    pairs?.fill(0);
    let bias = start[entry]!;
    for (const { prepared, weight } of groups[entry % groupCount]!) {
      const offset = Math.floor(entry / groupCount) * featureCount;
      addShapValues(prepared, rows, offset, weight, pairs ? { values, pairs } : { values });
      bias += prepared.mean * weight;
    }
    const target = result.subarray(entry * size, (entry + 1) * size);
    if (pairs) writePairs(values, pairs, bias, target);
    else {
      target.set(values);
      target[featureCount] = bias;
    }
  }
  return result;
}

/** Both halves of a pair's effect are shared evenly; the diagonal is what is left of a feature's contribution. */
function writePairs(values: Float64Array, pairs: Float64Array, bias: number, target: Float32Array): void {
  const featureCount = values.length;
  const width = featureCount + 1;
  for (let i = 0; i < featureCount; i++) {
    let own = values[i]!;
    for (let j = 0; j < featureCount; j++) {
      if (j === i) continue;
      const half = (pairs[i * featureCount + j]! + pairs[j * featureCount + i]!) / 2;
      target[i * width + j] = half;
      own -= half;
    }
    target[i * width + i] = own;
  }
  target[width * width - 1] = bias;
}
