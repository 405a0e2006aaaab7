/**
 * The covariance of a Gaussian process: Matérn 5/2 with a length scale per dimension (ARD),
 * k(a, b) = σ²·(1 + √5·r + 5r²/3)·exp(−√5·r) with r² = Σ (aⱼ − bⱼ)² / ℓⱼ². A categorical dimension counts as one-hot
 * vectors with a common length scale, scaled so that two different categories are at distance 1.
 * @see Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, equation 4.17 and section 5.1
 */
import type { Point } from '../search-space.js';

export interface Kernel {
  /** ℓ, one per dimension, > 0. */
  readonly lengthScales: Float64Array;
  /** σ², > 0. */
  readonly variance: number;
  /** Variance of the noise in observed values, > 0. */
  readonly noise: number;
}

export interface Dimension {
  readonly isCategorical: boolean;
  /** The length scale around which the fit expects this dimension's; 1 by default. */
  readonly typicalLength?: number;
}

export type Dimensions = readonly Dimension[];

const SQRT_5 = Math.sqrt(5);

/** k as a function of r². */
export function matern52(squaredDistance: number, variance: number): number {
  const distance = SQRT_5 * Math.sqrt(squaredDistance);
  return variance * (1 + distance + (5 / 3) * squaredDistance) * Math.exp(-distance);
}

/** −2·dk/d(r²), the factor that all its derivatives share. */
export function matern52Slope(squaredDistance: number, variance: number): number {
  const distance = SQRT_5 * Math.sqrt(squaredDistance);
  return (5 / 3) * variance * (1 + distance) * Math.exp(-distance);
}

/** (aⱼ − bⱼ)², or for a category 0 where both are the same and 1 where they differ. */
export function squaredDifference(isCategorical: boolean, a: number, b: number): number {
  if (isCategorical) return a === b ? 0 : 1;
  return (a - b) * (a - b);
}

/** r² between two points. */
export function squaredDistance(dimensions: Dimensions, kernel: Kernel, a: Point, b: Point): number {
  let sum = 0;
  for (let j = 0; j < dimensions.length; j++) {
    const scale = kernel.lengthScales[j]!;
    sum += squaredDifference(dimensions[j]!.isCategorical, a[j]!, b[j]!) / (scale * scale);
  }
  return sum;
}

/** k(point, each of the points), [points]. */
export function covariances(
  dimensions: Dimensions,
  kernel: Kernel,
  points: readonly Point[],
  point: Point,
): Float64Array {
  return Float64Array.from(points, (other) =>
    matern52(squaredDistance(dimensions, kernel, point, other), kernel.variance),
  );
}
