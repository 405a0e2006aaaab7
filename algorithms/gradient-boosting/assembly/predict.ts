/**
 * Prediction on quantised rows. A model uses at most a few hundred thresholds of a feature, so a value is first replaced
 * by its rank among them: one signed byte, exact, whatever the value. After that a split is a comparison of bytes, and
 * one SIMD instruction takes it for 16 rows.
 *
 *   codes      [groups of 16 rows][columns][16 lanes]   int8 = rank − 128
 *   a column   one feature with one direction for missing values: −128 is left of, 127 right of every threshold
 *   a split    a row goes right when code > key
 *
 * Trees of depth 6 or less are evaluated whole, all their splits at once without a branch ("flat"); deeper ones are
 * walked, four rows interleaved ("linked").
 */
import { flatTree } from './predict/flat';
import { linkedTree } from './predict/linked';
import { LANES, Quantizer } from './predict/plans';
import { quantize, quantizeRow } from './predict/quantize';
import { addTrees } from './predict/row';
import { TreeHeader } from './predict/tree';

/** A batch and how far it is, 64 bytes. Threads of one memory share it. */
@unmanaged class Batch {
  /** Odd while there is work to take; waiting threads sleep on it. */
  phase: i32;
  /** First row that nobody has taken. */
  nextRow: i32;
  /** Helpers at work; the leader sleeps on it. */
  active: i32;
  quantizer: usize;
  trees: usize;
  treeCount: i32;
  /** [rowCount rounded up to 16 × columns] float32, then 60 readable bytes. */
  rows: usize;
  rowCount: i32;
  /** [rowCount × outputs] float32: starting margins before, sums after. */
  margins: usize;
  outputs: i32;
  /** Groups of 16 rows that a thread takes at once. */
  blockGroups: i32;
}

/** Looks at a word this often before going to sleep, about 60 µs: a large call is several batches in a row. */
const SPINS = 100_000;

@inline
function phaseOf(batch: Batch): usize {
  return changetype<usize>(batch);
}

@inline
function activeOf(batch: Batch): usize {
  return changetype<usize>(batch) + offsetof<Batch>("active");
}

/**
 * Margins of a batch, block by block as long as there are any. Sums are float32 in tree order, whoever takes a block.
 * @param codes room for `blockGroups` groups, this thread's own
 * @param sums  room for blockGroups × 16 × outputs float32 and 16 bytes, this thread's own
 */
function work(batch: Batch, codes: usize, sums: usize): void {
  const blockRows = batch.blockGroups * LANES;
  const next = changetype<usize>(batch) + offsetof<Batch>("nextRow");
  while (true) {
    const first = atomic.add<i32>(next, blockRows);
    if (first >= batch.rowCount) return;
    predictBlock(batch, first, min(blockRows, batch.rowCount - first), codes, sums);
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
  transposeIn(margins, sums, count, blockRows, outputs);
  for (let t = 0; t < batch.treeCount; t++) {
    const tree = changetype<TreeHeader>(batch.trees + t * offsetof<TreeHeader>());
    const target = sums + 4 * blockRows * tree.group;
    if (tree.depth > 0) flatTree(tree, codes, groupBytes, groups, target, scratch);
    else linkedTree(tree, codes, groupBytes, groups, target);
  }
  transposeOut(margins, sums, count, blockRows, outputs);
}

/** The leader's part: opens the batch to helpers, works, and returns when no helper is at work on it. */
export function predictRows(batch: Batch, codes: usize, sums: usize, wakesHelpers: i32): void {
  batch.nextRow = 0;
  if (wakesHelpers == 0) {
    work(batch, codes, sums);
    return;
  }
  atomic.add<i32>(phaseOf(batch), 1);
  atomic.notify(phaseOf(batch), -1);
  work(batch, codes, sums);
  atomic.add<i32>(phaseOf(batch), 1);
  let active = atomic.load<i32>(activeOf(batch));
  for (let spin = 0; active != 0 && spin < SPINS; spin++) active = atomic.load<i32>(activeOf(batch));
  while (active != 0) {
    atomic.wait<i32>(activeOf(batch), active, -1);
    active = atomic.load<i32>(activeOf(batch));
  }
}

/** A helper's life: takes part in each batch that opens; never returns. */
export function serve(batch: Batch, codes: usize, sums: usize): void {
  while (true) {
    const phase = atomic.load<i32>(phaseOf(batch));
    if (phase & 1) {
      // The leader waits for active helpers after closing, so whoever is counted and still sees it open may read it.
      atomic.add<i32>(activeOf(batch), 1);
      if (atomic.load<i32>(phaseOf(batch)) & 1) work(batch, codes, sums);
      atomic.sub<i32>(activeOf(batch), 1);
      atomic.notify(activeOf(batch), 1);
    }
    for (let spin = 0; spin < SPINS; spin++) if (atomic.load<i32>(phaseOf(batch)) != phase) break;
    atomic.wait<i32>(phaseOf(batch), phase, -1);
  }
}

function transposeIn(margins: usize, sums: usize, count: i32, blockRows: i32, outputs: i32): void {
  if (outputs == 1) {
    memory.copy(sums, margins, 4 * count);
    return;
  }
  for (let row = 0; row < count; row++) {
    for (let output = 0; output < outputs; output++) {
      store<f32>(sums + 4 * (output * blockRows + row), load<f32>(margins));
      margins += 4;
    }
  }
}

function transposeOut(margins: usize, sums: usize, count: i32, blockRows: i32, outputs: i32): void {
  if (outputs == 1) {
    memory.copy(margins, sums, 4 * count);
    return;
  }
  for (let row = 0; row < count; row++) {
    for (let output = 0; output < outputs; output++) {
      store<f32>(margins, load<f32>(sums + 4 * (output * blockRows + row)));
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
