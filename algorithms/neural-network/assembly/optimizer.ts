/**
 * The optimizers: all weights and their moments move in place in one pass over the memory, chunk by chunk.
 *
 * A chunk is a piece of one weight tensor; the table of chunks is written once, only the gradients' addresses change
 * from step to step. With a limit on the gradients' norm, a first pass sums squares chunk by chunk; the sums are added
 * in the chunks' order, so that the number of threads never matters.
 */
import { closePhase, openPhase, takeTask } from '@algo/numerics/assembly/threads';
import { all, constants, SIGN } from './constants';
import { laneSum, loadUpTo, storeUpTo } from './lanes';
import { madd, select } from './elementary';
import * as Records from './optimizer-records';
import { argument, setArgument } from './arguments';
import { Command } from './commands';

/** Argument of the commands: the rule. */
const RULE = 0;

/** One step over all weights; `rule` is a record of optimizer-records.ts. With `isLarge`, threads share the work. */
export function updateWeights(rule: usize, isLarge: bool): void {
  const chunks: usize = load<u32>(rule, Records.RULE_CHUNKS);
  const count: usize = load<u32>(rule, Records.RULE_CHUNK_COUNT);
  setArgument(RULE, rule);
  if (load<f32>(rule, Records.RULE_CLIP_NORM) > 0) {
    openPhase(Command.SQUARE_GRADIENTS, <i32>count, isLarge);
    squareGradients();
    closePhase();
    let squares: f64 = 0;
    const end = chunks + count * Records.CHUNK_BYTES;
    for (let chunk = chunks; chunk < end; chunk += Records.CHUNK_BYTES) {
      squares += load<f64>(chunk, Records.CHUNK_SQUARES);
    }
    const factor = <f64>load<f32>(rule, Records.RULE_CLIP_NORM) / Math.sqrt(squares);
    store<f32>(rule, <f32>(factor >= 1 ? 1 : factor), Records.RULE_SCALE); // NaN stays NaN
  }
  openPhase(Command.UPDATE_WEIGHTS, <i32>count, isLarge);
  updateChunks();
  closePhase();
}

/** SQUARE_GRADIENTS: a task is a chunk; the sum of its squared gradients, penalties included. */
export function squareGradients(): void {
  const rule = argument(RULE);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const chunk: usize = load<u32>(rule, Records.RULE_CHUNKS) + task * Records.CHUNK_BYTES;
    store<f64>(chunk, squareSum(rule, chunk, tensorOf(rule, chunk)), Records.CHUNK_SQUARES);
  }
}

/** UPDATE_WEIGHTS: a task is a chunk. */
export function updateChunks(): void {
  const rule = argument(RULE);
  const isAdam = load<u32>(rule, Records.RULE_IS_ADAM) != 0;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const chunk: usize = load<u32>(rule, Records.RULE_CHUNKS) + task * Records.CHUNK_BYTES;
    if (isAdam) adam(rule, chunk, tensorOf(rule, chunk));
    else descend(rule, chunk, tensorOf(rule, chunk));
  }
}

// --- internal ---

@inline
function tensorOf(rule: usize, chunk: usize): usize {
  return load<u32>(rule, Records.RULE_TENSORS) + load<u32>(chunk, Records.CHUNK_TENSOR) * Records.TENSOR_BYTES;
}

/** Where the chunk begins in one of its tensor's arrays. @param array field of the tensor's record */
@inline
function placeOf(chunk: usize, tensor: usize, array: usize): usize {
  return load<u32>(tensor + array) + (load<u32>(chunk, Records.CHUNK_FIRST) << 2);
}

/** A number of the rule that only tensors with penalties follow. @param field of the rule @param none what others have */
@inline
function penaltyOf(rule: usize, tensor: usize, field: usize, none: f32): v128 {
  return f32x4.splat(load<u32>(tensor, Records.TENSOR_IS_REGULARIZED) != 0 ? load<f32>(rule + field) : none);
}

/** Of a chunk: its squared gradients in float64, of which each lane adds 64 at most in float32. */
function squareSum(rule: usize, chunk: usize, tensor: usize): f64 {
  const l1 = penaltyOf(rule, tensor, Records.RULE_L1, 0);
  const l2 = penaltyOf(rule, tensor, Records.RULE_L2, 0);
  const sign = all(constants(), SIGN);
  let w = placeOf(chunk, tensor, Records.TENSOR_WEIGHT);
  let g = placeOf(chunk, tensor, Records.TENSOR_GRADIENT);
  const end = g + (load<u32>(chunk, Records.CHUNK_COUNT) << 2);
  let sum: f64 = 0;
  while (g + 64 <= end) {
    const stop = min(end - 63, g + 4096);
    // Four sums, so that no addition waits for the one before.
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (; g < stop; g += 64, w += 64) {
      const g0 = penalized(v128.load(g), v128.load(w), l1, l2, sign);
      const g1 = penalized(v128.load(g, 16), v128.load(w, 16), l1, l2, sign);
      const g2 = penalized(v128.load(g, 32), v128.load(w, 32), l1, l2, sign);
      const g3 = penalized(v128.load(g, 48), v128.load(w, 48), l1, l2, sign);
      s0 = madd(g0, g0, s0);
      s1 = madd(g1, g1, s1);
      s2 = madd(g2, g2, s2);
      s3 = madd(g3, g3, s3);
    }
    sum += laneSum(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  }
  for (; g < end; g += 16, w += 16) {
    const few = min<usize>(4, (end - g) >> 2);
    const gradient = penalized(loadUpTo(g, few), loadUpTo(w, few), l1, l2, sign);
    sum += laneSum(f32x4.mul(gradient, gradient));
  }
  return sum;
}

/** The gradient with those of l1·|w| and l2·w² ÷ 2; |w| has slope 0 at 0. */
@inline
function penalized(gradient: v128, weight: v128, l1: v128, l2: v128, sign: v128): v128 {
  const slope = select(sign, weight, v128.and(f32x4.ne(weight, f32x4.splat(0)), l1));
  return f32x4.add(madd(weight, l2, gradient), slope);
}

/**
 * Adam, by Kingma & Ba 2015 as PyTorch computes it: m and v are running means of g and g²,
 * w −= rate ÷ (1 − β1^t) · m ÷ (√v ÷ √(1 − β2^t) + ε), after w −= rate · decay · w.
 */
function adam(rule: usize, chunk: usize, tensor: usize): void {
  const l1 = penaltyOf(rule, tensor, Records.RULE_L1, 0);
  const l2 = penaltyOf(rule, tensor, Records.RULE_L2, 0);
  const sign = all(constants(), SIGN);
  const kept = penaltyOf(rule, tensor, Records.RULE_DECAY, 1);
  const scale = f32x4.splat(load<f32>(rule, Records.RULE_SCALE));
  const beta1 = f32x4.splat(load<f32>(rule, Records.RULE_BETA1));
  const beta2 = f32x4.splat(load<f32>(rule, Records.RULE_BETA2));
  const share1 = f32x4.splat(load<f32>(rule, Records.RULE_SHARE1));
  const share2 = f32x4.splat(load<f32>(rule, Records.RULE_SHARE2));
  const rate = f32x4.splat(load<f32>(rule, Records.RULE_RATE));
  const correction = f32x4.splat(load<f32>(rule, Records.RULE_CORRECTION));
  const epsilon = f32x4.splat(load<f32>(rule, Records.RULE_EPSILON));
  let w = placeOf(chunk, tensor, Records.TENSOR_WEIGHT);
  let g = placeOf(chunk, tensor, Records.TENSOR_GRADIENT);
  let m = placeOf(chunk, tensor, Records.TENSOR_FIRST_MOMENT);
  let v = placeOf(chunk, tensor, Records.TENSOR_SECOND_MOMENT);
  const end = w + (load<u32>(chunk, Records.CHUNK_COUNT) << 2);
  // Two vectors per step, stored after both are computed: V8 joins them where the processor's registers are as wide.
  for (; w + 32 <= end; w += 32, g += 32, m += 32, v += 32) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const g0 = f32x4.mul(penalized(v128.load(g), w0, l1, l2, sign), scale);
    const g1 = f32x4.mul(penalized(v128.load(g, 16), w1, l1, l2, sign), scale);
    const m0 = mean(v128.load(m), beta1, g0, share1);
    const m1 = mean(v128.load(m, 16), beta1, g1, share1);
    const v0 = mean(v128.load(v), beta2, f32x4.mul(g0, g0), share2);
    const v1 = mean(v128.load(v, 16), beta2, f32x4.mul(g1, g1), share2);
    const moved0 = moved(w0, kept, m0, v0, rate, correction, epsilon);
    const moved1 = moved(w1, kept, m1, v1, rate, correction, epsilon);
    v128.store(m, m0);
    v128.store(m, m1, 16);
    v128.store(v, v0);
    v128.store(v, v1, 16);
    v128.store(w, moved0);
    v128.store(w, moved1, 16);
  }
  for (; w < end; w += 16, g += 16, m += 16, v += 16) {
    const few = min<usize>(4, (end - w) >> 2);
    const weight = loadUpTo(w, few);
    const gradient = f32x4.mul(penalized(loadUpTo(g, few), weight, l1, l2, sign), scale);
    const first = mean(loadUpTo(m, few), beta1, gradient, share1);
    const second = mean(loadUpTo(v, few), beta2, f32x4.mul(gradient, gradient), share2);
    storeUpTo(m, first, few);
    storeUpTo(v, second, few);
    storeUpTo(w, moved(weight, kept, first, second, rate, correction, epsilon), few);
  }
}

@inline
function moved(w: v128, kept: v128, m: v128, v: v128, rate: v128, correction: v128, epsilon: v128): v128 {
  const step = f32x4.div(f32x4.mul(m, rate), madd(f32x4.sqrt(v), correction, epsilon));
  return f32x4.sub(f32x4.mul(w, kept), step);
}

/** β·mean + (1 − β)·value. The share 1 − β was taken in float64: float32 would lose its digits. */
@inline
function mean(before: v128, beta: v128, value: v128, share: v128): v128 {
  return madd(before, beta, f32x4.mul(value, share));
}

/** Gradient descent: b = momentum·b + g, w −= rate·b, after w −= rate · decay · w. Without momentum no b is kept. */
function descend(rule: usize, chunk: usize, tensor: usize): void {
  const l1 = penaltyOf(rule, tensor, Records.RULE_L1, 0);
  const l2 = penaltyOf(rule, tensor, Records.RULE_L2, 0);
  const sign = all(constants(), SIGN);
  const kept = penaltyOf(rule, tensor, Records.RULE_DECAY, 1);
  const scale = f32x4.splat(load<f32>(rule, Records.RULE_SCALE));
  const momentum = f32x4.splat(load<f32>(rule, Records.RULE_MOMENTUM));
  const rate = f32x4.splat(load<f32>(rule, Records.RULE_RATE));
  const hasMoment = load<u32>(tensor, Records.TENSOR_FIRST_MOMENT) != 0;
  let w = placeOf(chunk, tensor, Records.TENSOR_WEIGHT);
  let g = placeOf(chunk, tensor, Records.TENSOR_GRADIENT);
  let b = placeOf(chunk, tensor, Records.TENSOR_FIRST_MOMENT);
  const end = w + (load<u32>(chunk, Records.CHUNK_COUNT) << 2);
  for (; w < end; w += 16, g += 16, b += 16) {
    const few = min<usize>(4, (end - w) >> 2);
    const weight = loadUpTo(w, few);
    let step = f32x4.mul(penalized(loadUpTo(g, few), weight, l1, l2, sign), scale);
    if (hasMoment) {
      step = madd(loadUpTo(b, few), momentum, step);
      storeUpTo(b, step, few);
    }
    storeUpTo(w, f32x4.sub(f32x4.mul(weight, kept), f32x4.mul(step, rate)), few);
  }
}
