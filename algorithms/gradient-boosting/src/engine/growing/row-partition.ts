/**
 * Which rows are in which node. Rows are divided into shards; within a shard a node's rows are one segment of the row
 * numbers, in order buffer A at even depth and B at odd depth (assembly/growing/partition.ts).
 */
import * as Layout from '../../../assembly/layout.js';
import * as Records from '../../../assembly/records.js';
import type { Dataset } from '../binning/dataset.js';
import { createScratch } from '../threads/scratch.js';
import { fillRanges } from '../threads/task-ranges.js';
import type { BinTest } from './split.js';

/** A node that is split into two. */
export interface NodeSplit {
  readonly node: number;
  readonly depth: number;
  readonly left: number;
  readonly right: number;
  readonly test: BinTest;
  /** Outputs of the children, for rows whose way ends there. */
  readonly leftValue: number;
  readonly rightValue: number;
}

export interface Leaf {
  readonly node: number;
  readonly depth: number;
  readonly value: number;
}

/** The rows of the nodes of one tree at a time. */
export interface RowSets {
  readonly shards: number;
  readonly shardRows: number;
  /** [rows × 2] (gradient, hessian) of the tree being grown, the first limb. */
  readonly gradients: number;
  /**
   * Puts all rows (those of the sample) into the root; sampling and the limbs are set before.
   * @returns [limbs × 2] sums over the rows of this host
   */
  reset(limbs: number): Float64Array;
  /** Rows of a node that are in use. */
  count(node: number): number;
  /** Moves the rows of each split's node to its children. */
  partition(splits: readonly NodeSplit[]): void;
  /** Adds the children's outputs to the margins of the rows of each split's node, without moving them. */
  addSplits(splits: readonly NodeSplit[], margins: Margins): void;
  /** Adds the outputs of leaves to the margins of their rows. */
  addLeaves(leaves: readonly Leaf[], margins: Margins): void;
}

/** Where a tree's outputs are added: [rows × groups] float32. */
export interface Margins {
  readonly address: number;
  readonly groups: number;
  readonly group: number;
}

/** Row numbers within a shard have 16 bits. */
const MAX_SHARD_ROWS = 65_536;
const MIN_SHARD_ROWS = 1024;
/** Minimum number of shards per thread, so that threads finish together. */
const SHARDS_PER_THREAD = 8;
const TASKS_PER_THREAD = 8;

/**
 * @param nodes maximum number of nodes of a tree whose rows must be known
 * @param isSampled whether rows may be left out
 */
export function createRowSets(dataset: Dataset, nodes: number, isSampled: boolean): RowSets {
  const { pool, rows } = dataset;
  const { arena, threads } = pool;
  const evenly = Math.ceil(rows / (threads * SHARDS_PER_THREAD));
  const shardRows = Math.min(MAX_SHARD_ROWS, Math.max(MIN_SHARD_ROWS, Math.ceil(evenly / 64) * 64));
  const shards = Math.max(1, Math.ceil(rows / shardRows));
  const segments = arena.allocate(nodes * shards * 8, 'rows of nodes');
  const outSegments = isSampled ? arena.allocate(nodes * shards * 8, 'rows of nodes') : 0;
  const orderA = arena.allocate(rows * 2, 'row numbers');
  const orderB = arena.allocate(rows * 2, 'row numbers');
  const gradients = arena.allocate(rows * 8, 'gradients of a tree');
  const rootScratch = createScratch(pool, shards * 16, 'sums of shards', 1);
  const ranges = arena.allocate(shards * Records.RANGE_BYTES, 'task lists');
  const splitScratch = createScratch(pool, Records.SPLIT_RECORD_BYTES);
  const taskScratch = createScratch(pool, Math.max(Records.PART_TASK_BYTES, Records.LEAF_TASK_BYTES));
  const setScratch = createScratch(pool, 4);

  const count = (node: number) => {
    const words = pool.words();
    const first = (segments >> 2) + node * shards * 2;
    let sum = 0;
    for (let shard = 0; shard < shards; shard++) sum += words[first + 2 * shard + 1]! - words[first + 2 * shard]!;
    return sum;
  };

  /** Ranges of shards for work on `nodeRows` of `totalRows` rows; at least two for threads, one from each end. */
  const shardStep = (nodeRows: number, totalRows: number) => {
    if (threads === 1) return shards;
    const wanted = Math.max(2, Math.ceil((nodeRows * threads * TASKS_PER_THREAD) / totalRows));
    return Math.ceil(shards / Math.min(shards, wanted));
  };

  const writeSplits = (splits: readonly NodeSplit[]): number => {
    const setWords = splits.reduce((sum, { test }) => sum + (test.set?.length ?? 0), 0);
    const records = splitScratch.reserve(splits.length);
    let set = setScratch.reserve(setWords);
    const words = pool.words();
    const floats = pool.floats();
    for (const [index, split] of splits.entries()) {
      const record = (records + index * Records.SPLIT_RECORD_BYTES) >> 2;
      words[record + (Records.SPLIT_NODE >> 2)] = split.node;
      words[record + (Records.SPLIT_LEFT >> 2)] = split.left;
      words[record + (Records.SPLIT_RIGHT >> 2)] = split.right;
      words[record + (Records.SPLIT_ORDER >> 2)] = split.depth & 1;
      words[record + (Records.SPLIT_COLUMN >> 2)] = split.test.column;
      words[record + (Records.SPLIT_LOW >> 2)] = split.test.low;
      words[record + (Records.SPLIT_WIDTH >> 2)] = split.test.width;
      words[record + (Records.SPLIT_SET >> 2)] = split.test.set ? set : 0;
      floats[record + (Records.SPLIT_LEFT_VALUE >> 2)] = split.leftValue;
      floats[record + (Records.SPLIT_RIGHT_VALUE >> 2)] = split.rightValue;
      if (split.test.set) {
        words.set(split.test.set, set >> 2);
        set += 4 * split.test.set.length;
      }
    }
    return records;
  };

  const runSplits = (command: number, splits: readonly NodeSplit[]) => {
    if (splits.length === 0) return;
    const sizes = splits.map(({ node }) => count(node));
    const total = Math.max(
      1,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    const steps = sizes.map((size) => shardStep(size, total));
    const taskCount = steps.reduce((sum, step) => sum + Math.ceil(shards / step), 0);
    const records = writeSplits(splits);
    const tasks = taskScratch.reserve(taskCount);
    const words = pool.words();
    let task = tasks >> 2;
    // In the order of the rows, so that a thread has about the same rows in every phase.
    for (let shard = 0; shard < shards; shard++) {
      for (let index = 0; index < steps.length; index++) {
        const step = steps[index]!;
        if (shard % step !== 0) continue;
        words[task + (Records.PART_SPLIT >> 2)] = records + index * Records.SPLIT_RECORD_BYTES;
        words[task + (Records.PART_FIRST_SHARD >> 2)] = shard;
        words[task + (Records.PART_END_SHARD >> 2)] = Math.min(shards, shard + step);
        task += Records.PART_TASK_BYTES >> 2;
      }
    }
    pool.run(command, taskCount, tasks);
  };

  const useMargins = (margins: Margins) => {
    pool.set(Layout.MARGINS, margins.address);
    pool.set(Layout.GROUPS, margins.groups);
    pool.set(Layout.GROUP, margins.group);
  };

  return {
    shards,
    shardRows,
    gradients,
    reset(limbs) {
      const rootSums = rootScratch.reserve(limbs);
      pool.set(Layout.SHARDS, shards);
      pool.set(Layout.SHARD_ROWS, shardRows);
      pool.set(Layout.SEGMENTS, segments);
      pool.set(Layout.OUT_SEGMENTS, outSegments);
      pool.set(Layout.ORDER_A, orderA);
      pool.set(Layout.ORDER_B, orderB);
      pool.set(Layout.ROOT_SUMS, rootSums);
      pool.run(Layout.PREPARE, fillRanges(pool, ranges, shards, 1), ranges);
      return addShards(pool.doubles().subarray(rootSums >> 3), shards, limbs);
    },
    count,
    partition: (splits) => runSplits(Layout.PARTITION, splits),
    addSplits(splits, margins) {
      useMargins(margins);
      runSplits(Layout.ADD_SPLITS, splits);
    },
    addLeaves(leaves, margins) {
      if (leaves.length === 0) return;
      useMargins(margins);
      const step = shardStep(1, leaves.length);
      const taskCount = leaves.length * Math.ceil(shards / step);
      const tasks = taskScratch.reserve(taskCount);
      const words = pool.words();
      let task = tasks >> 2;
      for (const leaf of leaves) {
        for (let shard = 0; shard < shards; shard += step, task += Records.LEAF_TASK_BYTES >> 2) {
          words[task + (Records.LEAF_NODE >> 2)] = leaf.node;
          words[task + (Records.LEAF_ORDER >> 2)] = leaf.depth & 1;
          words[task + (Records.LEAF_FIRST_SHARD >> 2)] = shard;
          words[task + (Records.LEAF_END_SHARD >> 2)] = Math.min(shards, shard + step);
          pool.floats()[task + (Records.LEAF_VALUE >> 2)] = leaf.value;
        }
      }
      pool.run(Layout.ADD_LEAVES, taskCount, tasks);
    },
  };
}

// --- internal ---

/** Sums over the shards, limb by limb. */
function addShards(parts: Float64Array, shards: number, limbs: number): Float64Array {
  const sums = new Float64Array(2 * limbs);
  for (let index = 0; index < shards * sums.length; index++) sums[index % sums.length]! += parts[index]!;
  return sums;
}
