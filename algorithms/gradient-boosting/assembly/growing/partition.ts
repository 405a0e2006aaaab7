/**
 * Partition: the row numbers of a split node become those of its children, in the other order buffer.
 *
 *   parent  [ … rows … ]      children  [ left rows → | ← right rows ]
 *
 * Right rows are written from the end backwards, so that neither count is needed before; each child's rows ascend or
 * descend throughout, which keeps memory access in one direction. The last splits of a tree only add their children's
 * values to the margins.
 */
import * as Layout from '../layout';
import * as Records from '../records';
import { goesRight, sparseBin } from './lookup';
import { takeTask, taskAddress, word } from '../memory';

/** PARTITION: a task is one split in a range of shards. */
export function partitionRows(): void {
  runTasks(Layout.PARTITION, Records.PART_TASK_BYTES, Records.PART_FIRST_SHARD, Records.PART_END_SHARD);
}

/** ADD_SPLITS: a task is one split, whose children are leaves, in a range of shards. */
export function addSplits(): void {
  runTasks(Layout.ADD_SPLITS, Records.PART_TASK_BYTES, Records.PART_FIRST_SHARD, Records.PART_END_SHARD);
}

/** ADD_LEAVES: a task is one leaf in a range of shards; its rows' margins get its value. */
export function addLeaves(): void {
  runTasks(Layout.ADD_LEAVES, Records.LEAF_TASK_BYTES, Records.LEAF_FIRST_SHARD, Records.LEAF_END_SHARD);
}

// --- internal ---

/** The tasks of a command: each shard's rows in the sample, and those outside of it where there is one. */
@inline
function runTasks(command: i32, taskBytes: usize, firstShard: usize, endShard: usize): void {
  const hasOut = word(Layout.SAMPLING) != 0;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const record = taskAddress(task, taskBytes);
    const end = word(record + endShard);
    for (let shard = word(record + firstShard); shard < end; shard++) {
      runShard(command, record, shard, word(Layout.SEGMENTS));
      if (hasOut) runShard(command, record, shard, word(Layout.OUT_SEGMENTS));
    }
  }
}

@inline
function runShard(command: i32, task: usize, shard: usize, segments: usize): void {
  if (command == Layout.PARTITION) partitionShard(word(task + Records.PART_SPLIT), shard, segments);
  else if (command == Layout.ADD_SPLITS) {
    const split = word(task + Records.PART_SPLIT);
    addShard(false, split, word(split + Records.SPLIT_NODE), word(split + Records.SPLIT_ORDER), shard, segments);
  } else addShard(true, task, word(task + Records.LEAF_NODE), word(task + Records.LEAF_ORDER), shard, segments);
}

@inline
function segmentOf(segments: usize, node: usize, shard: usize): usize {
  return segments + ((node * word(Layout.SHARDS) + shard) << 3);
}

/** The order buffer, A for 0 and B for 1, from the shard's first row on. */
@inline
function orderOf(buffer: usize, first: usize): usize {
  return (buffer ? word(Layout.ORDER_B) : word(Layout.ORDER_A)) + (first << 1);
}

function partitionShard(split: usize, shard: usize, segments: usize): void {
  const first = shard * word(Layout.SHARD_ROWS);
  const order = word(split + Records.SPLIT_ORDER);
  const source = orderOf(order, first);
  const target = orderOf(order ^ 1, first);
  const segment = segmentOf(segments, word(split + Records.SPLIT_NODE), shard);
  const begin = load<u32>(segment);
  const end = load<u32>(segment, 4);
  const from = source + (<usize>begin << 1);
  const to = source + (<usize>end << 1);
  const bytes = word(Layout.COLUMN_BIN_BYTES);
  const out = target + (<usize>begin << 1);
  let middle: usize;
  if (bytes == 1) middle = divide<u8>(split, first, from, to, out);
  else if (bytes == 2) middle = divide<u16>(split, first, from, to, out);
  else middle = divide<u32>(split, first, from, to, out);
  const boundary = <u32>((middle - target) >> 1);
  const left = segmentOf(segments, word(split + Records.SPLIT_LEFT), shard);
  store<u32>(left, begin);
  store<u32>(left, boundary, 4);
  const right = segmentOf(segments, word(split + Records.SPLIT_RIGHT), shard);
  store<u32>(right, boundary);
  store<u32>(right, end, 4);
}

/** What a split tests: the bin of a row in one column. T is the type of a bin, or u32 for sparse rows. */
@inline
function binOf<T>(bins: usize, first: usize, row: usize): u32 {
  if (sizeof<T>() == 4) return sparseBin(first + row, bins);
  return <u32>load<T>(bins + row * sizeof<T>());
}

/** Where the bins of a split's column are, from row `first` on; of sparse rows, the column. */
@inline
function binsOf<T>(split: usize, first: usize): usize {
  const column = word(split + Records.SPLIT_COLUMN);
  if (sizeof<T>() == 4) return column;
  return word(Layout.COLUMN_BINS) + column * word(Layout.COLUMN_STRIDE) + first * sizeof<T>();
}

/** Returns the end of the left rows. Each row is written to both ends of the gap; the next write decides which counts. */
function divide<T>(split: usize, first: usize, from: usize, to: usize, out: usize): usize {
  const bins = binsOf<T>(split, first);
  const low = <u32>word(split + Records.SPLIT_LOW);
  const width = <u32>word(split + Records.SPLIT_WIDTH);
  const set = word(split + Records.SPLIT_SET);
  let left = out;
  let right = out + (to - from) - 2;
  if (set) {
    for (let p = from; p < to; p += 2) {
      const row = load<u16>(p);
      const isRight = <usize>goesRight(binOf<T>(bins, first, row), low, width, set) << 1;
      store<u16>(left, row);
      store<u16>(right, row);
      left += 2 - isRight;
      right -= isRight;
    }
    return left;
  }
  for (let p = from; p < to; p += 2) {
    const row = load<u16>(p);
    const isRight = <usize>(binOf<T>(bins, first, row) - low < width) << 1;
    store<u16>(left, row);
    store<u16>(right, row);
    left += 2 - isRight;
    right -= isRight;
  }
  return left;
}

/** Adds to the margins of a shard's rows: the value of a leaf, or those of a split's two children. */
function addShard(isLeaf: bool, record: usize, node: usize, buffer: usize, shard: usize, segments: usize): void {
  const first = shard * word(Layout.SHARD_ROWS);
  const segment = segmentOf(segments, node, shard);
  const order = orderOf(buffer, first);
  const from = order + (<usize>load<u32>(segment) << 1);
  const to = order + (<usize>load<u32>(segment, 4) << 1);
  const margins = word(Layout.MARGINS) + ((first * word(Layout.GROUPS) + word(Layout.GROUP)) << 2);
  const bytes = word(Layout.COLUMN_BIN_BYTES);
  if (isLeaf) addLeaf(record, from, to, margins);
  else if (bytes == 1) addDivided<u8>(record, first, from, to, margins);
  else if (bytes == 2) addDivided<u16>(record, first, from, to, margins);
  else addDivided<u32>(record, first, from, to, margins);
}

function addDivided<T>(split: usize, first: usize, from: usize, to: usize, margins: usize): void {
  const bins = binsOf<T>(split, first);
  const low = <u32>word(split + Records.SPLIT_LOW);
  const width = <u32>word(split + Records.SPLIT_WIDTH);
  const set = word(split + Records.SPLIT_SET);
  const groups = word(Layout.GROUPS);
  for (let p = from; p < to; p += 2) {
    const row = <usize>load<u16>(p);
    const isRight = goesRight(binOf<T>(bins, first, row), low, width, set);
    const margin = margins + ((row * groups) << 2);
    store<f32>(margin, load<f32>(margin) + load<f32>(split + (isRight << 2), Records.SPLIT_LEFT_VALUE));
  }
}

function addLeaf(leaf: usize, from: usize, to: usize, margins: usize): void {
  const groups = word(Layout.GROUPS);
  const value = load<f32>(leaf, Records.LEAF_VALUE);
  for (let p = from; p < to; p += 2) {
    const margin = margins + ((<usize>load<u16>(p) * groups) << 2);
    store<f32>(margin, load<f32>(margin) + value);
  }
}
