/** The rank of one value among a feature's thresholds, and how it is stored as a code. */
import { CHUNK, FeaturePlan, LANES } from './plans';

/** How many thresholds are at or below x; 0 for NaN. */
@inline
export function rank(plan: FeaturePlan, x: f32): i32 {
  if (plan.lastCell == 0) return countAtMost(plan.thresholds, plan.count, x);
  return search(plan.thresholds, plan.steps, load<u16>(plan.table + (cellOf(plan, x) << 1)), x);
}

function countAtMost(thresholds: usize, count: i32, x: f32): i32 {
  const wanted = f32x4.splat(x);
  let sum = i32x4.splat(0);
  for (let i = 0; i < count; i += 4) {
    sum = i32x4.sub(sum, f32x4.le(v128.load(thresholds), wanted));
    thresholds += 16;
  }
  return i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3);
}

@inline
function cellOf(plan: FeaturePlan, x: f32): usize {
  // A NaN becomes cell 0: max and min hand it on, and the saturating conversion makes it 0.
  const position = max<f32>(min<f32>((x - plan.origin) * plan.scale, plan.lastCell), 0);
  return usize(<i32>position);
}

/** Thresholds in later cells are above x, so that the search may look past its own cell. */
@inline
function search(thresholds: usize, steps: i32, start: i32, x: f32): i32 {
  let at = thresholds + (start << 2);
  for (let step = steps - 1; step >= 0; step--) {
    const half = (<usize>4) << step;
    at += half & -i32(load<f32>(at + half - 4) <= x);
  }
  return i32((at - thresholds) >> 2);
}

/** All bits but the sign when x is NaN: more than any rank. */
@inline
export function missing(x: f32): i32 {
  return -i32(x != x) & 0x7fffffff;
}

@inline
function code(rank: i32): i8 {
  return i8(min(max(rank, 0), 255) - 128);
}

/** Stores the rank of one row in a feature's columns; `codes` points at the row's lane. */
@inline
export function storeRank(plan: FeaturePlan, codes: usize, r: i32, missing: i32): void {
  const chunks = plan.chunks;
  if (plan.low >= 0) storeChunks(codes + plan.low, chunks, r);
  if (plan.high >= 0) storeChunks(codes + plan.high, chunks, r | missing);
}

@inline
function storeChunks(target: usize, chunks: i32, r: i32): void {
  store<i8>(target, code(r));
  for (let chunk = 1; chunk < chunks; chunk++) store<i8>(target + chunk * LANES, code(r - chunk * CHUNK));
}
