/**
 * Elementary functions of four float32 together, within about 2 units in the last place, NaN in, NaN out. Each gets the
 * table of constants (constants.ts). The fused multiply-add of relaxed SIMD is rounded once where the processor has it,
 * twice where not: last bits may differ between processors, never between threads.
 */
import { all } from './constants';
import * as Constants from './constants';

/** a·b + c. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

/** The lanes of `chosen` where `mask` has ones, else those of `other`. */
@inline
export function select(mask: v128, chosen: v128, other: v128): v128 {
  return v128.bitselect(chosen, other, mask);
}

/**
 * e^x over the whole range: 0 below −104, ∞ above 88.8. x = n·ln 2 + r with |r| ≤ ln 2 ÷ 2, a polynomial in r, and 2^n
 * in two steps, so that results below the normal range are right too.
 */
@inline
export function exponential(x: v128, t: usize): v128 {
  x = f32x4.pmin(f32x4.pmax(x, all(t, Constants.EXP_LEAST)), all(t, Constants.EXP_MOST));
  const shifted = madd(x, all(t, Constants.LOG2_E), all(t, Constants.ROUNDER));
  const p = f32x4.add(exponentialLessOne(reduced(x, shifted, t), t), all(t, Constants.ONE));
  const n = i32x4.sub(shifted, all(t, Constants.ROUNDER));
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half, t)), powerOfTwo(i32x4.sub(n, half), t));
}

/** e^x − 1 for x ≤ 0, without the loss of digits near 0. */
@inline
export function exponentialMinusOne(x: v128, t: usize): v128 {
  x = f32x4.pmax(x, all(t, Constants.EXP_FLAT));
  const shifted = madd(x, all(t, Constants.LOG2_E), all(t, Constants.ROUNDER));
  const power = powerOfTwo(shifted, t); // of the low bits; the others leave on the left
  return madd(exponentialLessOne(reduced(x, shifted, t), t), power, f32x4.sub(power, all(t, Constants.ONE)));
}

/** ln x for normal x > 0. x = 2^n·(1 + f) with 1 + f from √½ to √2, a polynomial in f. */
@inline
export function logarithm(x: v128, t: usize): v128 {
  const n = i32x4.shr_s(i32x4.sub(x, all(t, Constants.ROOT_BITS)), 23);
  const f = f32x4.sub(i32x4.sub(x, i32x4.shl(n, 23)), all(t, Constants.ONE));
  return logarithmOfParts(f, f32x4.convert_i32x4_s(n), t);
}

/** ln (1 + u) for u from 0 to 1. */
@inline
export function logarithmOnePlus(u: v128, t: usize): v128 {
  const one = all(t, Constants.ONE);
  const isHalved = f32x4.gt(u, all(t, Constants.ROOT));
  const f = select(isHalved, f32x4.mul(f32x4.sub(u, one), all(t, Constants.HALF)), u);
  return logarithmOfParts(f, v128.and(isHalved, one), t);
}

/** 1 ÷ (1 + e^−x) */
@inline
export function sigmoid(x: v128, t: usize): v128 {
  const one = all(t, Constants.ONE);
  return f32x4.div(one, f32x4.add(one, exponential(v128.xor(x, all(t, Constants.SIGN)), t)));
}

/** (1 − e^−2|x|) ÷ (1 + e^−2|x|) with the sign of x */
@inline
export function hyperbolicTangent(x: v128, t: usize): v128 {
  const sign = all(t, Constants.SIGN);
  const e = exponentialMinusOne(f32x4.mul(v128.andnot(x, sign), all(t, Constants.MINUS_TWO)), t);
  const magnitude = f32x4.div(e, f32x4.add(e, all(t, Constants.TWO)));
  return select(sign, x, magnitude);
}

/** The error function, by two minimax polynomials: near 0 in x, beyond in the exponent of 1 − e^−g(|x|). */
@inline
export function errorFunction(x: v128, t: usize): v128 {
  const sign = all(t, Constants.SIGN);
  const u = v128.andnot(x, sign);
  const s = f32x4.mul(x, x);

  let far = madd(all(t, Constants.FAR6), u, all(t, Constants.FAR5));
  far = madd(far, s, madd(all(t, Constants.FAR4), u, all(t, Constants.FAR3)));
  far = madd(far, u, all(t, Constants.FAR2));
  far = madd(far, u, all(t, Constants.FAR1));
  far = madd(far, u, all(t, Constants.FAR0));
  far = f32x4.sub(f32x4.mul(far, u), u);
  // From 3.92 on erf rounds to 1; the polynomial turns around far beyond.
  far = exponentialMinusOne(select(f32x4.gt(u, all(t, Constants.ERF_MOST)), all(t, Constants.EXP_FLAT), far), t);

  let near = madd(all(t, Constants.NEAR5), s, all(t, Constants.NEAR4));
  near = madd(near, s, all(t, Constants.NEAR3));
  near = madd(near, s, all(t, Constants.NEAR2));
  near = madd(near, s, all(t, Constants.NEAR1));
  near = madd(near, s, all(t, Constants.NEAR0));
  near = madd(near, x, x);

  return select(f32x4.gt(u, all(t, Constants.ERF_NEAR)), select(sign, x, far), near);
}

// --- internal ---

/** x − n·ln 2, n being what `shifted` was rounded to. */
@inline
function reduced(x: v128, shifted: v128, t: usize): v128 {
  const n = f32x4.sub(shifted, all(t, Constants.ROUNDER));
  return madd(n, all(t, Constants.LN2_LOW), madd(n, all(t, Constants.LN2_HIGH), x));
}

/** e^r − 1 for |r| ≤ ln 2 ÷ 2. */
@inline
function exponentialLessOne(r: v128, t: usize): v128 {
  let p = madd(all(t, Constants.EXP5), r, all(t, Constants.EXP4));
  p = madd(p, r, all(t, Constants.EXP3));
  p = madd(p, r, all(t, Constants.EXP2));
  p = madd(p, r, all(t, Constants.EXP1));
  p = madd(p, r, all(t, Constants.EXP0));
  return madd(p, f32x4.mul(r, r), r);
}

/** 2^n for n from −126 to 127, in the low 9 bits. */
@inline
function powerOfTwo(n: v128, t: usize): v128 {
  return i32x4.shl(i32x4.add(n, all(t, Constants.BIAS)), 23);
}

/** ln (1 + f) + e·ln 2. */
@inline
function logarithmOfParts(f: v128, e: v128, t: usize): v128 {
  const z = f32x4.mul(f, f);
  let p = madd(all(t, Constants.LOG8), f, all(t, Constants.LOG7));
  p = madd(p, f, all(t, Constants.LOG6));
  p = madd(p, f, all(t, Constants.LOG5));
  p = madd(p, f, all(t, Constants.LOG4));
  p = madd(p, f, all(t, Constants.LOG3));
  p = madd(p, f, all(t, Constants.LOG2));
  p = madd(p, f, all(t, Constants.LOG1));
  p = madd(p, f, all(t, Constants.LOG0));
  p = f32x4.mul(p, f32x4.mul(f, z));
  p = f32x4.sub(p, f32x4.mul(e, all(t, Constants.LN2_LOW)));
  p = madd(z, all(t, Constants.MINUS_HALF), p);
  return f32x4.sub(f32x4.add(f, p), f32x4.mul(e, all(t, Constants.LN2_HIGH)));
}
