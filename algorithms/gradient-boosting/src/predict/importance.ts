/**
 * Feature importance in XGBoost's five kinds, equal to its `Booster.get_score`: how often a feature splits (weight), and
 * the gain and the cover of its splits, on average or in total.
 */
import type { Ensemble } from '../ensemble/tree.js';

/** XGBoost's names of the kinds. */
export const IMPORTANCE_TYPES = ['weight', 'gain', 'cover', 'total_gain', 'total_cover'] as const;
export type ImportanceType = (typeof IMPORTANCE_TYPES)[number];

/**
 * @returns [features] scores; 0 for a feature that no tree uses
 */
export function featureImportance(ensemble: Ensemble, type: ImportanceType): Float32Array {
  const splits = new Float32Array(ensemble.featureCount);
  const sums = new Float32Array(ensemble.featureCount);
  const { trees, leafSize = 1 } = ensemble;
  for (let index = 0; index < trees.length; index += leafSize) {
    const tree = trees[index]!;
    const amounts = type === 'gain' || type === 'total_gain' ? tree.lossChange : tree.sumHessian;
    // Depth first, left last, is the order in which XGBoost adds, so that float32 sums agree to the last bit.
    const open = [0];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (tree.left[node] === -1) continue;
      const feature = tree.feature[node]!;
      splits[feature]! += 1;
      sums[feature]! += amounts[node]!;
      open.push(tree.left[node]!, tree.right[node]!);
    }
  }
  if (type === 'weight') return splits;
  if (type === 'total_gain' || type === 'total_cover') return sums;
  return sums.map((sum, feature) => sum / Math.max(1, splits[feature]!));
}
