/**
 * The optimizers: all weights and their moments move in place in one pass over the memory, chunk by chunk.
 *
 * A chunk is a piece of one weight tensor; the table of chunks is written once, only the gradients' addresses change
 * from step to step. With a limit on the gradients' norm, a first pass sums squares chunk by chunk; the sums are added
 * in the chunks' order, so that the number of threads never matters.
 */
import { loadFew, storeFew, laneSum } from './lanes';
import { madd, select } from './elementary';
import {
  CHUNK_BYTES,
  CHUNK_COUNT,
  CHUNK_FIRST,
  CHUNK_SQUARES,
  CHUNK_TENSOR,
  RULE_BETA1,
  RULE_BETA2,
  RULE_CHUNKS,
  RULE_CLIP_NORM,
  RULE_CHUNK_COUNT,
  RULE_CORRECTION,
  RULE_DECAY,
  RULE_EPSILON,
  RULE_IS_ADAM,
  RULE_L1,
  RULE_L2,
  RULE_MOMENTUM,
  RULE_RATE,
  RULE_SCALE,
  RULE_SHARE1,
  RULE_SHARE2,
  RULE_TENSORS,
  TENSOR_BYTES,
  TENSOR_FIRST_MOMENT,
  TENSOR_GRADIENT,
  TENSOR_IS_REGULARIZED,
  TENSOR_SECOND_MOMENT,
  TENSOR_WEIGHT,
} from './optimizer-records';
import { argument, runPhase, setArgument, takeTask } from './pool';

// Commands.
export const SQUARE_GRADIENTS = 30;
export const UPDATE_WEIGHTS = 31;

/** Argument of the commands: the rule. */
const RULE = 0;

/** One step over all weights; `rule` is a record of optimizer-records.ts. With `isLarge`, threads share the work. */
export function updateWeights(rule: usize, isLarge: bool): void {
  const chunks: usize = load<u32>(rule, RULE_CHUNKS);
  const count: usize = load<u32>(rule, RULE_CHUNK_COUNT);
  setArgument(RULE, rule);
  if (load<f32>(rule, RULE_CLIP_NORM) > 0) {
    runPhase(SQUARE_GRADIENTS, <i32>count, isLarge);
    let squares: f64 = 0;
    for (let i: usize = 0; i < count; i++) squares += load<f64>(chunks + i * CHUNK_BYTES, CHUNK_SQUARES);
    const factor = <f64>load<f32>(rule, RULE_CLIP_NORM) / Math.sqrt(squares);
    store<f32>(rule, <f32>(factor >= 1 ? 1 : factor), RULE_SCALE); // NaN stays NaN
  }
  runPhase(UPDATE_WEIGHTS, <i32>count, isLarge);
}

/** SQUARE_GRADIENTS: a task is a chunk; the sum of its squared gradients, penalties included. */
export function squareGradients(): void {
  const rule = argument(RULE);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const chunk: usize = load<u32>(rule, RULE_CHUNKS) + task * CHUNK_BYTES;
    store<f64>(chunk, squareSum(rule, chunk, tensorOf(rule, chunk)), CHUNK_SQUARES);
  }
}

/** UPDATE_WEIGHTS: a task is a chunk. */
export function updateChunks(): void {
  const rule = argument(RULE);
  const isAdam = load<u32>(rule, RULE_IS_ADAM) != 0;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const chunk: usize = load<u32>(rule, RULE_CHUNKS) + task * CHUNK_BYTES;
    if (isAdam) adam(rule, chunk, tensorOf(rule, chunk));
    else descend(rule, chunk, tensorOf(rule, chunk));
  }
}

// --- internal ---

@inline
function tensorOf(rule: usize, chunk: usize): usize {
  return load<u32>(rule, RULE_TENSORS) + load<u32>(chunk, CHUNK_TENSOR) * TENSOR_BYTES;
}

function squareSum(rule: usize, chunk: usize, tensor: usize): f64 {
  const offset = load<u32>(chunk, CHUNK_FIRST) << 2;
  const isRegularized = load<u32>(tensor, TENSOR_IS_REGULARIZED) != 0;
  const l1 = f32x4.splat(isRegularized ? load<f32>(rule, RULE_L1) : 0);
  const l2 = f32x4.splat(isRegularized ? load<f32>(rule, RULE_L2) : 0);
  let w: usize = load<u32>(tensor, TENSOR_WEIGHT) + offset;
  let g: usize = load<u32>(tensor, TENSOR_GRADIENT) + offset;
  const count: usize = load<u32>(chunk, CHUNK_COUNT);
  const few = count & 3;
  const last = g + ((count - few) << 2);
  let sum: f64 = 0;
  while (g < last) {
    // At most 256 squares a lane are added in float32.
    const stop = min(last, g + 4096);
    let lanes = f32x4.splat(0);
    for (; g < stop; g += 16, w += 16) {
      const gradient = penalized(v128.load(g), v128.load(w), l1, l2);
      lanes = madd(gradient, gradient, lanes);
    }
    sum += laneSum(lanes);
  }
  if (few) {
    const gradient = penalized(loadFew(g, few), loadFew(w, few), l1, l2);
    sum += laneSum(f32x4.mul(gradient, gradient));
  }
  return sum;
}

/** The gradient with those of l1·|w| and l2·w² ÷ 2; |w| has slope 0 at 0. */
@inline
function penalized(gradient: v128, weight: v128, l1: v128, l2: v128): v128 {
  const zero = f32x4.splat(0);
  const sign = select(i32x4.splat(0x80000000), weight, v128.and(f32x4.ne(weight, zero), l1));
  return f32x4.add(madd(weight, l2, gradient), sign);
}

/**
 * Adam, by Kingma & Ba 2015 as PyTorch computes it: m and v are running means of g and g²,
 * w −= rate ÷ (1 − β1^t) · m ÷ (√v ÷ √(1 − β2^t) + ε), after w −= rate · decay · w.
 */
function adam(rule: usize, chunk: usize, tensor: usize): void {
  const offset = load<u32>(chunk, CHUNK_FIRST) << 2;
  const isRegularized = load<u32>(tensor, TENSOR_IS_REGULARIZED) != 0;
  const l1 = f32x4.splat(isRegularized ? load<f32>(rule, RULE_L1) : 0);
  const l2 = f32x4.splat(isRegularized ? load<f32>(rule, RULE_L2) : 0);
  const kept = f32x4.splat(isRegularized ? load<f32>(rule, RULE_DECAY) : 1);
  const scale = f32x4.splat(load<f32>(rule, RULE_SCALE));
  const beta1 = f32x4.splat(load<f32>(rule, RULE_BETA1));
  const beta2 = f32x4.splat(load<f32>(rule, RULE_BETA2));
  const share1 = f32x4.splat(load<f32>(rule, RULE_SHARE1));
  const share2 = f32x4.splat(load<f32>(rule, RULE_SHARE2));
  const rate = f32x4.splat(load<f32>(rule, RULE_RATE));
  const correction = f32x4.splat(load<f32>(rule, RULE_CORRECTION));
  const epsilon = f32x4.splat(load<f32>(rule, RULE_EPSILON));
  let w: usize = load<u32>(tensor, TENSOR_WEIGHT) + offset;
  let g: usize = load<u32>(tensor, TENSOR_GRADIENT) + offset;
  let m: usize = load<u32>(tensor, TENSOR_FIRST_MOMENT) + offset;
  let v: usize = load<u32>(tensor, TENSOR_SECOND_MOMENT) + offset;
  const count: usize = load<u32>(chunk, CHUNK_COUNT);
  const few = count & 3;
  const last = w + ((count - few) << 2);
  for (; w < last; w += 16, g += 16, m += 16, v += 16) {
    const weight = v128.load(w);
    const gradient = f32x4.mul(penalized(v128.load(g), weight, l1, l2), scale);
    const first = mean(v128.load(m), beta1, gradient, share1);
    const second = mean(v128.load(v), beta2, f32x4.mul(gradient, gradient), share2);
    v128.store(m, first);
    v128.store(v, second);
    const step = f32x4.div(f32x4.mul(first, rate), madd(f32x4.sqrt(second), correction, epsilon));
    v128.store(w, f32x4.sub(f32x4.mul(weight, kept), step));
  }
  if (few) {
    const weight = loadFew(w, few);
    const gradient = f32x4.mul(penalized(loadFew(g, few), weight, l1, l2), scale);
    const first = mean(loadFew(m, few), beta1, gradient, share1);
    const second = mean(loadFew(v, few), beta2, f32x4.mul(gradient, gradient), share2);
    storeFew(m, first, few);
    storeFew(v, second, few);
    const step = f32x4.div(f32x4.mul(first, rate), madd(f32x4.sqrt(second), correction, epsilon));
    storeFew(w, f32x4.sub(f32x4.mul(weight, kept), step), few);
  }
}

/** β·mean + (1 − β)·value. The share 1 − β was taken in float64: float32 would lose its digits. */
@inline
function mean(before: v128, beta: v128, value: v128, share: v128): v128 {
  return madd(before, beta, f32x4.mul(value, share));
}

/** Gradient descent: b = momentum·b + g, w −= rate·b, after w −= rate · decay · w. Without momentum no b is kept. */
function descend(rule: usize, chunk: usize, tensor: usize): void {
  const offset = load<u32>(chunk, CHUNK_FIRST) << 2;
  const isRegularized = load<u32>(tensor, TENSOR_IS_REGULARIZED) != 0;
  const l1 = f32x4.splat(isRegularized ? load<f32>(rule, RULE_L1) : 0);
  const l2 = f32x4.splat(isRegularized ? load<f32>(rule, RULE_L2) : 0);
  const kept = f32x4.splat(isRegularized ? load<f32>(rule, RULE_DECAY) : 1);
  const scale = f32x4.splat(load<f32>(rule, RULE_SCALE));
  const momentum = f32x4.splat(load<f32>(rule, RULE_MOMENTUM));
  const rate = f32x4.splat(load<f32>(rule, RULE_RATE));
  const moment: usize = load<u32>(tensor, TENSOR_FIRST_MOMENT);
  let w: usize = load<u32>(tensor, TENSOR_WEIGHT) + offset;
  let g: usize = load<u32>(tensor, TENSOR_GRADIENT) + offset;
  let b = moment + offset;
  const count: usize = load<u32>(chunk, CHUNK_COUNT);
  const few = count & 3;
  const last = w + ((count - few) << 2);
  for (; w < last; w += 16, g += 16, b += 16) {
    const weight = v128.load(w);
    let step = f32x4.mul(penalized(v128.load(g), weight, l1, l2), scale);
    if (moment) {
      step = madd(v128.load(b), momentum, step);
      v128.store(b, step);
    }
    v128.store(w, f32x4.sub(f32x4.mul(weight, kept), f32x4.mul(step, rate)));
  }
  if (few) {
    const weight = loadFew(w, few);
    let step = f32x4.mul(penalized(loadFew(g, few), weight, l1, l2), scale);
    if (moment) {
      step = madd(loadFew(b, few), momentum, step);
      storeFew(b, step, few);
    }
    storeFew(w, f32x4.sub(f32x4.mul(weight, kept), f32x4.mul(step, rate)), few);
  }
}
