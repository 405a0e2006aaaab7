/**
 * Dense layers: output = activation(input · kernel + bias), and the three derivatives of the backward pass.
 */
import { closePhase, openPhase, takeTask } from '@algo/numerics/assembly/threads';
import { slopeRange } from './activations';
import { sumColumnRange } from './column-sums';
import { multiply, setProduct } from './gemm';
import { packedBytes, packStrip } from './gemm-panels';
import { LINEAR } from './layout';
import { argument, setArgument } from './arguments';
import { Command } from './commands';

// Arguments of PREPARE_BACK.
const STRIPS: usize = 0;
const KERNEL: usize = 1;
const PACKED: usize = 2;
const INPUTS: usize = 3;
const UNITS: usize = 4;
const ROWS: usize = 5;
const BLOCK_ROWS: usize = 6;
const ACTIVATION: usize = 7;
const PRE_ACTIVATION: usize = 8;
const OUTPUT: usize = 9;
const OUTPUT_GRADIENT: usize = 10;
const SCALED: usize = 11;
const SUMS: usize = 12;

/** Values of a block of rows. */
const BLOCK_VALUES: usize = 8192;
const LARGE: usize = 60_000;

/**
 * Matrix product A·B [rows × columns].
 * @param isATransposed A lies as [depth × rows] instead of [rows × depth]
 * @param packed room for `productScratchBytes` when B lies as [columns × depth]; 0 when as [depth × columns]
 * @param bias [columns], or 0
 * @param preActivation where to store the sums, if they are wanted in addition to the activated values, else 0
 */
export function product(
  a: usize,
  isATransposed: bool,
  b: usize,
  packed: usize,
  rows: usize,
  columns: usize,
  depth: usize,
  bias: usize,
  activation: i32,
  preActivation: usize,
  output: usize,
): void {
  const strips = packed ? (columns + 15) >>> 4 : 0;
  for (let strip: usize = 0; strip < strips; strip++) packStrip(b, columns, depth, packed, strip);
  const c = preActivation ? preActivation : output;
  const tasks = setProduct(
    0,
    0,
    a,
    isATransposed ? 4 : depth << 2,
    isATransposed ? rows << 2 : 4,
    packed ? packed : b,
    packed ? depth << 6 : 64,
    packed ? 64 : columns << 2,
    rows,
    columns,
    depth,
    c,
    bias,
    activation,
    output,
  );
  multiply(1, tasks, <f64>rows * <f64>columns * <f64>depth);
}

/** Bytes that `product` needs for a B that lies as [columns × depth]. */
export function productScratchBytes(columns: usize, depth: usize): usize {
  return packedBytes(columns, depth);
}

/** Bytes that `denseBack` needs in addition to its results. */
export function denseBackScratchBytes(rows: usize, inputs: usize, units: usize): usize {
  const sums = (blockCount(rows, units) * units) << 2;
  return ((rows * units) << 2) + sums + packedBytes(inputs, units);
}

/**
 * Derivatives of a dense layer.
 * @param input [rows × inputs], @param kernel [inputs × units], @param output, @param outputGradient [rows × units]
 * @param preActivation [rows × units] for gelu and swish, else 0
 * @param inputGradient [rows × inputs], or 0 when it is not wanted
 */
export function denseBack(
  input: usize,
  kernel: usize,
  output: usize,
  preActivation: usize,
  outputGradient: usize,
  activation: i32,
  rows: usize,
  inputs: usize,
  units: usize,
  inputGradient: usize,
  kernelGradient: usize,
  biasGradient: usize,
  scratch: usize,
): void {
  const blocks = blockCount(rows, units);
  const scaled = activation == LINEAR ? outputGradient : scratch;
  const sums = blocks == 1 ? biasGradient : scratch + ((rows * units) << 2);
  const packed = scratch + ((rows * units + blocks * units) << 2);
  const strips = inputGradient ? (inputs + 15) >>> 4 : 0;
  setArgument(STRIPS, strips);
  setArgument(KERNEL, kernel);
  setArgument(PACKED, packed);
  setArgument(INPUTS, inputs);
  setArgument(UNITS, units);
  setArgument(ROWS, rows);
  setArgument(BLOCK_ROWS, rowsOfBlock(rows, units));
  setArgument(ACTIVATION, activation);
  setArgument(PRE_ACTIVATION, preActivation);
  setArgument(OUTPUT, output);
  setArgument(OUTPUT_GRADIENT, outputGradient);
  setArgument(SCALED, scaled);
  setArgument(SUMS, sums);
  const size = rows * units + (strips << 4) * units;
  openPhase(Command.PREPARE_BACK, <i32>(strips + blocks), size > LARGE);
  prepareBackTasks();
  closePhase();
  if (blocks > 1) sumColumnRange(sums, units << 2, blocks, units, biasGradient);

  const work = <f64>rows * <f64>inputs * <f64>units;
  let tasks = setProduct(
    0, 0, input, 4, inputs << 2, scaled, 64, units << 2, inputs, units, rows, kernelGradient, 0, LINEAR, 0,
  );
  if (inputGradient) {
    tasks += setProduct(
      1, tasks, scaled, units << 2, 4, packed, units << 6, 64, rows, inputs, units, inputGradient, 0, LINEAR, 0,
    );
  }
  multiply(inputGradient ? 2 : 1, tasks, inputGradient ? 2 * work : work);
}

/** PREPARE_BACK: a task is a strip of the transposed kernel, then a block of rows of the gradient. */
export function prepareBackTasks(): void {
  const strips = argument(STRIPS);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    if (<usize>task < strips) packStrip(argument(KERNEL), argument(INPUTS), argument(UNITS), argument(PACKED), task);
    else prepareRows(<usize>task - strips);
  }
}

// --- internal ---

/** A block's gradients times the slopes, and their sums by column. */
function prepareRows(block: usize): void {
  const units = argument(UNITS);
  const first = block * argument(BLOCK_ROWS);
  const rows = min(argument(BLOCK_ROWS), argument(ROWS) - first);
  const at = (first * units) << 2;
  const gradient = argument(OUTPUT_GRADIENT) + at;
  const scaled = argument(SCALED) + at;
  const activation = <i32>argument(ACTIVATION);
  if (activation != LINEAR) {
    slopeRange(argument(PRE_ACTIVATION) + at, argument(OUTPUT) + at, gradient, scaled, rows * units, activation);
  }
  sumColumnRange(scaled, units << 2, rows, units, argument(SUMS) + ((block * units) << 2));
}

@inline
function rowsOfBlock(rows: usize, units: usize): usize {
  return min(rows, max<usize>(16, BLOCK_VALUES / units));
}

@inline
function blockCount(rows: usize, units: usize): usize {
  const step = max<usize>(1, rowsOfBlock(rows, units));
  return (rows + step - 1) / step;
}
