/**
 * Prediction on quantised rows. A model uses at most a few hundred thresholds of a feature, so a value is first replaced
 * by its rank among them: one signed byte, exact, whatever the value. After that a split is a comparison of bytes, and
 * one SIMD instruction takes it for 16 rows.
 *
 *   codes      [groups of 16 rows][columns][16 lanes]   int8 = rank − 128
 *   a column   one feature with one direction for missing values: −128 is left of, 127 right of every threshold
 *   a split    a row goes right when code > key
 *
 * Trees of depth 6 or less are evaluated as a whole, all their splits without a branch ("flat"); deeper ones are
 * walked, four rows interleaved ("linked").
 */
import { arrive, closePhase, nextPhase, openPhase, takeTask } from '@algo/numerics/assembly/threads';
import { flatTree } from './predict/flat';
import { linkedTree } from './predict/linked';
import { LANES, Quantizer } from './predict/plans';
import { quantize, quantizeRow } from './predict/quantize';
import { addTrees } from './predict/row';
import { TreeHeader } from './predict/tree';

export { attach, isInPhase } from '@algo/numerics/assembly/threads';

/** A batch, 48 bytes. Its address is the command of the phase that predicts it. */
@unmanaged class Batch {
  quantizer: usize;
  trees: usize;
  treeCount: i32;
  /** [rowCount rounded up to 16 × columns] float32, then 60 readable bytes. */
  rows: usize;
  rowCount: i32;
  /** [rowCount × outputs] float32: starting margins before, sums after. */
  margins: usize;
  outputs: i32;
  /** Groups of 16 rows that a thread takes in one go. */
  blockGroups: i32;
  /** Room of the first thread for the codes of a block; the others' follow at distances of `threadBytes`. */
  codes: usize;
  /** The same for blockGroups × 16 × outputs float32 and 16 bytes. */
  sums: usize;
  threadBytes: usize;
}

/** Margins of a batch, a task being a block of rows. @param isShared whether it is large enough for several threads */
export function predictRows(batch: Batch, isShared: bool): void {
  const blockRows = batch.blockGroups * LANES;
  openPhase(<i32>changetype<usize>(batch), (batch.rowCount + blockRows - 1) / blockRows, isShared);
  work(batch, 0);
  closePhase();
}

/** A helper thread's life; it ends with its worker. */
export function serve(control: usize): void {
  const thread = arrive(control);
  while (true) work(changetype<Batch>(<usize>nextPhase()), thread);
}

/** Blocks of a batch as long as there are any. Sums are float32 in tree order, whichever thread takes a block. */
function work(batch: Batch, thread: i32): void {
  const blockRows = batch.blockGroups * LANES;
  const room = <usize>thread * batch.threadBytes;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = task * blockRows;
    predictBlock(batch, first, min(blockRows, batch.rowCount - first), batch.codes + room, batch.sums + room);
  }
}

function predictBlock(batch: Batch, first: i32, count: i32, codes: usize, sums: usize): void {
  const quantizer = changetype<Quantizer>(batch.quantizer);
  const blockRows = batch.blockGroups * LANES;
  const outputs = batch.outputs;
  const scratch = sums + 4 * blockRows * outputs;
  const groupBytes = usize(quantizer.groupBytes);
  const groups = (count + LANES - 1) / LANES;
  const margins = batch.margins + 4 * usize(first) * outputs;
  quantize(quantizer, batch.rows + 4 * usize(first) * quantizer.columns, codes, groups);
  transpose(margins, sums, count, blockRows, outputs, true);
  for (let t = 0; t < batch.treeCount; t++) {
    const tree = changetype<TreeHeader>(batch.trees + t * offsetof<TreeHeader>());
    const target = sums + 4 * blockRows * tree.group;
    if (tree.depth > 0) flatTree(tree, codes, groupBytes, groups, target, scratch);
    else linkedTree(tree, codes, groupBytes, groups, target);
  }
  transpose(margins, sums, count, blockRows, outputs, false);
}

/** Margins are [rows × outputs], sums [outputs × blockRows]. @param isIn whether margins become sums, or sums margins */
function transpose(margins: usize, sums: usize, count: i32, blockRows: i32, outputs: i32, isIn: bool): void {
  if (outputs == 1) {
    memory.copy(isIn ? sums : margins, isIn ? margins : sums, 4 * count);
    return;
  }
  for (let row = 0; row < count; row++) {
    for (let output = 0; output < outputs; output++) {
      const sum = sums + 4 * (output * blockRows + row);
      if (isIn) store<f32>(sum, load<f32>(margins));
      else store<f32>(margins, load<f32>(sum));
      margins += 4;
    }
  }
}

/** Margins of a single row. */
export function predictRow(
  quantizer: Quantizer, trees: usize, treeCount: i32, row: usize, margins: usize, codes: usize,
): void {
  quantizeRow(quantizer, row, codes);
  addTrees(trees, treeCount, margins, codes);
}
