/**
 * Exact Shapley values of one tree (the path-dependent TreeSHAP of Lundberg 2018, as XGBoost has it), by quadrature.
 *
 * A leaf adds v · Π r_j to a coalition's value: r_j is 1 / w when j is known and the row agrees with j's splits, 0 when it
 * is known and disagrees, 1 when unknown; w is the share of training rows that took the same turns. The Shapley value of
 * feature i is then the integral over t in [0, 1] of
 *
 *   v · w · (p_i − 1) · Π_{j ≠ i} (1 + (p_j − 1) t)        summed over the leaves, p_j = r_j with all features known
 *
 * whose integrand is a polynomial in t of a degree below the number of features on the path: half as many Gauss points
 * integrate it exactly. One walk over the tree carries the product down and the sum of the leaves up.
 * Source: Lundberg et al. 2018, arXiv 1802.03888; polynomial form: Yu et al. 2022, Linear TreeSHAP, arXiv 2209.08192.
 */
import { AlgorithmError } from '@algo/contract';
import type { Tree } from '../tree.js';
import { gaussLegendre, type Quadrature } from './quadrature.js';
import { goesLeft } from './walk.js';

/** A share this small stands for a child that no training row reached, so that quotients stay finite. XGBoost's value. */
const SMALLEST_SHARE = 1e-12;

/** What of a tree does not depend on the row. */
export interface ShapTree {
  readonly tree: Tree;
  /** [nodes] share of the parent's cover. */
  readonly share: Float64Array;
  /** Mean output over the training rows. */
  readonly mean: number;
  readonly quadrature: Quadrature;
  /** Rooms of one level's numbers, for the deepest path. */
  readonly levels: number;
}

/** Where the values of one row and group are added. */
export interface ShapSums {
  /** [features] */
  readonly values: Float64Array;
  /** [features × features] halves of pair effects, at [later split's feature][earlier split's feature]. */
  readonly pairs?: Float64Array;
}

/**
 * @throws AlgorithmError when a node's cover is negative or not a number: such a tree has no shares
 */
export function prepareShap(tree: Tree): ShapTree {
  const share = new Float64Array(tree.nodeCount).fill(1);
  const { levels, width } = measurePaths(tree);
  for (let node = 0; node < tree.nodeCount; node++) {
    if (!(tree.sumHessian[node]! >= 0)) {
      throw new AlgorithmError('E_ALGORITHM', `Contributions need covers ≥ 0; received ${tree.sumHessian[node]}.`);
    }
    if (tree.left[node] === -1) continue;
    for (const child of [tree.left[node]!, tree.right[node]!]) {
      const cover = tree.sumHessian[node]!;
      share[child] = cover > 0 ? Math.max(tree.sumHessian[child]! / cover, SMALLEST_SHARE) : 0.5;
    }
  }
  const quadrature = gaussLegendre(Math.max(1, Math.ceil(width / 2)));
  return { tree, share, mean: meanOutput(tree, share), quadrature, levels };
}

/**
 * Adds the Shapley values of one row, times `scale`.
 * @param offset where the row starts in `rows`
 */
export function addShapValues(
  prepared: ShapTree,
  rows: Float32Array,
  offset: number,
  scale: number,
  sums: ShapSums,
): void {
  const { tree, share, quadrature, levels } = prepared;
  const { points, weights } = quadrature;
  const size = points.length;
  const products = new Float64Array(levels * size).fill(1);
  const returned = new Float64Array(levels * size);
  // The path so far: feature and p after each split; an earlier split on the same feature is out of date.
  const pathFeature = new Int32Array(levels);
  const pathP = new Float64Array(levels);

  const currentP = (feature: number, length: number): number => {
    for (let index = length - 1; index >= 0; index--) if (pathFeature[index] === feature) return pathP[index]!;
    return 1;
  };

  const addEdge = (level: number, feature: number, before: number, after: number): void => {
    const below = (level + 1) * size;
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const t = points[i]!;
      const delta = (after - 1) / (1 + (after - 1) * t) - (before - 1) / (1 + (before - 1) * t);
      const change = returned[below + i]! * delta;
      sum += change;
      if (sums.pairs) addPairs(sums.pairs, level, feature, t, change);
    }
    sums.values[feature]! += scale * sum;
  };

  const addPairs = (pairs: Float64Array, level: number, feature: number, t: number, change: number): void => {
    const row = feature * sums.values.length;
    for (let index = level - 1; index >= 0; index--) {
      const partner = pathFeature[index]!;
      if (partner === feature || isOutOfDate(pathFeature, index, level)) continue;
      const p = pathP[index]!;
      pairs[row + partner]! += (scale * change * (p - 1)) / (1 + (p - 1) * t);
    }
  };

  const visit = (node: number, level: number, reach: number): void => {
    const here = level * size;
    if (tree.left[node] === -1) {
      const value = tree.condition[node]! * reach;
      for (let i = 0; i < size; i++) returned[here + i] = products[here + i]! * value * weights[i]!;
      return;
    }
    const feature = tree.feature[node]!;
    const isLeft = goesLeft(tree, node, rows[offset + feature]!);
    const before = currentP(feature, level);
    returned.fill(0, here, here + size);
    for (const child of [tree.left[node]!, tree.right[node]!]) {
      const agrees = (child === tree.left[node]) === isLeft;
      const after = agrees ? before / share[child]! : 0;
      const below = here + size;
      for (let i = 0; i < size; i++) {
        const t = points[i]!;
        products[below + i] = (products[here + i]! * (1 + (after - 1) * t)) / (1 + (before - 1) * t);
      }
      pathFeature[level] = feature;
      pathP[level] = after;
      visit(child, level + 1, reach * share[child]!);
      addEdge(level, feature, before, after);
      for (let i = 0; i < size; i++) returned[here + i]! += returned[below + i]!;
    }
  };
  visit(0, 0, 1);
}

// --- internal ---

function isOutOfDate(pathFeature: Int32Array, index: number, level: number): boolean {
  for (let later = index + 1; later < level; later++) if (pathFeature[later] === pathFeature[index]) return true;
  return false;
}

/** Nodes of the longest path, and the most distinct features on one. */
function measurePaths(tree: Tree): { levels: number; width: number } {
  let levels = 1;
  let width = 0;
  const counts = new Map<number, number>();
  const visit = (node: number, level: number): void => {
    levels = Math.max(levels, level + 1);
    width = Math.max(width, counts.size);
    if (tree.left[node] === -1) return;
    const feature = tree.feature[node]!;
    counts.set(feature, (counts.get(feature) ?? 0) + 1);
    visit(tree.left[node]!, level + 1);
    visit(tree.right[node]!, level + 1);
    const count = counts.get(feature)! - 1;
    if (count === 0) counts.delete(feature);
    else counts.set(feature, count);
  };
  visit(0, 0);
  return { levels, width };
}

function meanOutput(tree: Tree, share: Float64Array): number {
  const visit = (node: number): number => {
    if (tree.left[node] === -1) return tree.condition[node]!;
    const left = tree.left[node]!;
    const right = tree.right[node]!;
    return visit(left) * share[left]! + visit(right) * share[right]!;
  };
  return visit(0);
}
