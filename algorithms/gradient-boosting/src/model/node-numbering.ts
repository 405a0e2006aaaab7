/**
 * XGBoost finds the right child of a node at left + 1, whatever the file says, and counts nodes that nothing leads to as
 * deleted. Trees from elsewhere are renumbered before they are written so that both hold.
 */
import { type CategorySets, NO_PARENT, type Tree } from '../ensemble/tree.js';

/** @returns the same tree when its numbering already suits XGBoost, else one numbered level by level */
export function arrangeChildren(tree: Tree): Tree {
  return isArranged(tree) ? tree : renumber(tree);
}

// --- internal ---

function isArranged(tree: Tree): boolean {
  for (let node = 0; node < tree.nodeCount; node++) {
    if (node > 0 && tree.parent[node] === NO_PARENT) return false;
    if (tree.left[node] !== -1 && tree.right[node] !== tree.left[node]! + 1) return false;
  }
  return true;
}

function renumber(tree: Tree): Tree {
  // order[new] = old; children are appended side by side.
  const order = [0];
  const left: number[] = [];
  const parent = [NO_PARENT];
  for (let node = 0; node < order.length; node++) {
    const old = order[node]!;
    const isInner = tree.left[old] !== -1;
    left.push(isInner ? order.length : -1);
    if (!isInner) continue;
    order.push(tree.left[old]!, tree.right[old]!);
    parent.push(node, node);
  }
  return {
    nodeCount: order.length,
    left: Int32Array.from(left),
    right: Int32Array.from(left, (child) => (child === -1 ? -1 : child + 1)),
    parent: Int32Array.from(parent),
    feature: Int32Array.from(order, (old) => tree.feature[old]!),
    condition: Float32Array.from(order, (old) => tree.condition[old]!),
    defaultLeft: Uint8Array.from(order, (old) => tree.defaultLeft[old]!),
    isCategorical: Uint8Array.from(order, (old) => tree.isCategorical[old]!),
    lossChange: Float32Array.from(order, (old) => tree.lossChange[old]!),
    sumHessian: Float32Array.from(order, (old) => tree.sumHessian[old]!),
    baseWeight: Float32Array.from(order, (old) => tree.baseWeight[old]!),
    ...(tree.categories && { categories: reorderSets(tree.categories, order) }),
  };
}

function reorderSets(sets: CategorySets, order: readonly number[]): CategorySets {
  const values = order.map((old) => sets.values.subarray(sets.start[old], sets.start[old + 1]));
  const start = new Int32Array(order.length + 1);
  values.forEach((set, node) => {
    start[node + 1] = start[node]! + set.length;
  });
  return { start, values: Int32Array.from(values.flatMap((set) => Array.from(set))) };
}
