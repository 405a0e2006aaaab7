/**
 * Margins of a dataset: the sum of the trees so far for each row, kept in the pool's memory as float32 in the order
 * of the trees, so that the sums do not depend on how they were computed.
 */

import { AlgorithmError } from '@algo/contract';
import * as Layout from '../../assembly/layout.js';
import * as Records from '../../assembly/records.js';
import { isLeaf, type Tree } from '../ensemble/tree.js';
import { useRows } from './binning/binned-dataset.js';
import type { Cuts } from './binning/cuts.js';
import type { Dataset } from './binning/dataset.js';
import { binTest } from './growing/split.js';
import { createScratch } from './threads/scratch.js';
import { fillRanges } from './threads/task-ranges.js';

export interface MarginCache {
  readonly dataset: Dataset;
  readonly groups: number;
  /** [rows × groups] */
  readonly values: Float32Array;
  readonly address: number;
  /** Puts the starting margins back. */
  reset(): void;
  /**
   * Adds a tree's outputs, times `weight`, to the margins of its group.
   * @throws AlgorithmError E_ALGORITHM when the tree splits between the cuts of the dataset
   */
  add(tree: Tree, group: number, weight?: number): void;
}

/** Rows of a task. */
const TASK_ROWS = 4096;

/** @param initial [groups] or [rows × groups] margins before the first tree */
export function createMarginCache(dataset: Dataset, groups: number, initial: Float32Array): MarginCache {
  const { pool, rows } = dataset;
  const address = pool.arena.allocate(rows * groups * 4, 'margins');
  const taskCount = Math.ceil(rows / TASK_ROWS);
  const tasks = pool.arena.allocate(taskCount * Records.RANGE_BYTES, 'task lists');
  const records = createScratch(pool, Records.WALK_RECORD_BYTES, 'trees');
  const sets = createScratch(pool, 4, 'trees');
  const values = new Float32Array(pool.arena.memory.buffer, address, rows * groups);
  const cache: MarginCache = {
    dataset,
    groups,
    values,
    address,
    reset() {
      if (initial.length === 1) values.fill(initial[0]!);
      else if (initial.length === values.length) values.set(initial);
      else for (let i = 0; i < values.length; i++) values[i] = initial[i % groups]!;
    },
    add(tree, group, weight = 1) {
      useRows(dataset);
      pool.set(Layout.TREE_RECORDS, writeTree(tree, weight));
      pool.set(Layout.MARGINS, address);
      pool.set(Layout.GROUPS, groups);
      pool.set(Layout.GROUP, group);
      pool.run(Layout.WALK, fillRanges(pool, tasks, rows, TASK_ROWS), tasks);
    },
  };
  cache.reset();
  return cache;

  /** The tree as the kernel walks it. */
  function writeTree(tree: Tree, weight: number): number {
    const tests = Array.from({ length: tree.nodeCount }, (_, node) =>
      isLeaf(tree, node) ? undefined : binTest(dataset.layout, splitOf(dataset.cuts, tree, node)),
    );
    const start = records.reserve(tree.nodeCount);
    let set = sets.reserve(tests.reduce((sum, test) => sum + (test?.set?.length ?? 0), 0));
    const integers = pool.integers();
    for (const [node, test] of tests.entries()) {
      const record = (start + node * Records.WALK_RECORD_BYTES) >> 2;
      integers[record + (Records.WALK_LEFT >> 2)] = tree.left[node]!;
      integers[record + (Records.WALK_RIGHT >> 2)] = tree.right[node]!;
      integers[record + (Records.WALK_COLUMN >> 2)] = test?.column ?? 0;
      integers[record + (Records.WALK_LOW >> 2)] = test?.low ?? 0;
      integers[record + (Records.WALK_WIDTH >> 2)] = test?.width ?? 0;
      integers[record + (Records.WALK_SET >> 2)] = test?.set ? set : 0;
      pool.floats()[record + (Records.WALK_VALUE >> 2)] = tree.condition[node]! * weight;
      if (test?.set) {
        pool.words().set(test.set, set >> 2);
        set += 4 * test.set.length;
      }
    }
    return start;
  }
}

// --- internal ---

/** A node's split in bins: its threshold is one of the feature's cuts. */
function splitOf(cuts: Cuts, tree: Tree, node: number) {
  const feature = tree.feature[node]!;
  const isDefaultLeft = tree.defaultLeft[node] === 1;
  if (tree.isCategorical[node] && tree.categories) {
    const { start, values } = tree.categories;
    return { feature, bin: 0, isDefaultLeft, categories: [...values.subarray(start[node], start[node + 1])] };
  }
  return { feature, bin: binOf(cuts, feature, tree.condition[node]!), isDefaultLeft };
}

function binOf(cuts: Cuts, feature: number, condition: number): number {
  if (condition === Number.NEGATIVE_INFINITY) return 0;
  const first = cuts.starts[feature]!;
  let low = first;
  let high = cuts.starts[feature + 1]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts.values[middle]! < condition) low = middle + 1;
    else high = middle;
  }
  if (cuts.values[low] !== condition || low >= cuts.starts[feature + 1]!) {
    throw new AlgorithmError(
      'E_ALGORITHM',
      `A tree splits feature ${feature} at ${condition}, which is not a cut of this data; the tree is from other data.`,
    );
  }
  return low - first + 1;
}
