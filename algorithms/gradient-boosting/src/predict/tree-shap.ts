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
import { ClientError } from '@algo/contract';
import { type Tree, treeDepth } from '../ensemble/tree.js';
import { gaussLegendre, type Quadrature } from './quadrature.js';
import { goesLeft } from './reference-predictor.js';

/** A share this small stands for a child that no training row reached, so that quotients stay finite. XGBoost's value. */
const SMALLEST_SHARE = 1e-12;

/** The walk is as deep as the tree, and its work grows with the square of the depth. */
const MAX_DEPTH = 1024;

/** The part of a tree's explanation that does not depend on the row. */
export interface ShapTree {
  readonly tree: Tree;
  /** [nodes] share of the parent's cover. */
  readonly share: Float64Array;
  /** Mean output over the training rows. */
  readonly mean: number;
  readonly quadrature: Quadrature;
  /** Memory that each walk reuses. */
  readonly scratch: Scratch;
}

/** Where the values of one row and group are added. */
export interface ShapSums {
  /** [features] */
  readonly values: Float64Array;
  /** [features × features] halves of pair effects, at [later split's feature][earlier split's feature]. */
  readonly pairs?: Float64Array;
}

/**
 * @throws ClientError E_REQUEST_OUTPUT when the tree is deeper than can be explained; E_MODEL when the cover at a split is
 *   negative or not a number: such a tree has no shares
 */
export function prepareShap(tree: Tree): ShapTree {
  const depth = treeDepth(tree);
  if (depth > MAX_DEPTH) {
    throw new ClientError(
      'E_REQUEST_OUTPUT',
      `Contributions and interactions need trees with at most ${MAX_DEPTH} levels; this model has one with ${depth}. Request other outputs.`,
    );
  }
  const share = new Float64Array(tree.nodeCount).fill(1);
  const { levels, width } = measurePaths(tree);
  for (let node = 0; node < tree.nodeCount; node++) {
    if (tree.left[node] === -1) continue;
    const cover = checkedCover(tree, node);
    for (const child of [tree.left[node]!, tree.right[node]!]) {
      share[child] = cover > 0 ? Math.max(checkedCover(tree, child) / cover, SMALLEST_SHARE) : 0.5;
    }
  }
  const quadrature = gaussLegendre(Math.max(1, Math.ceil(width / 2)));
  const size = levels * quadrature.points.length;
  const scratch = {
    products: new Float64Array(size),
    returned: new Float64Array(size),
    feature: new Int32Array(levels),
    p: new Float64Array(levels),
  };
  return { tree, share, mean: meanOutput(tree, share), quadrature, scratch };
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
  const walk: Walk = { ...prepared, rows, offset, scale, sums };
  prepared.scratch.products.fill(1, 0, prepared.quadrature.points.length);
  visit(walk, 0, 0, 1);
}

// --- internal ---

/** Numbers of each level of the path, the root's first. */
interface Scratch {
  /** [levels × points] Π (1 + (p_j − 1) t) of the path above. */
  readonly products: Float64Array;
  /** [levels × points] sum of the leaves below. */
  readonly returned: Float64Array;
  /** [levels] feature of each split; an earlier split on the same feature is out of date. */
  readonly feature: Int32Array;
  /** [levels] p of the feature after the split. */
  readonly p: Float64Array;
}

interface Walk extends ShapTree {
  readonly rows: Float32Array;
  readonly offset: number;
  readonly scale: number;
  readonly sums: ShapSums;
}

/** @param reach share of the training rows that took the same turns */
function visit(walk: Walk, node: number, level: number, reach: number): void {
  const { tree, share, scratch, quadrature } = walk;
  const { products, returned } = scratch;
  const { points, weights } = quadrature;
  const size = points.length;
  const here = level * size;
  const left = tree.left[node]!;
  if (left === -1) {
    const value = tree.condition[node]! * reach;
    for (let i = 0; i < size; i++) returned[here + i] = products[here + i]! * value * weights[i]!;
    return;
  }
  const feature = tree.feature[node]!;
  const agreeing = goesLeft(tree, node, walk.rows[walk.offset + feature]!) ? left : tree.right[node]!;
  const before = currentP(scratch, feature, level);
  returned.fill(0, here, here + size);
  const below = here + size;
  for (let side = 0; side < 2; side++) {
    const child = side === 0 ? left : tree.right[node]!;
    const after = child === agreeing ? before / share[child]! : 0;
    for (let i = 0; i < size; i++) {
      const raised = products[here + i]! * (1 + (after - 1) * points[i]!);
      products[below + i] = before === 1 ? raised : raised / (1 + (before - 1) * points[i]!);
    }
    scratch.feature[level] = feature;
    scratch.p[level] = after;
    visit(walk, child, level + 1, reach * share[child]!);
    addEdge(walk, level, feature, before, after);
    for (let i = 0; i < size; i++) returned[here + i]! += returned[below + i]!;
  }
}

/** The leaves below a split, times what the split's turn changed for its feature. */
function addEdge(walk: Walk, level: number, feature: number, before: number, after: number): void {
  const { points } = walk.quadrature;
  const { returned } = walk.scratch;
  const { values, pairs } = walk.sums;
  const size = points.length;
  const below = (level + 1) * size;
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const t = points[i]!;
    let delta = (after - 1) / (1 + (after - 1) * t);
    if (before !== 1) delta -= (before - 1) / (1 + (before - 1) * t);
    const change = returned[below + i]! * delta;
    sum += change;
    if (pairs) addPairs(walk, pairs, level, feature, t, change);
  }
  values[feature]! += walk.scale * sum;
}

/** The same change, times that of each other feature on the path above. */
function addPairs(walk: Walk, pairs: Float64Array, level: number, feature: number, t: number, change: number): void {
  const { scratch, sums, scale } = walk;
  const row = feature * sums.values.length;
  for (let index = level - 1; index >= 0; index--) {
    const partner = scratch.feature[index]!;
    if (partner === feature || isOutOfDate(scratch.feature, index, level)) continue;
    const p = scratch.p[index]!;
    pairs[row + partner]! += (scale * change * (p - 1)) / (1 + (p - 1) * t);
  }
}

/** p of a feature on the path above; 1 when no split was on it. */
function currentP(scratch: Scratch, feature: number, level: number): number {
  for (let index = level - 1; index >= 0; index--) if (scratch.feature[index] === feature) return scratch.p[index]!;
  return 1;
}

/** A tree of one leaf needs no share, so its cover may be anything. */
function checkedCover(tree: Tree, node: number): number {
  const cover = tree.sumHessian[node]!;
  if (cover >= 0) return cover;
  throw new ClientError('E_MODEL', `Contributions need covers (sum_hessian) ≥ 0 in every split; received ${cover}.`);
}

function isOutOfDate(pathFeature: Int32Array, index: number, level: number): boolean {
  for (let later = index + 1; later < level; later++) if (pathFeature[later] === pathFeature[index]) return true;
  return false;
}

/** Nodes of the longest path, and the maximum number of distinct features on a path. */
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
