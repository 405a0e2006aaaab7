/** Seeded numbers and numerical derivatives for tests. */
import { createRandom, normal } from '@algo/numerics';

/** Normal values, the same for a seed. */
export function normals(count: number, seed: number, scale = 1): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count }, () => scale * normal(random));
}

/** Integers below `limit`. */
export function integers(count: number, limit: number, seed: number): Int32Array {
  const random = createRandom(seed);
  return Int32Array.from({ length: count }, () => random.below(limit));
}

/**
 * Derivatives by central differences. A step of 2⁻⁶ keeps both errors near 1e-4 for values around 1: rounding of
 * float32 divided by the step, and the cubic term.
 */
export function numericalGradient(
  functionOf: (point: Float32Array) => number,
  point: Float32Array,
  step = 2 ** -6,
): Float32Array {
  return point.map((value, index) => {
    const above = functionOf(point.with(index, value + step));
    const below = functionOf(point.with(index, value - step));
    return (above - below) / (2 * step);
  });
}

/** Largest absolute difference, Infinity for NaN or different lengths. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}
