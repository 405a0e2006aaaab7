/**
 * How well a kernel explains observed values: the log marginal likelihood of a Gaussian process with mean 0, and its
 * gradient with respect to the logarithms of the kernel's parameters.
 * @see Rasmussen & Williams 2006, equations 5.8 and 5.9
 */
import type { Point } from '../search-space.js';
import { type Factor, factorize, invert, logDeterminant, solve } from './cholesky.js';
import { type Dimensions, type Kernel, matern52, matern52Slope, squaredDifference } from './kernel.js';

/** Points and the values observed there, standardized. */
export interface Observations {
  readonly points: readonly Point[];
  readonly values: Float64Array;
}

export interface Likelihood {
  readonly value: number;
  /** By log ℓ of each dimension, log σ² and log noise, in this order. */
  readonly gradient: Float64Array;
}

/** The likelihood as a function of the kernel; what depends only on the points is computed once. */
export function marginalLikelihood(
  dimensions: Dimensions,
  { points, values }: Observations,
): (kernel: Kernel) => Likelihood | undefined {
  const differences = pairDifferences(dimensions, points);
  return (kernel) => {
    const squared = squaredDistances(differences, kernel);
    const factor = factorize(covarianceMatrix(squared, kernel, points.length), points.length);
    if (factor === undefined) return undefined;
    const weights = solve(factor, values);
    const fit = values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
    return {
      value: -0.5 * (fit + logDeterminant(factor) + points.length * Math.log(2 * Math.PI)),
      gradient: likelihoodGradient(differences, squared, kernel, factor, weights),
    };
  };
}

/** A kernel from the logarithms of its parameters, in the gradient's order. */
export function fromLogarithms(logarithms: Float64Array): Kernel {
  const values = logarithms.map(Math.exp);
  return { lengthScales: values.slice(0, -2), variance: values.at(-2)!, noise: values.at(-1)! };
}

// --- internal ---

/** Squared differences of all pairs row > column, one array per dimension. Pairs: (1,0), (2,0), (2,1), (3,0), … */
function pairDifferences(dimensions: Dimensions, points: readonly Point[]): Float64Array[] {
  return dimensions.map(({ isCategorical }, j) => {
    const squared = new Float64Array((points.length * (points.length - 1)) / 2);
    let pair = 0;
    for (let row = 1; row < points.length; row++) {
      for (let column = 0; column < row; column++) {
        squared[pair++] = squaredDifference(isCategorical, points[row]![j]!, points[column]![j]!);
      }
    }
    return squared;
  });
}

function squaredDistances(differences: readonly Float64Array[], kernel: Kernel): Float64Array {
  const sums = new Float64Array(differences[0]!.length);
  for (const [j, squared] of differences.entries()) {
    const weight = kernel.lengthScales[j]! ** -2;
    for (let pair = 0; pair < sums.length; pair++) sums[pair] = sums[pair]! + weight * squared[pair]!;
  }
  return sums;
}

function covarianceMatrix(squared: Float64Array, kernel: Kernel, size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  let pair = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      matrix[row * size + column] = matern52(squared[pair++]!, kernel.variance);
    }
    matrix[row * size + row] = kernel.variance + kernel.noise;
  }
  return matrix;
}

/** ½·tr((ααᵀ − K⁻¹)·dK/dθ) for each θ, with α = K⁻¹y. */
function likelihoodGradient(
  differences: readonly Float64Array[],
  squared: Float64Array,
  kernel: Kernel,
  factor: Factor,
  weights: Float64Array,
): Float64Array {
  const { size } = factor;
  const inverse = invert(factor);
  // The sensitivity of a pair counts for both of its places in the matrix, hence no ½ off the diagonal.
  const sensitivities = new Float64Array(squared.length);
  let byVariance = 0;
  let byDiagonal = 0;
  let pair = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      const sensitivity = weights[row]! * weights[column]! - inverse[row * size + column]!;
      byVariance += sensitivity * matern52(squared[pair]!, kernel.variance);
      sensitivities[pair] = sensitivity * matern52Slope(squared[pair]!, kernel.variance);
      pair++;
    }
    byDiagonal += 0.5 * (weights[row]! ** 2 - inverse[row * size + row]!);
  }
  const byLengthScale = differences.map((difference, j) => {
    let sum = 0;
    for (let i = 0; i < difference.length; i++) sum += sensitivities[i]! * difference[i]!;
    return sum * kernel.lengthScales[j]! ** -2;
  });
  return Float64Array.from([...byLengthScale, byVariance + byDiagonal * kernel.variance, byDiagonal * kernel.noise]);
}
