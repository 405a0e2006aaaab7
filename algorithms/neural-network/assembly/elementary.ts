/**
 * Elementary functions of four float32 at once, within about 2 units in the last place, NaN in, NaN out.
 * No tables, so that nothing of this module stands in memory. The fused multiply-add of relaxed SIMD is rounded once
 * where the processor has it, twice where not: last bits may differ between processors, never between threads.
 */

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

/** 1.5 · 2^23: adding it rounds to an integer, which then stands in the low bits. */
const ROUNDER: f32 = 12582912;
const ROUNDER_BITS: i32 = 0x4b400000;
const LOG2_E: f32 = 1.44269504;
/** ln 2 in two parts; the first has 9 bits, so that a small integer times it is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;

/**
 * e^x over the whole range: 0 below −104, ∞ above 88.8. x = n·ln 2 + r with |r| ≤ ln 2 ÷ 2, a polynomial in r
 * (Cephes expf), and 2^n in two steps, so that results below the normal range are right too.
 */
@inline
export function exponential(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-104)), f32x4.splat(89));
  const shifted = madd(x, f32x4.splat(LOG2_E), f32x4.splat(ROUNDER));
  const r = reduced(x, shifted);
  const p = f32x4.add(exponentialLessOne(r), f32x4.splat(1));
  const n = i32x4.sub(shifted, i32x4.splat(ROUNDER_BITS));
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)));
}

/** e^x − 1 for x ≤ 0, without the loss of digits near 0. */
@inline
export function exponentialMinusOne(x: v128): v128 {
  x = f32x4.pmax(x, f32x4.splat(-24));
  const shifted = madd(x, f32x4.splat(LOG2_E), f32x4.splat(ROUNDER));
  const power = powerOfTwo(i32x4.sub(shifted, i32x4.splat(ROUNDER_BITS)));
  return madd(exponentialLessOne(reduced(x, shifted)), power, f32x4.sub(power, f32x4.splat(1)));
}

/** ln x for normal x > 0. x = 2^n·(1 + f) with 1 + f from √½ to √2, a polynomial in f (Cephes logf). */
@inline
export function logarithm(x: v128): v128 {
  const offset = i32x4.sub(x, i32x4.splat(0x3f3504f3)); // √½
  const n = i32x4.shr_s(offset, 23);
  const f = f32x4.sub(i32x4.sub(x, i32x4.shl(n, 23)), f32x4.splat(1));
  const e = f32x4.convert_i32x4_s(n);
  return logarithmOfParts(f, e);
}

/** ln (1 + u) for u from 0 to 1. */
@inline
export function logarithmOnePlus(u: v128): v128 {
  const isHalved = f32x4.gt(u, f32x4.splat(0.41421356));
  const f = select(isHalved, f32x4.mul(f32x4.sub(u, f32x4.splat(1)), f32x4.splat(0.5)), u);
  return logarithmOfParts(f, v128.and(isHalved, f32x4.splat(1)));
}

/** 1 ÷ (1 + e^−x) */
@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}

/** (1 − e^−2|x|) ÷ (1 + e^−2|x|) with the sign of x */
@inline
export function hyperbolicTangent(x: v128): v128 {
  const t = exponentialMinusOne(f32x4.mul(f32x4.abs(x), f32x4.splat(-2)));
  const magnitude = f32x4.div(f32x4.neg(t), f32x4.add(t, f32x4.splat(2)));
  return select(i32x4.splat(0x80000000), x, magnitude);
}

/** The error function, by Juffa's two minimax polynomials: near 0 in x, beyond in the exponent of 1 − e^−g(|x|). */
@inline
export function errorFunction(x: v128): v128 {
  const t = f32x4.abs(x);
  const s = f32x4.mul(x, x);

  let far = madd(f32x4.splat(-1.72853470e-5), t, f32x4.splat(3.83197126e-4));
  const u = madd(f32x4.splat(-3.88396438e-3), t, f32x4.splat(2.42546219e-2));
  far = madd(far, s, u);
  far = madd(far, t, f32x4.splat(-1.06777877e-1));
  far = madd(far, t, f32x4.splat(-6.34846687e-1));
  far = madd(far, t, f32x4.splat(-1.28717512e-1));
  // From 3.92 on erf rounds to 1; the polynomial turns around far beyond.
  far = madd(far, t, f32x4.neg(t));
  far = f32x4.neg(exponentialMinusOne(select(f32x4.gt(t, f32x4.splat(4)), f32x4.splat(-24), far)));

  let near = f32x4.splat(-5.96761703e-4);
  near = madd(near, s, f32x4.splat(4.99119423e-3));
  near = madd(near, s, f32x4.splat(-2.67681349e-2));
  near = madd(near, s, f32x4.splat(1.12819925e-1));
  near = madd(near, s, f32x4.splat(-3.76125336e-1));
  near = madd(near, s, f32x4.splat(1.28379166e-1));
  near = madd(near, x, x);

  return select(f32x4.gt(t, f32x4.splat(0.927734375)), select(i32x4.splat(0x80000000), x, far), near);
}

// --- internal ---

/** x − n·ln 2, n being what `shifted` was rounded to. */
@inline
function reduced(x: v128, shifted: v128): v128 {
  const n = f32x4.sub(shifted, f32x4.splat(ROUNDER));
  return madd(n, f32x4.splat(-LN2_LOW), madd(n, f32x4.splat(-LN2_HIGH), x));
}

/** e^r − 1 for |r| ≤ ln 2 ÷ 2. */
@inline
function exponentialLessOne(r: v128): v128 {
  let p = f32x4.splat(1.9875691500e-4);
  p = madd(p, r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  return madd(p, f32x4.mul(r, r), r);
}

/** 2^n for n from −126 to 127. */
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** ln (1 + f) + e·ln 2. */
@inline
function logarithmOfParts(f: v128, e: v128): v128 {
  const z = f32x4.mul(f, f);
  let p = f32x4.splat(7.0376836292e-2);
  p = madd(p, f, f32x4.splat(-1.1514610310e-1));
  p = madd(p, f, f32x4.splat(1.1676998740e-1));
  p = madd(p, f, f32x4.splat(-1.2420140846e-1));
  p = madd(p, f, f32x4.splat(1.4249322787e-1));
  p = madd(p, f, f32x4.splat(-1.6668057665e-1));
  p = madd(p, f, f32x4.splat(2.0000714765e-1));
  p = madd(p, f, f32x4.splat(-2.4999993993e-1));
  p = madd(p, f, f32x4.splat(3.3333331174e-1));
  p = f32x4.mul(p, f32x4.mul(f, z));
  p = madd(e, f32x4.splat(LN2_LOW), p);
  p = madd(z, f32x4.splat(-0.5), p);
  return madd(e, f32x4.splat(LN2_HIGH), f32x4.add(f, p));
}
