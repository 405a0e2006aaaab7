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
  const hasOut = word(Layout.SAMPLING) != 0;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const record = taskAddress(task, Records.PART_TASK_BYTES);
    const split = word(record + Records.PART_SPLIT);
    const end = word(record + Records.PART_END_SHARD);
    for (let shard = word(record + Records.PART_FIRST_SHARD); shard < end; shard++) {
      partitionShard(split, shard, word(Layout.SEGMENTS));
      if (hasOut) partitionShard(split, shard, word(Layout.OUT_SEGMENTS));
    }
  }
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
function binOf<T>(bins: usize, column: usize, first: usize, row: usize): u32 {
  if (sizeof<T>() == 4) return sparseBin(first + row, column);
  return <u32>load<T>(bins + row * sizeof<T>());
}

/** Where the bins of a split's column are, from row `first` on; sparse rows have none. */
@inline
function binsOf<T>(column: usize, first: usize): usize {
  if (sizeof<T>() == 4) return 0;
  return word(Layout.COLUMN_BINS) + column * word(Layout.COLUMN_STRIDE) + first * sizeof<T>();
}

/** Returns the end of the left rows. Each row is written to both ends of the gap; the next write decides which counts. */
function divide<T>(split: usize, first: usize, from: usize, to: usize, out: usize): usize {
  const column = word(split + Records.SPLIT_COLUMN);
  const bins = binsOf<T>(column, first);
  const low = <u32>word(split + Records.SPLIT_LOW);
  const width = <u32>word(split + Records.SPLIT_WIDTH);
  const set = word(split + Records.SPLIT_SET);
  let left = out;
  let right = out + (to - from) - 2;
  if (set) {
    for (let p = from; p < to; p += 2) {
      const row = load<u16>(p);
      const isRight = <usize>goesRight(binOf<T>(bins, column, first, row), low, width, set) << 1;
      store<u16>(left, row);
      store<u16>(right, row);
      left += 2 - isRight;
      right -= isRight;
    }
    return left;
  }
  for (let p = from; p < to; p += 2) {
    const row = load<u16>(p);
    const isRight = <usize>(binOf<T>(bins, column, first, row) - low < width) << 1;
    store<u16>(left, row);
    store<u16>(right, row);
    left += 2 - isRight;
    right -= isRight;
  }
  return left;
}

/** ADD_SPLITS: a task is one split, whose children are leaves, in a range of shards. */
export function addSplits(): void {
  const hasOut = word(Layout.SAMPLING) != 0;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const record = taskAddress(task, Records.PART_TASK_BYTES);
    const split = word(record + Records.PART_SPLIT);
    const end = word(record + Records.PART_END_SHARD);
    for (let shard = word(record + Records.PART_FIRST_SHARD); shard < end; shard++) {
      addShard(split, shard, word(Layout.SEGMENTS));
      if (hasOut) addShard(split, shard, word(Layout.OUT_SEGMENTS));
    }
  }
}

function addShard(split: usize, shard: usize, segments: usize): void {
  const first = shard * word(Layout.SHARD_ROWS);
  const segment = segmentOf(segments, word(split + Records.SPLIT_NODE), shard);
  const order = orderOf(word(split + Records.SPLIT_ORDER), first);
  const from = order + (<usize>load<u32>(segment) << 1);
  const to = order + (<usize>load<u32>(segment, 4) << 1);
  const margins = word(Layout.MARGINS) + ((first * word(Layout.GROUPS) + word(Layout.GROUP)) << 2);
  const bytes = word(Layout.COLUMN_BIN_BYTES);
  if (bytes == 1) addDivided<u8>(split, first, from, to, margins);
  else if (bytes == 2) addDivided<u16>(split, first, from, to, margins);
  else addDivided<u32>(split, first, from, to, margins);
}

function addDivided<T>(split: usize, first: usize, from: usize, to: usize, margins: usize): void {
  const column = word(split + Records.SPLIT_COLUMN);
  const bins = binsOf<T>(column, first);
  const low = <u32>word(split + Records.SPLIT_LOW);
  const width = <u32>word(split + Records.SPLIT_WIDTH);
  const set = word(split + Records.SPLIT_SET);
  const groups = word(Layout.GROUPS);
  for (let p = from; p < to; p += 2) {
    const row = <usize>load<u16>(p);
    const isRight = goesRight(binOf<T>(bins, column, first, row), low, width, set);
    const margin = margins + ((row * groups) << 2);
    store<f32>(margin, load<f32>(margin) + load<f32>(split + (isRight << 2), Records.SPLIT_LEFT_VALUE));
  }
}

/** ADD_LEAVES: a task is one leaf in a range of shards; its rows' margins get its value. */
export function addLeaves(): void {
  const hasOut = word(Layout.SAMPLING) != 0;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const record = taskAddress(task, Records.LEAF_TASK_BYTES);
    const end = word(record + Records.LEAF_END_SHARD);
    for (let shard = word(record + Records.LEAF_FIRST_SHARD); shard < end; shard++) {
      addLeaf(record, shard, word(Layout.SEGMENTS));
      if (hasOut) addLeaf(record, shard, word(Layout.OUT_SEGMENTS));
    }
  }
}

function addLeaf(record: usize, shard: usize, segments: usize): void {
  const first = shard * word(Layout.SHARD_ROWS);
  const segment = segmentOf(segments, word(record + Records.LEAF_NODE), shard);
  const order = orderOf(word(record + Records.LEAF_ORDER), first);
  const from = order + (<usize>load<u32>(segment) << 1);
  const to = order + (<usize>load<u32>(segment, 4) << 1);
  const groups = word(Layout.GROUPS);
  const margins = word(Layout.MARGINS) + ((first * groups + word(Layout.GROUP)) << 2);
  const value = load<f32>(record, Records.LEAF_VALUE);
  for (let p = from; p < to; p += 2) {
    const margin = margins + ((<usize>load<u16>(p) * groups) << 2);
    store<f32>(margin, load<f32>(margin) + value);
  }
}
