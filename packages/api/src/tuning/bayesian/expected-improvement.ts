/**
 * The logarithm of expected improvement over a value, for minimization. With z = (best − μ)/σ,
 * EI = σ·h(z), h(z) = φ(z) + z·Φ(z). The logarithm keeps a slope where EI itself underflows to 0.
 * @see Jones, Schonlau & Welch 1998, equation 15; Ament et al. 2023, Unexpected Improvements to Expected Improvement
 */

/** log EI and its derivatives by mean and standard deviation. */
export interface Improvement {
  readonly value: number;
  readonly byMean: number;
  readonly byDeviation: number;
}

/** @param deviation > 0 */
export function logExpectedImprovement(best: number, mean: number, deviation: number): Improvement {
  const z = (best - mean) / deviation;
  const { logarithm, cumulativeShare, densityShare } = logImprovementFactor(z);
  return {
    value: Math.log(deviation) + logarithm,
    byMean: -cumulativeShare / deviation,
    byDeviation: densityShare / deviation,
  };
}

/** Φ(−x)/φ(x), x ≥ 0: the ratio of the normal distribution's tail to its density (Mills). */
export function millsRatio(x: number): number {
  if (x < SERIES_LIMIT) return Math.SQRT1_2 * SQRT_PI * (Math.exp((x * x) / 2) - scaledErrorFunction(x));
  // 1/(x + 1/(x + 2/(x + 3/(x + …)))): Abramowitz & Stegun 26.2.14.
  let fraction = x;
  for (let term = FRACTION_TERMS; term > 0; term--) fraction = x + term / fraction;
  return 1 / fraction;
}

// --- internal ---

const SQRT_PI = Math.sqrt(Math.PI);
const LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);
/** Below, the series converges quickly and little cancels; above, the continued fraction has 13 digits with these terms. */
const SERIES_LIMIT = 2.5;
const FRACTION_TERMS = 80;
/** Where 1 − x·M(x) has lost half of its digits; from there on it is 1/x² to as many. */
const ASYMPTOTIC_LIMIT = 1e4;

/** exp(x²/2)·erf(x/√2): Abramowitz & Stegun 7.1.6. */
function scaledErrorFunction(x: number): number {
  let term = x * Math.SQRT2;
  let sum = term;
  for (let n = 1; term > Number.EPSILON * sum; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return sum / SQRT_PI;
}

/** log h(z), and Φ(z) and φ(z) as shares of h(z). */
function logImprovementFactor(z: number): {
  readonly logarithm: number;
  readonly cumulativeShare: number;
  readonly densityShare: number;
} {
  const logDensity = -0.5 * z * z - LOG_SQRT_2_PI;
  if (z >= 0) {
    const density = Math.exp(logDensity);
    const cumulative = 1 - density * millsRatio(z);
    const factor = density + z * cumulative;
    return { logarithm: Math.log(factor), cumulativeShare: cumulative / factor, densityShare: density / factor };
  }
  // h = φ·(1 + z·M(−z)) and Φ = φ·M(−z).
  const ratio = millsRatio(-z);
  const share = -z < ASYMPTOTIC_LIMIT ? 1 + z * ratio : 1 / (z * z);
  return { logarithm: logDensity + Math.log(share), cumulativeShare: ratio / share, densityShare: 1 / share };
}
