/**
 * Gauss–Legendre quadrature on [0, 1]: n points integrate every polynomial of degree 2n − 1 or less exactly.
 * Source: Golub & Welsch 1969 for the rule; the roots are found by Newton's method from Chebyshev guesses.
 */

export interface Quadrature {
  /** [points] inside (0, 1). */
  readonly points: Float64Array;
  /** [points], of sum 1. */
  readonly weights: Float64Array;
}

/** Newton converges from these guesses in 5 steps or fewer; the rest is margin. */
const NEWTON_STEPS = 12;

/** @param pointCount ≥ 1 */
export function gaussLegendre(pointCount: number): Quadrature {
  const points = new Float64Array(pointCount);
  const weights = new Float64Array(pointCount);
  for (let index = 0; index < pointCount; index++) {
    let x = Math.cos((Math.PI * (index + 0.75)) / (pointCount + 0.5));
    let slope = 1;
    for (let step = 0; step < NEWTON_STEPS; step++) {
      const legendre = evaluate(pointCount, x);
      slope = legendre.slope;
      x -= legendre.value / slope;
    }
    points[index] = (1 - x) / 2;
    weights[index] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}

// --- internal ---

/** Legendre polynomial of a degree ≥ 1 and its derivative, by the three-term recurrence. */
function evaluate(degree: number, x: number): { value: number; slope: number } {
  let previous = 1;
  let value = x;
  for (let k = 2; k <= degree; k++) [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
  return { value, slope: (degree * (x * value - previous)) / (x * x - 1) };
}
