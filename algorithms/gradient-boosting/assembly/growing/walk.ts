/**
 * Walks binned rows down a grown tree and adds the leaves' values to their margins: evaluation data, and training data
 * where a tree's contribution is needed again (dart, a continued job).
 */
import * as Layout from '../layout';
import * as Records from '../records';
import { goesRight, sparseBin } from './lookup';
import { takeTask, taskAddress, word } from '../memory';

/** WALK: a task is a range of rows. */
export function walkTrees(): void {
  const bytes = word(Layout.BIN_BYTES);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, Records.RANGE_BYTES);
    const begin = word(range + Records.RANGE_BEGIN);
    const end = word(range + Records.RANGE_END);
    if (bytes == 1) walkDense<u8>(begin, end);
    else if (bytes == 2) walkDense<u16>(begin, end);
    else walkSparse(begin, end);
  }
}

@inline
function nextNode(record: usize, bin: u32): i32 {
  const low = <u32>word(record + Records.WALK_LOW);
  const width = <u32>word(record + Records.WALK_WIDTH);
  const isRight = goesRight(bin, low, width, word(record + Records.WALK_SET));
  return isRight ? load<i32>(record, Records.WALK_RIGHT) : load<i32>(record, Records.WALK_LEFT);
}

@inline
function recordOf(tree: usize, node: i32): usize {
  return tree + <usize>node * Records.WALK_RECORD_BYTES;
}

function walkDense<T>(begin: usize, end: usize): void {
  const tree = word(Layout.TREE_RECORDS);
  const stride = word(Layout.ROW_STRIDE);
  const groups = word(Layout.GROUPS);
  let bins = word(Layout.ROW_BINS) + begin * stride;
  let margin = word(Layout.MARGINS) + ((begin * groups + word(Layout.GROUP)) << 2);
  for (let row = begin; row < end; row++) {
    let record = tree;
    while (load<i32>(record, Records.WALK_LEFT) >= 0) {
      record = recordOf(tree, nextNode(record, load<T>(bins + word(record + Records.WALK_COLUMN) * sizeof<T>())));
    }
    store<f32>(margin, load<f32>(margin) + load<f32>(record, Records.WALK_VALUE));
    bins += stride;
    margin += groups << 2;
  }
}

function walkSparse(begin: usize, end: usize): void {
  const tree = word(Layout.TREE_RECORDS);
  const groups = word(Layout.GROUPS);
  let margin = word(Layout.MARGINS) + ((begin * groups + word(Layout.GROUP)) << 2);
  for (let row = begin; row < end; row++) {
    let record = tree;
    while (load<i32>(record, Records.WALK_LEFT) >= 0) {
      record = recordOf(tree, nextNode(record, sparseBin(row, word(record + Records.WALK_COLUMN))));
    }
    store<f32>(margin, load<f32>(margin) + load<f32>(record, Records.WALK_VALUE));
    margin += groups << 2;
  }
}
