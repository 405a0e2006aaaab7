/**
 * Weight and gain of a node from its sums G and H, with XGBoost's steps from float64 to float32, so that both choose the
 * same split.
 *
 *   weight  w = −T(G) / (H + λ), T shrinks |G| by α; at most max_delta_step in size; within the node's bounds
 *   gain      = −(2Gw + (H + λ)w² + 2α|w|)
 */
import * as Layout from '../layout';
import { real, word } from '../memory';
import * as Records from '../records';

/** What the formula needs, read once a task. */
export let lambda: f64 = 0;
export let minChildWeight: f64 = 0;
let alpha: f64 = 0;
let maxDeltaStep: f64 = 0;
let hasMonotone: bool = false;

export function readGainSettings(): void {
  lambda = real(Layout.LAMBDA);
  alpha = real(Layout.ALPHA);
  minChildWeight = real(Layout.MIN_CHILD_WEIGHT);
  maxDeltaStep = real(Layout.MAX_DELTA_STEP);
  hasMonotone = word(Layout.HAS_MONOTONE) != 0;
}

/** Weight without the node's bounds, in float64. */
export function weightOf(g: f64, h: f64): f64 {
  if (h <= 0) return 0;
  const shrunk = g > alpha ? g - alpha : g < -alpha ? g + alpha : 0;
  const w = -shrunk / (h + lambda);
  return maxDeltaStep != 0 && abs(w) > maxDeltaStep ? copysign(maxDeltaStep, w) : w;
}

@inline
function boundedWeight(g: f64, h: f64, lower: f32, upper: f32): f32 {
  const w = <f32>weightOf(g, h);
  if (!hasMonotone) return w;
  return w < lower ? lower : w > upper ? upper : w;
}

@inline
function gainOfWeight(g: f64, h: f64, w: f32): f32 {
  if (h <= 0) return 0;
  return <f32>-(2 * g * <f64>w + (h + lambda) * <f64>(w * w) + 2 * alpha * <f64>abs(w));
}

/**
 * What a split into these sums gains over the node's own, under every constraint; −∞ when a child has too little weight
 * or the order is not allowed.
 */
@inline
export function generalGain(left: v128, right: v128, feature: usize, node: usize): f32 {
  const gl = f64x2.extract_lane(left, 0);
  const hl = f64x2.extract_lane(left, 1);
  const gr = f64x2.extract_lane(right, 0);
  const hr = f64x2.extract_lane(right, 1);
  if (!(hl > 0 && hr > 0 && hl >= minChildWeight && hr >= minChildWeight)) return -Infinity;
  const lower = load<f32>(node, Records.NODE_LOWER);
  const upper = load<f32>(node, Records.NODE_UPPER);
  const wl = boundedWeight(gl, hl, lower, upper);
  const wr = boundedWeight(gr, hr, lower, upper);
  const monotone = load<i32>(feature, Records.FEATURE_MONOTONE);
  if (monotone > 0 ? !(wl <= wr) : monotone < 0 ? !(wl >= wr) : false) return -Infinity;
  return gainOfWeight(gl, hl, wl) + gainOfWeight(gr, hr, wr) - load<f32>(node, Records.NODE_GAIN);
}

/** The gain without the node's own, α, max_delta_step and bounds: both sides in one vector. */
@inline
export function plainGain(left: v128, right: v128): f32 {
  const g = v128.shuffle<f64>(left, right, 0, 2);
  const h = v128.shuffle<f64>(left, right, 1, 3);
  if (!v128.any_true(f64x2.lt(h, f64x2.splat(minChildWeight)))) {
    if (!v128.any_true(f64x2.le(h, f64x2.splat(0)))) {
      const penalised = f64x2.add(h, f64x2.splat(lambda));
      const w32 = f32x4.demote_f64x2_zero(f64x2.neg(f64x2.div(g, penalised)));
      const w = f64x2.promote_low_f32x4(w32);
      const square = f64x2.promote_low_f32x4(f32x4.mul(w32, w32));
      const twice = f64x2.mul(f64x2.add(g, g), w);
      const gain = f32x4.demote_f64x2_zero(f64x2.neg(f64x2.add(twice, f64x2.mul(penalised, square))));
      return f32x4.extract_lane(gain, 0) + f32x4.extract_lane(gain, 1);
    }
  }
  return -Infinity;
}

/**
 * Which of two splits may have a plain gain of `floor`, as a mask, without a division. With a = H_l + λ and b = H_r + λ
 * the gain G_l²/a + G_r²/b is at least T exactly when G_l²·b + G_r²·a ≥ T·a·b; a margin in `floor` covers what float32
 * rounds away. Splits that leave a child too little weight are out.
 * @param g, h sums of one side of the two splits
 * @param totalG sum of the node's gradients, `penalisedH` of its hessians + λ, `penalty` λ; twice each
 * @param least, most: bounds of h; see leastWeight and mostWeight
 */
@inline
export function reach(
  g: v128,
  h: v128,
  totalG: v128,
  penalisedH: v128,
  penalty: v128,
  floor: v128,
  least: v128,
  most: v128,
): v128 {
  const a = f64x2.add(h, penalty);
  const b = f64x2.sub(penalisedH, h);
  const rest = f64x2.sub(totalG, g);
  const reached = f64x2.add(f64x2.mul(f64x2.mul(g, g), b), f64x2.mul(f64x2.mul(rest, rest), a));
  const isHeavy = v128.and(f64x2.ge(h, least), f64x2.le(h, most));
  return v128.and(f64x2.ge(reached, f64x2.mul(floor, f64x2.mul(a, b))), isHeavy);
}

/** Minimum weight of one side for `reach`. */
@inline
export function leastWeight(): v128 {
  return f64x2.splat(minChildWeight);
}

/** Maximum weight of one side that leaves the other enough, with a margin for rounding. */
@inline
export function mostWeight(total: f64): v128 {
  return f64x2.splat(total - minChildWeight + abs(total) * 1e-12);
}

/** The minimum sum of gains for `reach`: a gain of at least `best` over the node's own, less a margin for rounding. */
@inline
export function gainFloor(best: f32, nodeGain: f32): v128 {
  return f64x2.splat((<f64>best + <f64>nodeGain) * (1 - 1e-6));
}
