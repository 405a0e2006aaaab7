/**
 * The three distributions of the noise z in ln(time) = f + σz: density, distribution function, and the density's first
 * two derivatives; and what a loss's derivatives tend to where the density vanishes in float64.
 */

import type { AftDistributionName } from '../parameters.js';
import { erf } from '../special-functions.js';

/** Bounds that XGBoost puts on every row's derivatives. */
export const LARGEST_GRADIENT = 15;
export const LEAST_HESSIAN = 1e-16;
export const LARGEST_HESSIAN = 15;

/** A distribution of z on the whole line. */
export interface Distribution {
  density(z: number): number;
  cumulative(z: number): number;
  densitySlope(z: number): number;
  densityCurvature(z: number): number;
  /** Gradient and hessian of an event's loss as z → +∞ and z → −∞, for noise scale `sigma`. */
  limits(sigma: number): Limits;
}

export interface Limits {
  readonly gradientAbove: number;
  readonly gradientBelow: number;
  readonly hessianAbove: number;
  readonly hessianBelow: number;
}

const INVERSE_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

const normal: Distribution = {
  density: normalDensity,
  cumulative: (z) => 0.5 * (1 + erf(z / Math.SQRT2)),
  densitySlope: (z) => -z * normalDensity(z),
  densityCurvature: (z) => (z * z - 1) * normalDensity(z),
  limits: (sigma) => ({
    gradientAbove: -LARGEST_GRADIENT,
    gradientBelow: LARGEST_GRADIENT,
    hessianAbove: 1 / (sigma * sigma),
    hessianBelow: 1 / (sigma * sigma),
  }),
};

const logistic: Distribution = {
  density: logisticDensity,
  cumulative(z) {
    const w = Math.exp(z);
    return w === Number.POSITIVE_INFINITY ? 1 : w / (1 + w);
  },
  densitySlope(z) {
    const w = Math.exp(z);
    return w === Number.POSITIVE_INFINITY ? 0 : (logisticDensity(z) * (1 - w)) / (1 + w);
  },
  densityCurvature(z) {
    const w = Math.exp(z);
    if (w * w === Number.POSITIVE_INFINITY) return 0;
    return (logisticDensity(z) * (w * w - 4 * w + 1)) / ((1 + w) * (1 + w));
  },
  limits: (sigma) => ({
    gradientAbove: -1 / sigma,
    gradientBelow: 1 / sigma,
    hessianAbove: LEAST_HESSIAN,
    hessianBelow: LEAST_HESSIAN,
  }),
};

/** Minimum extreme value (Gumbel): times are Weibull. */
const extreme: Distribution = {
  density: extremeDensity,
  cumulative: (z) => 1 - Math.exp(-Math.exp(z)),
  densitySlope(z) {
    const w = Math.exp(z);
    return w === Number.POSITIVE_INFINITY ? 0 : (1 - w) * extremeDensity(z);
  },
  densityCurvature(z) {
    const w = Math.exp(z);
    return w * w === Number.POSITIVE_INFINITY ? 0 : (w * w - 3 * w + 1) * extremeDensity(z);
  },
  limits: (sigma) => ({
    gradientAbove: -LARGEST_GRADIENT,
    gradientBelow: 1 / sigma,
    hessianAbove: LARGEST_HESSIAN,
    hessianBelow: LEAST_HESSIAN,
  }),
};

export const DISTRIBUTIONS: Readonly<Record<AftDistributionName, Distribution>> = { normal, logistic, extreme };

// --- internal ---

function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) * INVERSE_SQRT_TWO_PI;
}

function logisticDensity(z: number): number {
  const w = Math.exp(z);
  return w * w === Number.POSITIVE_INFINITY ? 0 : w / ((1 + w) * (1 + w));
}

function extremeDensity(z: number): number {
  const w = Math.exp(z);
  return w === Number.POSITIVE_INFINITY ? 0 : w * Math.exp(-w);
}
