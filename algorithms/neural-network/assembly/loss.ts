/**
 * Losses of rows and their gradients by the outputs, in one pass. Stable for any finite outputs: exponentials are of
 * numbers ≤ 0 only. Each chunk of rows leaves its sum, in float64, in a slot of its own; `sumSlots` adds the slots in
 * order, so that the number of threads never matters.
 */
import { closePhase, openPhase, takeTask } from '@algo/numerics/assembly/threads';
import { constants } from './constants';
import { exponential, logarithm, logarithmOnePlus } from './elementary';
import { laneOf, laneSum, loadFew, storeFew } from './lanes';
import { exponentials, largest, multiply } from './softmax';
import { argument, realArgument, setArgument, setRealArgument } from './arguments';
import { Command } from './commands';

/** Losses. */
export const SQUARED_ERROR = 0;
export const BINARY = 1;
export const SOFTMAX = 2;

/** Maximum number of chunks of rows, and so of slots for their sums. */
const CHUNKS: usize = 64;
/** Fewest rows of a chunk. */
const CHUNK_ROWS: usize = 256;
/** Outputs from which threads share the work. */
const LARGE: usize = 16384;

/** Arguments of the command. */
enum Word {
  NAME,
  OUTPUTS,
  LABELS,
  WEIGHTS,
  GRADIENT,
  SLOTS,
  ROWS,
  COLUMNS,
  STEP,
  SCALE,
}

/**
 * The weighted sum of the rows' losses into `result`, and its gradient × `scale`.
 * @param labels f32 [rows × columns] (squared error), f32 [rows] (binary) or i32 [rows] (softmax)
 * @param weights f32 [rows], or 0: all are 1
 * @param slots room for 64 f64
 */
export function loss(
  name: i32,
  outputs: usize,
  labels: usize,
  weights: usize,
  gradient: usize,
  result: usize,
  slots: usize,
  rows: usize,
  columns: usize,
  scale: f32,
): void {
  const step = max(CHUNK_ROWS, (rows + CHUNKS - 1) / CHUNKS);
  const chunks = (rows + step - 1) / step;
  setArgument(Word.NAME, name);
  setArgument(Word.OUTPUTS, outputs);
  setArgument(Word.LABELS, labels);
  setArgument(Word.WEIGHTS, weights);
  setArgument(Word.GRADIENT, gradient);
  setArgument(Word.SLOTS, slots);
  setArgument(Word.ROWS, rows);
  setArgument(Word.COLUMNS, columns);
  setArgument(Word.STEP, step);
  setRealArgument(Word.SCALE, scale);
  openPhase(Command.LOSS, <i32>chunks, rows * columns >= LARGE);
  computeLosses();
  closePhase();
  let sum: f64 = 0;
  for (let chunk: usize = 0; chunk < chunks; chunk++) sum += load<f64>(slots + (chunk << 3));
  store<f32>(result, <f32>sum);
}

/** LOSS: a task is a chunk of rows. */
export function computeLosses(): void {
  const name = <i32>argument(Word.NAME);
  const step = argument(Word.STEP);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * step;
    const stop = min(argument(Word.ROWS), first + step);
    let sum: f64 = 0;
    if (name == SQUARED_ERROR) sum = squaredError(first, stop);
    else if (name == BINARY) sum = binaryCrossEntropy(first, stop);
    else sum = softmaxCrossEntropy(first, stop);
    store<f64>(argument(Word.SLOTS) + (<usize>task << 3), sum);
  }
}

// --- internal ---

@inline
function weightOf(row: usize): f32 {
  const weights = argument(Word.WEIGHTS);
  return weights ? load<f32>(weights + (row << 2)) : 1;
}

/** Mean over the columns of (output − label)²; gradient 2·(output − label) ÷ columns. */
function squaredError(first: usize, stop: usize): f64 {
  const columns = argument(Word.COLUMNS);
  const scale = realArgument(Word.SCALE);
  const at = (first * columns) << 2;
  let outputs = argument(Word.OUTPUTS) + at;
  let labels = argument(Word.LABELS) + at;
  let gradient = argument(Word.GRADIENT) + at;
  let sum: f64 = 0;
  if (columns == 1) {
    for (let row = first; row < stop; row++) {
      const weight = weightOf(row);
      const difference = load<f32>(outputs) - load<f32>(labels);
      sum += <f64>difference * <f64>difference * <f64>weight;
      store<f32>(gradient, 2 * difference * (weight * scale));
      outputs += 4;
      labels += 4;
      gradient += 4;
    }
    return sum;
  }
  const few = columns & 3;
  const share = 1 / <f64>columns;
  for (let row = first; row < stop; row++) {
    const weight = weightOf(row);
    const factor = f32x4.splat(<f32>(2 * share) * (weight * scale));
    const end = outputs + ((columns - few) << 2);
    let squares: f64 = 0;
    for (; outputs < end; outputs += 16, labels += 16, gradient += 16) {
      const difference = f32x4.sub(v128.load(outputs), v128.load(labels));
      squares += laneSum(f32x4.mul(difference, difference));
      v128.store(gradient, f32x4.mul(difference, factor));
    }
    if (few) {
      const difference = f32x4.sub(loadFew(outputs, few), loadFew(labels, few));
      squares += laneSum(f32x4.mul(difference, difference));
      storeFew(gradient, f32x4.mul(difference, factor), few);
      outputs += few << 2;
      labels += few << 2;
      gradient += few << 2;
    }
    sum += squares * share * <f64>weight;
  }
  return sum;
}

/** Of a logit z and a label y: max(z, 0) − z·y + ln(1 + e^−|z|); gradient sigmoid(z) − y. Four rows together. */
function binaryCrossEntropy(first: usize, stop: usize): f64 {
  const scale = f32x4.splat(realArgument(Word.SCALE));
  const at = first << 2;
  const weights = argument(Word.WEIGHTS);
  let outputs = argument(Word.OUTPUTS) + at;
  let labels = argument(Word.LABELS) + at;
  let gradient = argument(Word.GRADIENT) + at;
  const t = constants();
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  let sum: f64 = 0;
  for (let row = first; row < stop; row += 4) {
    const few = min<usize>(4, stop - row);
    const z = few == 4 ? v128.load(outputs) : loadFew(outputs, few);
    const y = few == 4 ? v128.load(labels) : loadFew(labels, few);
    let w = one;
    if (weights) w = few == 4 ? v128.load(weights + (row << 2)) : loadFew(weights + (row << 2), few);
    const e = exponential(f32x4.neg(f32x4.abs(z)), t);
    const hinge = f32x4.sub(f32x4.max(z, zero), f32x4.mul(z, y));
    const losses = f32x4.mul(f32x4.add(hinge, logarithmOnePlus(e, t)), w);
    // sigmoid(z): 1 ÷ (1 + e) for z ≥ 0, e ÷ (1 + e) below
    const probability = f32x4.div(v128.bitselect(one, e, f32x4.ge(z, zero)), f32x4.add(one, e));
    const slopes = f32x4.mul(f32x4.sub(probability, y), f32x4.mul(w, scale));
    if (few == 4) {
      sum += laneSum(losses);
      v128.store(gradient, slopes);
    } else {
      for (let lane: usize = 0; lane < few; lane++) sum += <f64>laneOf(losses, lane);
      storeFew(gradient, slopes, few);
    }
    outputs += 16;
    labels += 16;
    gradient += 16;
  }
  return sum;
}

/** Of logits z and a class l: ln Σ e^(z − max) − (z_l − max); gradient softmax(z) − (1 at l). */
function softmaxCrossEntropy(first: usize, stop: usize): f64 {
  const columns = argument(Word.COLUMNS);
  const scale = realArgument(Word.SCALE);
  const bytes = columns << 2;
  const labels = argument(Word.LABELS);
  let outputs = argument(Word.OUTPUTS) + first * bytes;
  let gradient = argument(Word.GRADIENT) + first * bytes;
  let sum: f64 = 0;
  for (let row = first; row < stop; row++) {
    const label = (<usize>load<u32>(labels + (row << 2))) << 2;
    const weight = weightOf(row);
    const top = largest(outputs, columns);
    const total = <f32>exponentials(outputs, gradient, columns, top);
    const logarithmOfTotal = f32x4.extract_lane(logarithm(f32x4.splat(total), constants()), 0);
    sum += <f64>weight * (<f64>logarithmOfTotal - (<f64>load<f32>(outputs + label) - <f64>top));
    const factor = weight * scale;
    multiply(gradient, columns, factor / total);
    store<f32>(gradient + label, load<f32>(gradient + label) - factor);
    outputs += bytes;
    gradient += bytes;
  }
  return sum;
}
