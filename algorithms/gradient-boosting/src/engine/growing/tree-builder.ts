/**
 * A tree while it grows: nodes are numbered as they come, the two children of a split are adjacent.
 */

import { NO_PARENT, type Tree } from '../../ensemble/tree.js';
import type { Cuts } from '../binning/cuts.js';
import type { Split, Sums } from './split.js';

export interface TreeBuilder {
  root(sums: Sums, weight: number, value: number): void;
  /** Makes a leaf a split; `weight` is the node's own, `weights` and `values` the children's. */
  split(
    node: number,
    split: Split,
    weight: number,
    weights: { readonly left: number; readonly right: number },
    values: { readonly left: number; readonly right: number },
  ): { readonly left: number; readonly right: number };
  finish(): Tree;
}

interface Node {
  left: number;
  right: number;
  readonly parent: number;
  feature: number;
  condition: number;
  isDefaultLeft: boolean;
  categories: readonly number[] | undefined;
  gain: number;
  hessian: number;
  weight: number;
}

export function createTreeBuilder(cuts: Cuts): TreeBuilder {
  const nodes: Node[] = [];
  const add = (parent: number, hessian: number, weight: number, value: number) => {
    nodes.push({
      left: -1,
      right: -1,
      parent,
      feature: 0,
      condition: value,
      isDefaultLeft: false,
      categories: undefined,
      gain: 0,
      hessian,
      weight,
    });
    return nodes.length - 1;
  };
  return {
    root: (sums, weight, value) => void add(NO_PARENT, sums.hessian, weight, value),
    split(index, split, weight, weights, values) {
      const node = nodes[index]!;
      node.left = add(index, split.left.hessian, weights.left, values.left);
      node.right = add(index, split.right.hessian, weights.right, values.right);
      node.feature = split.feature;
      node.condition = split.categories ? 0 : threshold(cuts, split.feature, split.bin);
      node.isDefaultLeft = split.isDefaultLeft;
      node.categories = split.categories;
      node.gain = split.gain;
      node.hessian = split.left.hessian + split.right.hessian;
      node.weight = weight;
      return { left: node.left, right: node.right };
    },
    finish() {
      const nodeCount = nodes.length;
      const tree = {
        nodeCount,
        left: new Int32Array(nodeCount),
        right: new Int32Array(nodeCount),
        parent: new Int32Array(nodeCount),
        feature: new Int32Array(nodeCount),
        condition: new Float32Array(nodeCount),
        defaultLeft: new Uint8Array(nodeCount),
        isCategorical: new Uint8Array(nodeCount),
        lossChange: new Float32Array(nodeCount),
        sumHessian: new Float32Array(nodeCount),
        baseWeight: new Float32Array(nodeCount),
      };
      for (let index = 0; index < nodeCount; index++) {
        const node = nodes[index]!;
        tree.left[index] = node.left;
        tree.right[index] = node.right;
        tree.parent[index] = node.parent;
        tree.feature[index] = node.feature;
        tree.condition[index] = node.condition;
        tree.defaultLeft[index] = node.isDefaultLeft ? 1 : 0;
        tree.isCategorical[index] = node.categories ? 1 : 0;
        tree.lossChange[index] = node.gain;
        tree.sumHessian[index] = node.hessian;
        tree.baseWeight[index] = node.weight;
      }
      return nodes.some((node) => node.categories) ? { ...tree, categories: categorySets(nodes) } : tree;
    },
  };
}

/** The cut below bin `bin`: rows with a smaller value go left. Below the first bin there is none. */
function threshold(cuts: Cuts, feature: number, bin: number): number {
  return bin === 0 ? Number.NEGATIVE_INFINITY : cuts.values[cuts.starts[feature]! + bin - 1]!;
}

// --- internal ---

function categorySets(nodes: readonly Node[]) {
  const start = new Int32Array(nodes.length + 1);
  for (const [index, node] of nodes.entries()) start[index + 1] = start[index]! + (node.categories?.length ?? 0);
  return { start, values: Int32Array.from(nodes.flatMap((node) => node.categories ?? [])) };
}
