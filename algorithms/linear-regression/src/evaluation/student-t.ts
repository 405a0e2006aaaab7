/**
 * Student's t distribution: two-sided tail and quantile. The tail is the incomplete beta function I_x(ν/2, 1/2) with
 * x = ν / (ν + t²): near the middle by its power series, in the tails by the continued fraction of DiDonato & Morris (1992, TOMS 708),
 * which keeps its digits however many degrees of freedom there are. Relative error about 1e-13 down to the smallest tails.
 */

/** P(|T| >= |t|) with `freedom` > 0 degrees of freedom. */
export function twoSidedTail(t: number, freedom: number): number {
  if (Number.isNaN(t)) return Number.NaN;
  const square = t * t;
  if (square === 0) return 1;
  if (square === Number.POSITIVE_INFINITY) return 0;
  const a = freedom / 2;
  const x = freedom / (freedom + square);
  const y = square / (freedom + square);
  // x^a · y^(1/2) / B(a, 1/2); log1p keeps its digits when freedom is large and x close to 1.
  const front = Math.exp(-a * Math.log1p(square / freedom)) * Math.sqrt(y) * inverseBeta(a);
  // Below t = 1 the tail is over 0.3, and 1 - series loses nothing.
  return square <= 1 ? 1 - 2 * front * series(y, a) : front * continuedFraction(x, y, a);
}

/** The t > 0 with P(|T| <= t) = level, level in (0, 1). */
export function quantile(level: number, freedom: number): number {
  const tail = 1 - level;
  let low = 0;
  let high = 1;
  while (twoSidedTail(high, freedom) > tail) {
    low = high;
    high *= 2;
  }
  // Bisection to the last bit: about 60 steps, once per request.
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (twoSidedTail(middle, freedom) > tail) low = middle;
    else high = middle;
  }
}

// --- internal ---

/** From here on the series of the gamma ratio is good to the last bit. */
const RATIO_START = 40;
/** Γ(a + 1/2) / Γ(a) = √a · Σ c_k a^-k (Tricomi & Erdélyi 1951). */
const RATIO = [1, -1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144, 869 / 4194304, 39325 / 33554432];
const EPSILON = 2 ** -53;
/** It takes a few dozen. */
const MAX_TERMS = 10_000;

/** 1 / B(a, 1/2) = Γ(a + 1/2) / (Γ(a) √π). */
function inverseBeta(a: number): number {
  let factor = 1;
  let top = a;
  while (top < RATIO_START) {
    factor *= top / (top + 0.5);
    top++;
  }
  const ratio = RATIO.reduceRight((sum, coefficient) => sum / top + coefficient, 0);
  return factor * Math.sqrt(top / Math.PI) * ratio;
}

/** Σ (a + 1/2)_n / (3/2)_n · y^n, all terms positive (DLMF 8.17.8). */
function series(y: number, a: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 0; term > EPSILON * sum; n++) {
    term *= ((a + 0.5 + n) / (1.5 + n)) * y;
    sum += term;
  }
  return sum;
}

/** I_x(a, 1/2) without its front factor; y = 1 - x is an argument because the subtraction would lose digits. */
function continuedFraction(x: number, y: number, a: number): number {
  const b = 0.5;
  const c = 1 + (a + b) * y - b;
  const c1 = 1 + 1 / a;
  let [p, s, an, bn, aNext, bNext] = [1, a + 1, 0, 1, 1, c / c1];
  let result = c1 / c;
  for (let n = 1; n < MAX_TERMS; n++) {
    const t = n / a;
    const w = n * (b - n) * x;
    const e = a / s;
    const alpha = p * (p + b / a) * e * e * (w * x);
    const beta = n + w / s + ((t + 1) / (c1 + t + t)) * (c + n * (y + 1));
    p = t + 1;
    s += 2;
    [an, aNext] = [aNext, alpha * an + beta * aNext];
    [bn, bNext] = [bNext, alpha * bn + beta * bNext];
    const next = aNext / bNext;
    if (Math.abs(next - result) <= EPSILON * next) return next;
    result = next;
    an /= bNext;
    bn /= bNext;
    aNext = next;
    bNext = 1;
  }
  return result;
}
