/**
 * Student's t distribution: two-sided tail and quantile. The tail is the incomplete beta function I_x(ν/2, 1/2) with
 * x = ν / (ν + t²), by its continued fraction (DLMF 8.17.22); relative error about 1e-13 down to the smallest tails.
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
  const front = Math.exp(-a * Math.log1p(square / freedom)) * Math.sqrt(y) * betaFront(a);
  return x < (a + 1) / (a + 2.5)
    ? (front * continuedFraction(x, a, 0.5)) / a
    : 1 - (front * continuedFraction(y, 0.5, a)) / 0.5;
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
  // Bisection to the last bit: about 60 steps, once a model or request.
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (twoSidedTail(middle, freedom) > tail) low = middle;
    else high = middle;
  }
}

// --- internal ---

/** From here on the series below is good to the last bit. */
const SERIES_START = 40;
/** Γ(a + 1/2) / Γ(a) = √a · Σ c_k a^-k (Tricomi & Erdélyi 1951). */
const SERIES = [1, -1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144, 869 / 4194304, 39325 / 33554432];

/** 1 / B(a, 1/2) = Γ(a + 1/2) / (Γ(a) √π). */
function betaFront(a: number): number {
  let factor = 1;
  let top = a;
  while (top < SERIES_START) {
    factor *= top / (top + 0.5);
    top++;
  }
  const series = SERIES.reduceRight((sum, coefficient) => sum / top + coefficient, 0);
  return factor * Math.sqrt(top / Math.PI) * series;
}

/** Lentz's evaluation of the continued fraction of I_x(a, b) without its front factor; converges fast for x below (a+1)/(a+b+2). */
function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let result = d;
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d, tiny);
    c = guard(1 + even / c, tiny);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d, tiny);
    c = guard(1 + odd / c, tiny);
    const step = d * c;
    result *= step;
    if (Math.abs(step - 1) < 2e-16) break;
  }
  return result;
}

function guard(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
