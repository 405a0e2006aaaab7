/** Ranks of many rows: a whole column of dense rows, or the values that a sparse row has. */
import { CategoryPlan, FeaturePlan, LANES } from './plans';
import { missing, rank, storeRank } from './rank';

/** Ranks of one feature for `groups` × 16 rows with few thresholds: all of them are compared, four rows together. */
export function rankFew(plan: FeaturePlan, row: usize, stride: usize, codes: usize, groupBytes: usize, groups: i32): void {
  const thresholds = plan.thresholds;
  const count = plan.count;
  const low = plan.low;
  const high = plan.high;
  const offset = i32x4.splat(-128);
  const highest = i32x4.splat(127);
  for (let group = 0; group < groups; group++) {
    for (let lane = 0; lane < LANES; lane += 4) {
      const x = loadRows(row, stride);
      row += 4 * stride;
      let ranks = offset;
      for (let i = 0; i < count; i++) {
        ranks = i32x4.sub(ranks, f32x4.le(v128.load32_splat(thresholds + (i << 2)), x));
      }
      if (low >= 0) store<i32>(codes + low + lane, packCodes(ranks));
      if (high >= 0) store<i32>(codes + high + lane, packCodes(v128.bitselect(highest, ranks, f32x4.ne(x, x))));
    }
    codes += groupBytes;
  }
}

/** One value of each of four rows, `stride` bytes apart. */
@inline
function loadRows(row: usize, stride: usize): v128 {
  let x = v128.load32_zero(row);
  x = v128.load32_lane(row + stride, x, 1);
  x = v128.load32_lane(row + 2 * stride, x, 2);
  return v128.load32_lane(row + 3 * stride, x, 3);
}

/** Four codes as the bytes of one integer. */
@inline
function packCodes(codes: v128): i32 {
  const halves = i16x8.narrow_i32x4_s(codes, codes);
  return i32x4.extract_lane(i8x16.narrow_i16x8_s(halves, halves), 0);
}

/** The same with a grid: a multiplication finds the cell, a short search the rank in it. */
export function rankMany(plan: FeaturePlan, row: usize, stride: usize, codes: usize, groupBytes: usize, groups: i32): void {
  const thresholds = plan.thresholds;
  const table = plan.table;
  const steps = plan.steps;
  const origin = f32x4.splat(plan.origin);
  const scale = f32x4.splat(plan.scale);
  const lastCell = f32x4.splat(plan.lastCell);
  const zero = f32x4.splat(0);
  for (let group = 0; group < groups; group++) {
    for (let lane = 0; lane < LANES; lane += 4) {
      const x = loadRows(row, stride);
      row += 4 * stride;
      const position = f32x4.max(f32x4.min(f32x4.mul(f32x4.sub(x, origin), scale), lastCell), zero);
      const cells = i32x4.trunc_sat_f32x4_s(position);
      const x0 = f32x4.extract_lane(x, 0);
      const x1 = f32x4.extract_lane(x, 1);
      const x2 = f32x4.extract_lane(x, 2);
      const x3 = f32x4.extract_lane(x, 3);
      let p0 = thresholds + (usize(load<u16>(table + (i32x4.extract_lane(cells, 0) << 1))) << 2);
      let p1 = thresholds + (usize(load<u16>(table + (i32x4.extract_lane(cells, 1) << 1))) << 2);
      let p2 = thresholds + (usize(load<u16>(table + (i32x4.extract_lane(cells, 2) << 1))) << 2);
      let p3 = thresholds + (usize(load<u16>(table + (i32x4.extract_lane(cells, 3) << 1))) << 2);
      for (let step = steps - 1; step > 0; step--) {
        const half = (<usize>4) << step;
        p0 += half & -i32(load<f32>(p0 + half - 4) <= x0);
        p1 += half & -i32(load<f32>(p1 + half - 4) <= x1);
        p2 += half & -i32(load<f32>(p2 + half - 4) <= x2);
        p3 += half & -i32(load<f32>(p3 + half - 4) <= x3);
      }
      const r0 = i32((p0 - thresholds) >> 2) + i32(load<f32>(p0) <= x0);
      const r1 = i32((p1 - thresholds) >> 2) + i32(load<f32>(p1) <= x1);
      const r2 = i32((p2 - thresholds) >> 2) + i32(load<f32>(p2) <= x2);
      const r3 = i32((p3 - thresholds) >> 2) + i32(load<f32>(p3) <= x3);
      const at = codes + lane;
      storeRank(plan, at, r0, missing(x0));
      storeRank(plan, at + 1, r1, missing(x1));
      storeRank(plan, at + 2, r2, missing(x2));
      storeRank(plan, at + 3, r3, missing(x3));
    }
    codes += groupBytes;
  }
}

/** Columns of one row with mostly missing values: `codes` holds the codes of missing values already. */
export function rankPresent(planOf: usize, columns: i32, row: usize, codes: usize): void {
  for (let first = 0; first < columns; first += LANES) {
    const a = presence(row);
    const b = presence(row + 16);
    const c = presence(row + 32);
    const d = presence(row + 48);
    row += 64;
    let present = i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)));
    while (present != 0) {
      const column = first + ctz(present);
      present &= present - 1;
      if (column >= columns) return;
      const plan = changetype<FeaturePlan>(load<usize>(planOf + (column << 2)));
      if (changetype<usize>(plan) == 0) continue;
      storeRank(plan, codes, rank(plan, load<f32>(row - 64 + ((column - first) << 2))), 0);
    }
  }
}

@inline
function presence(row: usize): v128 {
  const x = v128.load(row);
  return f32x4.eq(x, x);
}

export function rankCategory(plan: CategoryPlan, rows: usize, stride: usize, codes: usize, lanes: i32): void {
  const bits = plan.bits;
  const bitCount = plan.bitCount;
  let row = rows + plan.offset;
  const target = codes + plan.column;
  for (let lane = 0; lane < lanes; lane++) {
    const x = load<f32>(row);
    row += stride;
    let result = plan.missing;
    if (x == x) {
      // Negative values and those past the set are in no set; −0.5 truncates to 0 but is negative.
      const category = x < 0 ? bitCount : u32(min<f32>(x, 16777216));
      result = category < bitCount ? (i32(load<u8>(bits + (category >> 3)) >> u8(category & 7)) & 1) - 1 : -1;
    }
    store<i8>(target + lane, i8(result));
  }
}
