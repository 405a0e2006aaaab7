/**
 * Links: the two ways between a margin, which trees add up, and a prediction in the user's unit. Each step is rounded
 * to float32 where XGBoost's is, so that a stored base_score gives the same margin in both.
 */
import { exponential32, sigmoid } from './special-functions.js';

/** XGBoost's kRtEps: keeps a logit finite and expectiles apart. */
export const SMALLEST_STEP = Math.fround(1e-6);

/** One margin to one prediction and back. Results are to be stored as float32. */
export interface Link {
  toPrediction(margin: number): number;
  toMargin(score: number): number;
  /** What a base_score must be when `score` is not that. */
  problem(score: number): string | undefined;
}

/** prediction = margin */
export const IDENTITY: Link = {
  toPrediction: (margin) => margin,
  toMargin: (score) => score,
  problem: (score) => (Number.isFinite(score) ? undefined : 'a finite number'),
};

/** prediction = 1 / (1 + e^−margin). 0 and 1 are taken as the nearest probabilities with a usable logit. */
export const LOGIT: Link = {
  toPrediction: sigmoid,
  toMargin(score) {
    const p = Math.min(Math.max(score, SMALLEST_STEP), Math.fround(1 - SMALLEST_STEP));
    return -Math.log(Math.fround(Math.fround(1 / p) - 1));
  },
  problem: (score) => (score >= 0 && score <= 1 ? undefined : 'a number in [0, 1]'),
};

/** prediction = e^margin */
export const LOG: Link = {
  toPrediction: exponential32,
  toMargin: Math.log,
  problem: (score) => (score > 0 && Number.isFinite(score) ? undefined : 'a finite number above 0'),
};

/** What an objective makes of a base_score in the unit of the link's predictions. */
export function baseScoresBy({ problem, toMargin }: Link) {
  return { baseScoreProblem: problem, toMargins: (scores: Float32Array) => scores.map((score) => toMargin(score)) };
}

/** The transform of objectives whose predictions are their margins. */
export function untransformed(
  margins: Float32Array,
  out: Float32Array = new Float32Array(margins.length),
): Float32Array {
  if (out !== margins) out.set(margins);
  return out;
}
