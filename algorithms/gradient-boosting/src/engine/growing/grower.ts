/**
 * Growth of one tree from gradients, depth-wise or by largest gain. The order of nodes, the limits and the rules for a
 * split are XGBoost's: a split needs a gain above 1e-6 and at least gamma; children are numbered as their parents are
 * split; by largest gain, equal gains go to the older node.
 */

import type { Random } from '@algo/numerics';
import type { Tree } from '../../ensemble/tree.js';
import { useRows } from '../binning/binned-dataset.js';
import type { Dataset } from '../binning/dataset.js';
import type { TreeParameters } from '../tree-parameters.js';
import { type AppliedSplit, type Candidate, createCandidateSearch } from './candidates.js';
import { childBounds, rootBounds } from './constraints.js';
import { createGradientGrid, type Largest } from './limbs.js';
import { createRowSets, type Leaf, type Margins } from './row-partition.js';
import { binTest, nodeWeight } from './split.js';
import { createTreeBuilder } from './tree-builder.js';

/** How one tree is grown, apart from the parameters. */
export interface GrowOptions {
  readonly random: Random;
  /** Learning rate of this tree. */
  readonly eta: number;
  /** Largest |gradient| and |hessian| of the tree, sampling applied: what the grid is chosen by. */
  readonly maxima: Largest;
  /** Where the tree's outputs are added; undefined: nowhere. */
  readonly margins?: Margins;
}

export interface Grower {
  /**
   * The tree of the raw gradients' group that the kernel is set to; see boost.ts.
   * @throws ClientError E_DATA_NUMBER when a gradient is not finite
   */
  grow(options: GrowOptions): Tree;
}

/**
 * A grower of trees on this data. Allocates in the pool what all trees need.
 */
export function createGrower(dataset: Dataset, p: TreeParameters): Grower {
  const rowSets = createRowSets(dataset, mostNodes(dataset.shared.all, p), p.subsample < 1);
  const grid = createGradientGrid(dataset, p, rowSets);
  const search = createCandidateSearch(dataset, p, rowSets);

  return {
    grow({ random, eta, maxima, margins }) {
      const builder = createTreeBuilder(dataset.cuts);
      const leaves = new Map<number, Leaf>();
      let leafCount = 1;

      const rate = Math.fround(eta);
      const leafValue = (weight: number) => Math.fround(weight * rate);
      const areChildrenSearched = ({ parent }: AppliedSplit) =>
        (p.maxDepth === 0 || parent.depth + 1 < p.maxDepth) && (p.maxLeaves === 0 || leafCount < p.maxLeaves);

      /** Splits a node in the tree and says how its rows are divided. */
      const applySplit = (parent: Candidate): AppliedSplit => {
        const { node, depth, split, bounds } = parent;
        const weights = { left: nodeWeight(split.left, p, bounds), right: nodeWeight(split.right, p, bounds) };
        const values = { left: leafValue(weights.left), right: leafValue(weights.right) };
        const children = builder.split(node, split, nodeWeight(parent.sums, p, bounds), weights, values);
        leafCount++;
        leaves.delete(node);
        for (const side of ['left', 'right'] as const) {
          leaves.set(children[side], { node: children[side], depth: depth + 1, value: values[side] });
        }
        const test = binTest(dataset.layout, split);
        return {
          parent,
          nodes: { node, depth, ...children, test, leftValue: values.left, rightValue: values.right },
          bounds: childBounds(bounds, split, weights, p),
        };
      };

      /** Splits nodes and returns the children that may be split; rows whose way ends get their outputs. */
      const expand = (parents: readonly Candidate[]): Candidate[] => {
        const applied = parents.map(applySplit);
        const searched = applied.filter(areChildrenSearched);
        const last = applied.filter((split) => !areChildrenSearched(split));
        const lastNodes = last.map(({ nodes }) => nodes);
        if (margins) rowSets.addSplits(lastNodes, margins);
        for (const { left, right } of lastNodes) {
          leaves.delete(left);
          leaves.delete(right);
        }
        for (const { parent } of last) search.release(parent);
        rowSets.partition(searched.map(({ nodes }) => nodes));
        return search.children(searched);
      };

      /** The nodes to split next: the whole level, or the one of largest gain; fewer when leaves are limited. */
      const choose = (queue: readonly Candidate[]): readonly Candidate[] => {
        const room = p.maxLeaves === 0 ? Number.POSITIVE_INFINITY : p.maxLeaves - leafCount;
        if (p.growPolicy === 'depthwise' || room < 1 || queue.length === 0) return queue.slice(0, room);
        return [queue.reduce((best, candidate) => (isAhead(candidate, best) ? candidate : best))];
      };

      useRows(dataset);
      const sums = grid.prepare(maxima);
      search.begin(random, sums.limbs ? sums.limbs.length / 2 : 1);
      const bounds = rootBounds(p);
      const weight = nodeWeight(sums, p, bounds);
      builder.root(sums, weight, leafValue(weight));
      leaves.set(0, { node: 0, depth: 0, value: leafValue(weight) });
      let queue = search.root({ node: 0, depth: 0, sums, bounds, path: [] });
      for (let chosen = new Set(choose(queue)); chosen.size > 0; chosen = new Set(choose(queue))) {
        const waiting = queue.filter((candidate) => !chosen.has(candidate));
        queue = [...waiting, ...expand([...chosen])];
      }
      for (const candidate of queue) search.release(candidate);
      if (margins) rowSets.addLeaves([...leaves.values()], margins);
      return builder.finish();
    },
  };
}

// --- internal ---

/** Order of growth by largest gain. */
function isAhead(a: Candidate, b: Candidate): boolean {
  return a.split.gain > b.split.gain || (a.split.gain === b.split.gain && a.node < b.node);
}

/** Maximum number of nodes of a tree: by its limits, and by its rows, since each leaf has at least one. */
function mostNodes(rows: number, p: TreeParameters): number {
  const byLeaves = p.maxLeaves > 0 ? 2 * p.maxLeaves - 1 : Number.POSITIVE_INFINITY;
  const byDepth = p.maxDepth > 0 ? 2 ** (p.maxDepth + 1) - 1 : Number.POSITIVE_INFINITY;
  return Math.min(byLeaves, byDepth, 2 * rows - 1);
}
