/**
 * A Gaussian process after its observations: mean and standard deviation of the function at any point, and their
 * gradients. Several vectors of values over the same points share one factorization.
 * @see Rasmussen & Williams 2006, algorithm 2.1
 */
import type { Point } from '../search-space.js';
import { type Factor, factorize, solve, solveLower, solveUpper } from './cholesky.js';
import { covariances, type Dimensions, type Kernel, matern52, matern52Slope, squaredDistance } from './kernel.js';

export interface Posterior {
  readonly dimensions: Dimensions;
  readonly kernel: Kernel;
  readonly points: readonly Point[];
  readonly factor: Factor;
  /** K⁻¹y for each vector of values. */
  readonly weights: readonly Float64Array[];
}

export interface Prediction {
  /** One per vector of values. */
  readonly means: Float64Array;
  /** Standard deviation of the function itself, without noise; > 0. */
  readonly deviation: number;
}

export interface PredictionGradient extends Prediction {
  /** [vectors of values][dimensions]; 0 in categorical dimensions. */
  readonly meanGradients: readonly Float64Array[];
  readonly deviationGradient: Float64Array;
}

/** Rounding leaves variances of this order where there are observations, of σ². */
const MIN_RELATIVE_VARIANCE = 1e-12;
/** What is added to the diagonal, of σ², when the matrix is not positive definite: ten times more at each try. */
const FIRST_JITTER = 1e-8;

/** @param values any number of vectors, each [points] */
export function posterior(
  dimensions: Dimensions,
  kernel: Kernel,
  points: readonly Point[],
  values: readonly Float64Array[],
): Posterior {
  const factor = factorizeCovariance(dimensions, kernel, points);
  return { dimensions, kernel, points, factor, weights: values.map((vector) => solve(factor, vector)) };
}

export function predict(model: Posterior, point: Point): Prediction {
  const covariance = covariances(model.dimensions, model.kernel, model.points, point);
  const explained = solveLower(model.factor, covariance);
  return { means: meansOf(model, covariance), deviation: deviationOf(model.kernel, explained) };
}

export function predictGradient(model: Posterior, point: Point): PredictionGradient {
  const { dimensions, kernel, points } = model;
  const covariance = new Float64Array(points.length);
  const slopes = new Float64Array(points.length);
  for (const [i, other] of points.entries()) {
    const squared = squaredDistance(dimensions, kernel, point, other);
    covariance[i] = matern52(squared, kernel.variance);
    slopes[i] = matern52Slope(squared, kernel.variance);
  }
  const explained = solveLower(model.factor, covariance);
  const deviation = deviationOf(kernel, explained);
  const sensitivity = solveUpper(model.factor, explained);
  const meanGradients = model.weights.map(() => new Float64Array(dimensions.length));
  const deviationGradient = new Float64Array(dimensions.length);
  for (const [j, { isCategorical }] of dimensions.entries()) {
    if (isCategorical) continue;
    const weight = kernel.lengthScales[j]! ** -2;
    for (const [i, other] of points.entries()) {
      const slope = -slopes[i]! * weight * (point[j]! - other[j]!);
      for (const [v, gradient] of meanGradients.entries()) gradient[j] = gradient[j]! + slope * model.weights[v]![i]!;
      deviationGradient[j] = deviationGradient[j]! - (slope * sensitivity[i]!) / deviation;
    }
  }
  return { means: meansOf(model, covariance), deviation, meanGradients, deviationGradient };
}

/**
 * Joint distribution of the function at several points: mean [points] of the first vector of values, and covariance
 * [points × points], lower triangle.
 */
export function predictJointly(
  model: Posterior,
  points: readonly Point[],
): { readonly means: Float64Array; readonly covariance: Float64Array } {
  const size = points.length;
  const rows = points.map((point) => covariances(model.dimensions, model.kernel, model.points, point));
  const explained = rows.map((row) => solveLower(model.factor, row));
  const covariance = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const prior = covariances(model.dimensions, model.kernel, points.slice(0, row + 1), points[row]!);
    for (let column = 0; column <= row; column++) {
      covariance[row * size + column] = prior[column]! - dot(explained[row]!, explained[column]!);
    }
  }
  return { means: Float64Array.from(rows, (row) => meansOf(model, row)[0]!), covariance };
}

/** The factor of a covariance matrix; jitter on its diagonal makes one of equal points positive definite. */
export function factorizeWithJitter(matrix: Float64Array, size: number, scale: number): Factor {
  const tried = Float64Array.from(matrix);
  for (let jitter = FIRST_JITTER * scale; Number.isFinite(jitter); jitter *= 10) {
    const factor = factorize(tried, size);
    if (factor !== undefined) return factor;
    for (let row = 0; row < size; row++) tried[row * (size + 1)] = matrix[row * (size + 1)]! + jitter;
  }
  throw new RangeError('A covariance matrix must be of finite numbers; received others.');
}

// --- internal ---

function factorizeCovariance(dimensions: Dimensions, kernel: Kernel, points: readonly Point[]): Factor {
  const size = points.length;
  const matrix = new Float64Array(size * size);
  for (const [row, point] of points.entries()) {
    matrix.set(covariances(dimensions, kernel, points.slice(0, row + 1), point), row * size);
    matrix[row * (size + 1)] = kernel.variance + kernel.noise;
  }
  return factorizeWithJitter(matrix, size, kernel.variance);
}

function meansOf({ weights }: Posterior, covariance: Float64Array): Float64Array {
  return Float64Array.from(weights, (vector) => dot(vector, covariance));
}

function deviationOf({ variance }: Kernel, explained: Float64Array): number {
  return Math.sqrt(Math.max(variance - dot(explained, explained), MIN_RELATIVE_VARIANCE * variance));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
