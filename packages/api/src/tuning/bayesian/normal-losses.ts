/**
 * Losses as a Gaussian process likes them: near a normal distribution. Losses of training jobs often have a long tail of
 * bad values, in which all good ones would look equal. The transform of Yeo & Johnson shortens it, by a parameter that
 * follows from the losses; it never shortens the tail of good ones.
 * @see Yeo & Johnson 2000, A new family of power transformations to improve normality or symmetry
 */

/** Losses in their order, with mean 0 and variance 1; 0 where all are equal. */
export function normalizeLosses(losses: readonly number[]): number[] {
  const scaled = scaleByDeviation(losses);
  if (losses.length < MIN_LOSSES) return standardize(scaled);
  const fits = LAMBDAS.map((lambda) => {
    const transformed = scaled.map((loss) => yeoJohnson(loss, lambda));
    return { transformed, likelihood: logLikelihood(scaled, transformed, lambda) };
  });
  const best = fits.reduce((left, right) => (right.likelihood > left.likelihood ? right : left));
  return standardize(best.transformed);
}

/** Equation 2.1 of the paper, 0 ≤ λ ≤ 1; with λ = 1 it is y itself, with λ = 0 the logarithm of 1 + y for y ≥ 0. */
export function yeoJohnson(y: number, lambda: number): number {
  if (y < 0) return -((1 - y) ** (2 - lambda) - 1) / (2 - lambda);
  return lambda === 0 ? Math.log1p(y) : ((1 + y) ** lambda - 1) / lambda;
}

// --- internal ---

/** Fewer say nothing about a distribution. */
const MIN_LOSSES = 5;
const LAMBDAS = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0];
/** Deviations from the median beyond which a loss says no more than "diverged". */
const LIMIT = 1e3;
/** Of a normal distribution, the median deviation as a share of the standard deviation. */
const MEDIAN_DEVIATION = 0.6745;

/** Distances from the median, in typical ones: few losses, however large, change nothing about the others. */
function scaleByDeviation(losses: readonly number[]): number[] {
  const center = median(losses);
  // Halves, as the difference of two finite numbers may not be one.
  const distances = losses.map((loss) => loss / 2 - center / 2);
  const typical = median(distances.map(Math.abs).filter((distance) => distance > 0)) || 1;
  return distances.map((distance) => Math.max(-LIMIT, Math.min(LIMIT, (distance / typical) * MEDIAN_DEVIATION)));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[sorted.length >> 1] ?? 0;
}

/** Section 3 of the paper, without what is the same for each λ. */
function logLikelihood(losses: readonly number[], transformed: readonly number[], lambda: number): number {
  const { variance } = momentsOf(transformed);
  const slopes = losses.reduce((sum, loss) => sum + Math.sign(loss) * Math.log1p(Math.abs(loss)), 0);
  return (lambda - 1) * slopes - (losses.length / 2) * Math.log(variance);
}

function standardize(values: readonly number[]): number[] {
  const { mean, variance } = momentsOf(values);
  // Rounding leaves this much of equal losses.
  const deviation = variance > Number.EPSILON ** 2 ? Math.sqrt(variance) : 1;
  return values.map((value) => (value - mean) / deviation);
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}
