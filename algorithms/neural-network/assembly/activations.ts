/**
 * Activations and their slopes over ranges of float32. Where the slope follows from the output, only that is read;
 * gelu and swish need the value before the activation.
 */
import { constants, DENSITY, HALF, MINUS_HALF, all, ONE, ROOT_HALF, SIGN, SWISH_FLAT } from './constants';
import {
  errorFunction,
  exponential,
  exponentialMinusOne,
  hyperbolicTangent,
  madd,
  select,
  sigmoid,
} from './elementary';
import { loadUpTo, storeUpTo } from './lanes';
import { ELU, GELU, RELU, SIGMOID, SWISH, TANH } from './layout';

/** Four values activated. With a constant `activation`, only its own code remains. @param t table of constants */
@inline
export function activated(x: v128, activation: i32, t: usize): v128 {
  const zero = f32x4.splat(0);
  if (activation == RELU) return f32x4.max(x, zero);
  if (activation == TANH) return hyperbolicTangent(x, t);
  if (activation == SIGMOID) return sigmoid(x, t);
  if (activation == ELU) return select(f32x4.gt(x, zero), x, exponentialMinusOne(x, t));
  if (activation == GELU) return f32x4.mul(x, normalProbability(x, t));
  if (activation == SWISH) return f32x4.mul(x, sigmoid(x, t));
  return x;
}

/** The slope at four values: x before the activation (gelu, swish) or after it (all others). */
@inline
export function slope(x: v128, activation: i32, t: usize): v128 {
  const one = all(t, ONE);
  if (activation == RELU) return v128.and(f32x4.gt(x, f32x4.splat(0)), one);
  if (activation == TANH) return f32x4.sub(one, f32x4.mul(x, x));
  if (activation == SIGMOID) return f32x4.mul(x, f32x4.sub(one, x));
  if (activation == ELU) return select(f32x4.gt(x, f32x4.splat(0)), one, f32x4.add(x, one));
  if (activation == GELU) {
    const density = f32x4.mul(exponential(f32x4.mul(f32x4.mul(x, x), all(t, MINUS_HALF)), t), all(t, DENSITY));
    return madd(x, density, normalProbability(x, t));
  }
  if (activation == SWISH) {
    // s·(1 + x·(1 − s)) with 1 − s as e·s, which keeps its digits; below −80 the slope is 0 all the same.
    const e = exponential(v128.xor(f32x4.pmax(x, all(t, SWISH_FLAT)), all(t, SIGN)), t);
    const s = f32x4.div(one, f32x4.add(one, e));
    return f32x4.mul(s, madd(x, f32x4.mul(e, s), one));
  }
  return one;
}

/** Applies an activation to `count` float32 at `from`, into `to` (may be the same). */
export function activateRange(from: usize, to: usize, count: usize, activation: i32): void {
  if (activation == RELU) activateAll(from, to, count, RELU);
  else if (activation == TANH) activateAll(from, to, count, TANH);
  else if (activation == SIGMOID) activateAll(from, to, count, SIGMOID);
  else if (activation == ELU) activateAll(from, to, count, ELU);
  else if (activation == GELU) activateAll(from, to, count, GELU);
  else if (activation == SWISH) activateAll(from, to, count, SWISH);
  else if (from != to) memory.copy(to, from, count << 2);
}

/**
 * outputGradient · slope, into `to` (may be the gradient's own place).
 * @param input values before the activation; read for gelu and swish only, may be 0 for the others
 */
export function slopeRange(
  input: usize,
  output: usize,
  outputGradient: usize,
  to: usize,
  count: usize,
  activation: i32,
): void {
  if (activation == RELU) slopeAll(output, outputGradient, to, count, RELU);
  else if (activation == TANH) slopeAll(output, outputGradient, to, count, TANH);
  else if (activation == SIGMOID) slopeAll(output, outputGradient, to, count, SIGMOID);
  else if (activation == ELU) slopeAll(output, outputGradient, to, count, ELU);
  else if (activation == GELU) slopeAll(input, outputGradient, to, count, GELU);
  else if (activation == SWISH) slopeAll(input, outputGradient, to, count, SWISH);
  else if (outputGradient != to) memory.copy(to, outputGradient, count << 2);
}

// --- internal ---

/** Φ(x) = (1 + erf(x ÷ √2)) ÷ 2 */
@inline
function normalProbability(x: v128, t: usize): v128 {
  const half = all(t, HALF);
  return madd(errorFunction(f32x4.mul(x, all(t, ROOT_HALF)), t), half, half);
}

/** Two vectors per step, stored after both are computed: V8 joins them where the processor's registers are as wide. */
@inline
function activateAll(from: usize, to: usize, count: usize, activation: i32): void {
  const t = constants();
  const end = from + (count << 2);
  for (; from + 32 <= end; from += 32, to += 32) {
    const y0 = activated(v128.load(from), activation, t);
    const y1 = activated(v128.load(from, 16), activation, t);
    v128.store(to, y0);
    v128.store(to, y1, 16);
  }
  for (; from < end; from += 16, to += 16) {
    const few = min<usize>(4, (end - from) >> 2);
    storeUpTo(to, activated(loadUpTo(from, few), activation, t), few);
  }
}

@inline
function slopeAll(x: usize, gradient: usize, to: usize, count: usize, activation: i32): void {
  const t = constants();
  const end = gradient + (count << 2);
  for (; gradient + 32 <= end; gradient += 32, x += 32, to += 32) {
    const g0 = f32x4.mul(v128.load(gradient), slope(v128.load(x), activation, t));
    const g1 = f32x4.mul(v128.load(gradient, 16), slope(v128.load(x, 16), activation, t));
    v128.store(to, g0);
    v128.store(to, g1, 16);
  }
  for (; gradient < end; gradient += 16, x += 16, to += 16) {
    const few = min<usize>(4, (end - gradient) >> 2);
    const slopes = slope(loadUpTo(x, few), activation, t);
    storeUpTo(to, f32x4.mul(loadUpTo(gradient, few), slopes), few);
  }
}
