/**
 * Activations and their slopes over ranges of float32. Where the slope follows from the output, only that is read;
 * gelu and swish need the value before the activation.
 */
import { errorFunction, exponential, exponentialMinusOne, hyperbolicTangent, madd, select, sigmoid } from './elementary';
import { loadFew, storeFew } from './lanes';
import { ELU, GELU, RELU, SIGMOID, SWISH, TANH } from './layout';

/** Four values activated. With a constant `activation`, only its own code remains. */
@inline
export function activated(x: v128, activation: i32): v128 {
  if (activation == RELU) return f32x4.max(x, f32x4.splat(0));
  if (activation == TANH) return hyperbolicTangent(x);
  if (activation == SIGMOID) return sigmoid(x);
  if (activation == ELU) return select(f32x4.gt(x, f32x4.splat(0)), x, exponentialMinusOne(x));
  if (activation == GELU) return f32x4.mul(x, normalProbability(x));
  if (activation == SWISH) return f32x4.mul(x, sigmoid(x));
  return x;
}

/** The slope at four values: x before the activation (gelu, swish), y after it (all others). */
@inline
export function slope(x: v128, y: v128, activation: i32): v128 {
  const one = f32x4.splat(1);
  if (activation == RELU) return v128.and(f32x4.gt(y, f32x4.splat(0)), one);
  if (activation == TANH) return f32x4.sub(one, f32x4.mul(y, y));
  if (activation == SIGMOID) return f32x4.mul(y, f32x4.sub(one, y));
  if (activation == ELU) return select(f32x4.gt(y, f32x4.splat(0)), one, f32x4.add(y, one));
  if (activation == GELU) {
    const density = f32x4.mul(exponential(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))), f32x4.splat(0.39894228));
    return madd(x, density, normalProbability(x));
  }
  if (activation == SWISH) {
    // s·(1 + x·(1 − s)) with 1 − s as e·s, which keeps its digits; below −80 the slope is 0 all the same.
    const e = exponential(f32x4.neg(f32x4.pmax(x, f32x4.splat(-80))));
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
  if (activation == RELU) slopeAll(output, output, outputGradient, to, count, RELU);
  else if (activation == TANH) slopeAll(output, output, outputGradient, to, count, TANH);
  else if (activation == SIGMOID) slopeAll(output, output, outputGradient, to, count, SIGMOID);
  else if (activation == ELU) slopeAll(output, output, outputGradient, to, count, ELU);
  else if (activation == GELU) slopeAll(input, input, outputGradient, to, count, GELU);
  else if (activation == SWISH) slopeAll(input, input, outputGradient, to, count, SWISH);
  else if (outputGradient != to) memory.copy(to, outputGradient, count << 2);
}

// --- internal ---

/** Φ(x) = (1 + erf(x ÷ √2)) ÷ 2 */
@inline
function normalProbability(x: v128): v128 {
  const half = f32x4.splat(0.5);
  return madd(errorFunction(f32x4.mul(x, f32x4.splat(0.70710678))), half, half);
}

@inline
function activateAll(from: usize, to: usize, count: usize, activation: i32): void {
  const few = count & 3;
  const end = from + ((count - few) << 2);
  for (; from < end; from += 16, to += 16) v128.store(to, activated(v128.load(from), activation));
  if (few) storeFew(to, activated(loadFew(from, few), activation), few);
}

@inline
function slopeAll(input: usize, output: usize, gradient: usize, to: usize, count: usize, activation: i32): void {
  const few = count & 3;
  const end = gradient + ((count - few) << 2);
  for (; gradient < end; gradient += 16, input += 16, output += 16, to += 16) {
    const slopes = slope(v128.load(input), v128.load(output), activation);
    v128.store(to, f32x4.mul(v128.load(gradient), slopes));
  }
  if (few) {
    const slopes = slope(loadFew(input, few), loadFew(output, few), activation);
    storeFew(to, f32x4.mul(loadFew(gradient, few), slopes), few);
  }
}
