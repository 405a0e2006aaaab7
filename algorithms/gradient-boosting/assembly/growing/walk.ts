/**
 * Walks binned rows down a grown tree and adds the leaves' values to their margins: evaluation data, and training data
 * where a tree's contribution is needed again (dart, a continued job).
 */
import { BIN_BYTES, GROUP, GROUPS, MARGINS, ROW_BINS, ROW_STRIDE, TREE_RECORDS } from '../layout';
import {
  RANGE_BEGIN,
  RANGE_BYTES,
  RANGE_END,
  WALK_COLUMN,
  WALK_LEFT,
  WALK_LOW,
  WALK_RECORD_BYTES,
  WALK_RIGHT,
  WALK_SET,
  WALK_VALUE,
  WALK_WIDTH,
} from '../records';
import { goesRight, sparseBin } from './lookup';
import { takeTask, taskAddress, word } from '../memory';

/** WALK: a task is a range of rows. */
export function walkTrees(): void {
  const bytes = word(BIN_BYTES);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, RANGE_BYTES);
    const begin = word(range + RANGE_BEGIN);
    const end = word(range + RANGE_END);
    if (bytes == 1) walkDense<u8>(begin, end);
    else if (bytes == 2) walkDense<u16>(begin, end);
    else walkSparse(begin, end);
  }
}

@inline
function nextNode(record: usize, bin: u32): i32 {
  const isRight = goesRight(bin, <u32>word(record + WALK_LOW), <u32>word(record + WALK_WIDTH), word(record + WALK_SET));
  return isRight ? load<i32>(record, WALK_RIGHT) : load<i32>(record, WALK_LEFT);
}

@inline
function recordOf(tree: usize, node: i32): usize {
  return tree + <usize>node * WALK_RECORD_BYTES;
}

function walkDense<T>(begin: usize, end: usize): void {
  const tree = word(TREE_RECORDS);
  const stride = word(ROW_STRIDE);
  const groups = word(GROUPS);
  let bins = word(ROW_BINS) + begin * stride;
  let margin = word(MARGINS) + ((begin * groups + word(GROUP)) << 2);
  for (let row = begin; row < end; row++) {
    let record = tree;
    while (load<i32>(record, WALK_LEFT) >= 0) {
      record = recordOf(tree, nextNode(record, load<T>(bins + word(record + WALK_COLUMN) * sizeof<T>())));
    }
    store<f32>(margin, load<f32>(margin) + load<f32>(record, WALK_VALUE));
    bins += stride;
    margin += groups << 2;
  }
}

function walkSparse(begin: usize, end: usize): void {
  const tree = word(TREE_RECORDS);
  const groups = word(GROUPS);
  let margin = word(MARGINS) + ((begin * groups + word(GROUP)) << 2);
  for (let row = begin; row < end; row++) {
    let record = tree;
    while (load<i32>(record, WALK_LEFT) >= 0) {
      record = recordOf(tree, nextNode(record, sparseBin(row, word(record + WALK_COLUMN))));
    }
    store<f32>(margin, load<f32>(margin) + load<f32>(record, WALK_VALUE));
    margin += groups << 2;
  }
}
