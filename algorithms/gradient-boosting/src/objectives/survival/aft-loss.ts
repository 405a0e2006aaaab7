/**
 * Loss of the accelerated failure time model: −ln of the probability (or density) that ln(time) = f + σz puts on what
 * was seen. Derivatives are in f; both are held within XGBoost's bounds.
 *
 *   event at t            −ln(φ(z) / (σt))           z = (ln t − f) / σ
 *   in [lower, upper]     −ln(Φ(z_u) − Φ(z_l))       upper = ∞: right-censored; lower = 0: left-censored
 *
 * @see Barnwal, Cho, Hocking, Survival regression with accelerated failure time model in XGBoost, arXiv:2006.04920
 */
import { type Distribution, LARGEST_GRADIENT, LARGEST_HESSIAN, LEAST_HESSIAN, type Limits } from './distributions.js';

/** Below this a density or probability is taken as vanished. */
const VANISHED = 1e-12;

/** −ln likelihood of one row; finite. */
export function aftLoss(
  distribution: Distribution,
  lower: number,
  upper: number,
  margin: number,
  sigma: number,
): number {
  if (lower === upper) {
    const density = distribution.density((Math.log(lower) - margin) / sigma);
    return -Math.log(Math.max(density / (sigma * lower), VANISHED));
  }
  const above = Number.isFinite(upper) ? distribution.cumulative((Math.log(upper) - margin) / sigma) : 1;
  const below = lower > 0 ? distribution.cumulative((Math.log(lower) - margin) / sigma) : 0;
  return -Math.log(Math.max(above - below, VANISHED));
}

/** Writes the loss's derivative in the margin to out[at] and its second derivative to out[at + 1], times `weight`. */
export function writeAftPair(
  distribution: Distribution,
  lower: number,
  upper: number,
  margin: number,
  sigma: number,
  weight: number,
  out: Float32Array,
  at: number,
): void {
  // The loss is −ln p(f) with p a density or a difference of cumulatives; slope and curvature are p's own, negated
  // and in units of σ.
  let p = 0;
  let slope = 0;
  let curvature = 0;
  let isAbove = false;
  if (lower === upper) {
    const z = (Math.log(lower) - margin) / sigma;
    p = distribution.density(z);
    slope = distribution.densitySlope(z);
    curvature = distribution.densityCurvature(z);
    isAbove = z > 0;
  } else {
    if (Number.isFinite(upper)) {
      const z = (Math.log(upper) - margin) / sigma;
      p = distribution.cumulative(z);
      slope = distribution.density(z);
      curvature = distribution.densitySlope(z);
      isAbove = z > 0;
    } else {
      p = 1;
    }
    if (lower > 0) {
      const z = (Math.log(lower) - margin) / sigma;
      p -= distribution.cumulative(z);
      slope -= distribution.density(z);
      curvature -= distribution.densitySlope(z);
      isAbove ||= z > 0;
    }
  }
  let gradient = slope / (sigma * p);
  let hessian = (slope * slope - p * curvature) / (sigma * p * (sigma * p));
  if (!Number.isFinite(gradient) && sigma * p < VANISHED) {
    gradient = limitGradient(distribution.limits(sigma), lower, upper, isAbove);
  }
  if (!Number.isFinite(hessian) && (sigma * p) ** 2 < VANISHED) {
    hessian = limitHessian(distribution.limits(sigma), lower, upper, isAbove);
  }
  out[at] = Math.min(Math.max(gradient, -LARGEST_GRADIENT), LARGEST_GRADIENT) * weight;
  out[at + 1] = Math.min(Math.max(hessian, LEAST_HESSIAN), LARGEST_HESSIAN) * weight;
}

// --- internal ---

/** Whether the row's loss is flat on this side: a bound that the prediction is far on the right side of. */
function isFlat(lower: number, upper: number, isAbove: boolean): boolean {
  return lower !== upper && ((!isAbove && upper === Number.POSITIVE_INFINITY) || (isAbove && lower <= 0));
}

function limitGradient(limits: Limits, lower: number, upper: number, isAbove: boolean): number {
  if (isFlat(lower, upper, isAbove)) return 0;
  return isAbove ? limits.gradientAbove : limits.gradientBelow;
}

function limitHessian(limits: Limits, lower: number, upper: number, isAbove: boolean): number {
  if (isFlat(lower, upper, isAbove)) return LEAST_HESSIAN;
  return isAbove ? limits.hessianAbove : limits.hessianBelow;
}
