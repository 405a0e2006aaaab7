/**
 * Partition: the row numbers of a split node become those of its children, in the other order buffer.
 *
 *   parent  [ … rows … ]      children  [ left rows → | ← right rows ]
 *
 * Right rows are written from the end backwards, so that neither count is needed before; each child's rows ascend or
 * descend throughout, which keeps memory access in one direction. The last splits of a tree only add their children's
 * values to the margins.
 */
import {
  COLUMN_BIN_BYTES,
  COLUMN_BINS,
  COLUMN_STRIDE,
  GROUP,
  GROUPS,
  MARGINS,
  ORDER_A,
  ORDER_B,
  OUT_SEGMENTS,
  SAMPLING,
  SEGMENTS,
  SHARD_ROWS,
  SHARDS,
} from '../layout';
import {
  LEAF_END_SHARD,
  LEAF_FIRST_SHARD,
  LEAF_NODE,
  LEAF_ORDER,
  LEAF_TASK_BYTES,
  LEAF_VALUE,
  PART_END_SHARD,
  PART_FIRST_SHARD,
  PART_SPLIT,
  PART_TASK_BYTES,
  SPLIT_COLUMN,
  SPLIT_LEFT,
  SPLIT_LEFT_VALUE,
  SPLIT_LOW,
  SPLIT_NODE,
  SPLIT_ORDER,
  SPLIT_RIGHT,
  SPLIT_SET,
  SPLIT_WIDTH,
} from '../records';
import { goesRight, sparseBin } from './lookup';
import { takeTask, taskAddress, word } from '../memory';

/** PARTITION: a task is one split in a range of shards. */
export function partitionRows(): void {
  const hasOut = word(SAMPLING) != 0;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const record = taskAddress(task, PART_TASK_BYTES);
    const split = word(record + PART_SPLIT);
    const end = word(record + PART_END_SHARD);
    for (let shard = word(record + PART_FIRST_SHARD); shard < end; shard++) {
      partitionShard(split, shard, word(SEGMENTS));
      if (hasOut) partitionShard(split, shard, word(OUT_SEGMENTS));
    }
  }
}

@inline
function segmentOf(segments: usize, node: usize, shard: usize): usize {
  return segments + ((node * word(SHARDS) + shard) << 3);
}

function partitionShard(split: usize, shard: usize, segments: usize): void {
  const first = shard * word(SHARD_ROWS);
  const order = word(split + SPLIT_ORDER);
  const source = (order ? word(ORDER_B) : word(ORDER_A)) + (first << 1);
  const target = (order ? word(ORDER_A) : word(ORDER_B)) + (first << 1);
  const segment = segmentOf(segments, word(split + SPLIT_NODE), shard);
  const begin = load<u32>(segment);
  const end = load<u32>(segment, 4);
  const from = source + (<usize>begin << 1);
  const to = source + (<usize>end << 1);
  const bytes = word(COLUMN_BIN_BYTES);
  const out = target + (<usize>begin << 1);
  let middle: usize;
  if (bytes == 1) middle = divide<u8>(split, first, from, to, out);
  else if (bytes == 2) middle = divide<u16>(split, first, from, to, out);
  else middle = divideSparse(split, first, from, to, out);
  const boundary = <u32>((middle - target) >> 1);
  const left = segmentOf(segments, word(split + SPLIT_LEFT), shard);
  store<u32>(left, begin);
  store<u32>(left, boundary, 4);
  const right = segmentOf(segments, word(split + SPLIT_RIGHT), shard);
  store<u32>(right, boundary);
  store<u32>(right, end, 4);
}

/** Returns the end of the left rows. Each row is written to both ends of the gap; the next write settles which counts. */
function divide<T>(split: usize, first: usize, from: usize, to: usize, out: usize): usize {
  const bins = word(COLUMN_BINS) + word(split + SPLIT_COLUMN) * word(COLUMN_STRIDE) + first * sizeof<T>();
  const low = <u32>word(split + SPLIT_LOW);
  const width = <u32>word(split + SPLIT_WIDTH);
  const set = word(split + SPLIT_SET);
  let left = out;
  let right = out + (to - from) - 2;
  if (set) {
    for (let p = from; p < to; p += 2) {
      const row = load<u16>(p);
      const isRight = goesRight(load<T>(bins + <usize>row * sizeof<T>()), low, width, set) << 1;
      store<u16>(left, row);
      store<u16>(right, row);
      left += 2 - isRight;
      right -= isRight;
    }
    return left;
  }
  for (let p = from; p < to; p += 2) {
    const row = load<u16>(p);
    const bin = <u32>load<T>(bins + <usize>row * sizeof<T>());
    const isRight = <usize>(bin - low < width) << 1;
    store<u16>(left, row);
    store<u16>(right, row);
    left += 2 - isRight;
    right -= isRight;
  }
  return left;
}

function divideSparse(split: usize, first: usize, from: usize, to: usize, out: usize): usize {
  const column = word(split + SPLIT_COLUMN);
  const low = <u32>word(split + SPLIT_LOW);
  const width = <u32>word(split + SPLIT_WIDTH);
  const set = word(split + SPLIT_SET);
  let left = out;
  let right = out + (to - from) - 2;
  for (let p = from; p < to; p += 2) {
    const row = load<u16>(p);
    const isRight = <usize>goesRight(sparseBin(first + row, column), low, width, set) << 1;
    store<u16>(left, row);
    store<u16>(right, row);
    left += 2 - isRight;
    right -= isRight;
  }
  return left;
}

/** ADD_SPLITS: a task is one split, whose children are leaves, in a range of shards. */
export function addSplits(): void {
  const hasOut = word(SAMPLING) != 0;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const record = taskAddress(task, PART_TASK_BYTES);
    const split = word(record + PART_SPLIT);
    const end = word(record + PART_END_SHARD);
    for (let shard = word(record + PART_FIRST_SHARD); shard < end; shard++) {
      addShard(split, shard, word(SEGMENTS));
      if (hasOut) addShard(split, shard, word(OUT_SEGMENTS));
    }
  }
}

function addShard(split: usize, shard: usize, segments: usize): void {
  const first = shard * word(SHARD_ROWS);
  const segment = segmentOf(segments, word(split + SPLIT_NODE), shard);
  const order = (word(split + SPLIT_ORDER) ? word(ORDER_B) : word(ORDER_A)) + (first << 1);
  const from = order + (<usize>load<u32>(segment) << 1);
  const to = order + (<usize>load<u32>(segment, 4) << 1);
  const margins = word(MARGINS) + ((first * word(GROUPS) + word(GROUP)) << 2);
  const bytes = word(COLUMN_BIN_BYTES);
  if (bytes == 1) addDivided<u8>(split, first, from, to, margins);
  else if (bytes == 2) addDivided<u16>(split, first, from, to, margins);
  else addDividedSparse(split, first, from, to, margins);
}

function addDivided<T>(split: usize, first: usize, from: usize, to: usize, margins: usize): void {
  const bins = word(COLUMN_BINS) + word(split + SPLIT_COLUMN) * word(COLUMN_STRIDE) + first * sizeof<T>();
  const low = <u32>word(split + SPLIT_LOW);
  const width = <u32>word(split + SPLIT_WIDTH);
  const set = word(split + SPLIT_SET);
  const groups = word(GROUPS);
  for (let p = from; p < to; p += 2) {
    const row = <usize>load<u16>(p);
    const isRight = goesRight(load<T>(bins + row * sizeof<T>()), low, width, set);
    const margin = margins + ((row * groups) << 2);
    store<f32>(margin, load<f32>(margin) + load<f32>(split + (isRight << 2), SPLIT_LEFT_VALUE));
  }
}

function addDividedSparse(split: usize, first: usize, from: usize, to: usize, margins: usize): void {
  const column = word(split + SPLIT_COLUMN);
  const low = <u32>word(split + SPLIT_LOW);
  const width = <u32>word(split + SPLIT_WIDTH);
  const set = word(split + SPLIT_SET);
  const groups = word(GROUPS);
  for (let p = from; p < to; p += 2) {
    const row = <usize>load<u16>(p);
    const isRight = goesRight(sparseBin(first + row, column), low, width, set);
    const margin = margins + ((row * groups) << 2);
    store<f32>(margin, load<f32>(margin) + load<f32>(split + (isRight << 2), SPLIT_LEFT_VALUE));
  }
}

/** ADD_LEAVES: a task is one leaf in a range of shards; its rows' margins get its value. */
export function addLeaves(): void {
  const hasOut = word(SAMPLING) != 0;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const record = taskAddress(task, LEAF_TASK_BYTES);
    const end = word(record + LEAF_END_SHARD);
    for (let shard = word(record + LEAF_FIRST_SHARD); shard < end; shard++) {
      addLeaf(record, shard, word(SEGMENTS));
      if (hasOut) addLeaf(record, shard, word(OUT_SEGMENTS));
    }
  }
}

function addLeaf(record: usize, shard: usize, segments: usize): void {
  const first = shard * word(SHARD_ROWS);
  const segment = segmentOf(segments, word(record + LEAF_NODE), shard);
  const order = (word(record + LEAF_ORDER) ? word(ORDER_B) : word(ORDER_A)) + (first << 1);
  const from = order + (<usize>load<u32>(segment) << 1);
  const to = order + (<usize>load<u32>(segment, 4) << 1);
  const groups = word(GROUPS);
  const margins = word(MARGINS) + ((first * groups + word(GROUP)) << 2);
  const value = load<f32>(record, LEAF_VALUE);
  for (let p = from; p < to; p += 2) {
    const margin = margins + ((<usize>load<u16>(p) * groups) << 2);
    store<f32>(margin, load<f32>(margin) + value);
  }
}
