/**
 * Matrix products C = A·B, with A and B as they lie, transposed, or B packed (gemm-panels.ts). Threads divide C into
 * blocks and never the inner dimension, which always runs from its beginning to its end, so that a product has the same
 * bits whatever the threads and blocks.
 *
 *   C          columns of a block
 *              | 16 | 16 |…| 4 |…| 1–3 |     a block: for each part of k, for each strip of columns, tiles downwards,
 *   block rows | 6  |                        so that the strip of B stays in the first cache
 *              | 6  |
 *              | 1–5|
 */
import { closePhase, openPhase, takeTask, controlBlock } from '@algo/numerics/assembly/threads';
import { activateRange } from './activations';
import { longRow, wideTile } from './gemm-tile';
import { narrowTile } from './gemm-narrow';
import { aRow, aStep, bStep, cRow, startRow, usePart, useProduct } from './gemm-steps';
import { LINEAR, RELU, ZEROS } from './layout';
import { argument, setArgument } from './arguments';
import { Command } from './commands';

/** Words of a product's record. The first is its first task; four records fit. */
const RECORD_WORDS: usize = 18;
const FIRST_TASK: usize = 0;
const A: usize = 1;
/** Bytes from one row of A to the next, and from one step of k to the next. */
const A_ROW: usize = 2;
const A_STEP: usize = 3;
const B: usize = 4;
/** Bytes from one strip of 16 columns of B to the next, and from one step of k to the next. */
const B_STRIP: usize = 5;
const B_STEP: usize = 6;
const ROWS: usize = 7;
const COLUMNS: usize = 8;
const DEPTH: usize = 9;
/** C = A·B + bias [columns], or no bias when 0. relu changes C itself, for others see ACTIVATED. */
const C: usize = 10;
const BIAS: usize = 11;
const ACTIVATION: usize = 12;
/** Where activation(C) goes, which may be C's place; neither for linear nor for relu. */
const ACTIVATED: usize = 13;
const BLOCK_ROWS: usize = 14;
const BLOCK_COLUMNS: usize = 15;
const BLOCKS_ACROSS: usize = 16;
/** Word behind the records: their number. */
const RECORD_COUNT: usize = 4 * RECORD_WORDS;

/** Rows of a block: eight tiles. */
const MAX_BLOCK_ROWS: usize = 48;
/** Part of k that is computed in one go: a strip of B and a tile's rows of A then fit the first cache. */
const MAX_DEPTH: usize = 384;
/** Multiplications of a block: from about 2 to 20 µs. */
const MIN_BLOCK_WORK: usize = 131072;
const MAX_BLOCK_WORK: usize = 1572864;
/** Multiplications from which threads are woken. */
const LARGE: f64 = 500_000;

/** Describes the product in record `index`, which comes after `firstTask` others. Returns the number of its tasks. */
export function setProduct(
  index: usize,
  firstTask: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStrip: usize,
  bStep: usize,
  rows: usize,
  columns: usize,
  depth: usize,
  c: usize,
  bias: usize,
  activation: i32,
  activated: usize,
): usize {
  const record = index * RECORD_WORDS;
  setArgument(record + FIRST_TASK, firstTask);
  setArgument(record + A, a);
  setArgument(record + A_ROW, aRow);
  setArgument(record + A_STEP, aStep);
  setArgument(record + B, b);
  setArgument(record + B_STRIP, bStrip);
  setArgument(record + B_STEP, bStep);
  setArgument(record + ROWS, rows);
  setArgument(record + COLUMNS, columns);
  setArgument(record + DEPTH, depth);
  setArgument(record + C, c);
  setArgument(record + BIAS, bias);
  setArgument(record + ACTIVATION, activation);
  setArgument(record + ACTIVATED, activated);
  const blockRows = min(rows, MAX_BLOCK_ROWS);
  const work = <f64>rows * <f64>columns * <f64>depth;
  const blockWork = max<f64>(MIN_BLOCK_WORK, min<f64>(MAX_BLOCK_WORK, work / 8));
  const strips = max<usize>(1, <usize>(blockWork / (16.0 * <f64>blockRows * <f64>max<usize>(1, depth))));
  const blockColumns = min(columns, strips << 4);
  const across = (columns + blockColumns - 1) / blockColumns;
  setArgument(record + BLOCK_ROWS, blockRows);
  setArgument(record + BLOCK_COLUMNS, blockColumns);
  setArgument(record + BLOCKS_ACROSS, across);
  return across * ((rows + blockRows - 1) / blockRows);
}

/** Runs the products of records 0 … count − 1. @param work multiplications in all */
export function multiply(count: usize, tasks: usize, work: f64): void {
  setArgument(RECORD_COUNT, count);
  openPhase(Command.MULTIPLY, <i32>tasks, work > LARGE);
  multiplyTasks();
  closePhase();
}

/** MULTIPLY: a task is a block of one of the products whose records are in the arguments. */
export function multiplyTasks(): void {
  const count = argument(RECORD_COUNT);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    let index = count - 1;
    while (<usize>task < argument(index * RECORD_WORDS + FIRST_TASK)) index--;
    multiplyBlock(index * RECORD_WORDS, <usize>task - argument(index * RECORD_WORDS + FIRST_TASK));
  }
}

// --- internal ---

function multiplyBlock(record: usize, block: usize): void {
  const across = argument(record + BLOCKS_ACROSS);
  const row = (block / across) * argument(record + BLOCK_ROWS);
  const column = (block % across) * argument(record + BLOCK_COLUMNS);
  const rows = min(argument(record + BLOCK_ROWS), argument(record + ROWS) - row);
  const columns = min(argument(record + BLOCK_COLUMNS), argument(record + COLUMNS) - column);
  const stride = argument(record + COLUMNS) << 2;
  const c = argument(record + C) + row * stride + (column << 2);
  let a = argument(record + A) + row * argument(record + A_ROW);
  let b = argument(record + B) + (column >>> 4) * argument(record + B_STRIP);
  const bias = argument(record + BIAS);
  const depth = argument(record + DEPTH);
  const activation = <i32>argument(record + ACTIVATION);
  const isRelu = activation == RELU;
  useProduct(argument(record + A_ROW), argument(record + A_STEP), argument(record + B_STEP), stride);
  let done: usize = 0;
  do {
    const part = min(MAX_DEPTH, depth - done);
    let start = c;
    let fromRow = stride;
    let startColumn: usize = 4;
    if (!done) {
      start = bias ? bias + (column << 2) : controlBlock() + ZEROS;
      fromRow = 0;
      startColumn = bias ? 4 : 0;
    }
    usePart(part, fromRow, isRelu && done + part == depth ? 0 : -Infinity);
    multiplyPart(a, b, argument(record + B_STRIP), rows, columns, start, startColumn, c);
    a += part * aStep;
    b += part * bStep;
    done += part;
  } while (done < depth);
  if (activation == LINEAR || isRelu) return;
  const output = argument(record + ACTIVATED) + row * stride + (column << 2);
  if (columns << 2 == stride) activateRange(c, output, rows * columns, activation);
  else for (let at: usize = 0; at < rows * stride; at += stride) activateRange(c + at, output + at, columns, activation);
}

/**
 * One part of k of one block, whose tiles have been described.
 * @param startColumn bytes from one column's start to the next: 4, or 0 where all start with the same zeros
 */
function multiplyPart(
  a: usize,
  b: usize,
  bStrip: usize,
  rows: usize,
  columns: usize,
  start: usize,
  startColumn: usize,
  c: usize,
): void {
  let column: usize = 0;
  if (rows == 1) {
    for (; column + 32 <= columns && bStrip == 64; column += 32) {
      longRow(a, b, start + column * startColumn, c + (column << 2));
      b += 128;
    }
  }
  for (; column + 16 <= columns; column += 16) {
    const from = start + column * startColumn;
    const to = c + (column << 2);
    let row: usize = 0;
    for (; row + 6 <= rows; row += 6) wideTile(6, a + row * aRow, b, from + row * startRow, to + row * cRow);
    for (let step: usize = 4; step; step >>= 1) {
      if (row + step > rows) continue;
      wideTile(<i32>step, a + row * aRow, b, from + row * startRow, to + row * cRow);
      row += step;
    }
    b += bStrip;
  }
  for (; column < columns; column += 4) {
    const width = <i32>min<usize>(4, columns - column);
    const from = start + column * startColumn;
    const to = c + (column << 2);
    for (let row: usize = 0; row < rows; row += 6) {
      const height = <i32>min<usize>(6, rows - row);
      narrowTile(height, width, a + row * aRow, b, from + row * startRow, to + row * cRow);
    }
    b += 16;
  }
}
