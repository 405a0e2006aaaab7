/**
 * Prepares rows for one tree: extracts the tree's group from the raw gradients, samples, rounds to the grid, and writes
 * the row numbers to the root's place. A hessian above 0 stays above 0, at least one unit; otherwise rows of a flat
 * loss would seem to have no weight.
 *
 * What rounding takes from a row is looked at. It matters when it is more than a 256th of the row's own size,
 * |g| + h·|margin|, and all rows' together more than a 1,024th of it in a leaf, which weighs at least
 * λ + min_child_weight. Then the phase is run again with one more limb (limbs.ts).
 *
 *   order A of a shard   [ rows in use, ascending … | rows left out, descending … ]
 */
import * as Layout from '../layout';
import * as Records from '../records';
import { real, takeTask, taskAddress, word } from '../memory';

/** Adding and taking away 1.5 · 2^52 units leaves a float64 rounded to whole units. */
const ROUND_UNITS: f64 = 6755399441055744;
/** A row may lose this share of its size. */
const LOST_SHARE: f64 = 0.00390625;

/** PREPARE: a task is a range of shards. */
export function prepareRows(): void {
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, Records.RANGE_BYTES);
    const end = word(range + Records.RANGE_END);
    for (let shard = word(range + Records.RANGE_BEGIN); shard < end; shard++) prepareShard(shard);
  }
}

function prepareShard(shard: usize): void {
  const shardRows = word(Layout.SHARD_ROWS);
  const first = shard * shardRows;
  const count = min(shardRows, word(Layout.ROWS) - first);
  const groupBytes = word(Layout.GROUPS) << 3;
  const sampling = load<i32>(Layout.SAMPLING);
  const order = word(Layout.ORDER_A) + (first << 1);
  const limbs = word(Layout.LIMBS);
  const mayLose = word(Layout.MAY_LOSE);
  const grid = word(Layout.LIMB_RECORDS);
  const rounding = f64x2.mul(v128.load(grid, Records.LIMB_GRADIENT_UNIT), f64x2.splat(ROUND_UNITS));
  const leastHessian = f64x2.replace_lane(f64x2.splat(0), 1, load<f64>(grid, Records.LIMB_HESSIAN_UNIT));
  const noLeastGradient = f64x2.replace_lane(f64x2.splat(0), 0, -Infinity);
  let source = word(Layout.RAW_GRADIENTS) + first * groupBytes + (word(Layout.GROUP) << 3);
  let target = word(Layout.TREE_GRADIENTS) + (first << 3);
  const sums = word(Layout.ROOT_SUMS) + ((shard * limbs) << 4);
  memory.fill(sums, 0, limbs << 4);
  let sum = f64x2.splat(0);
  let kept: usize = 0;
  let dropped = count;
  for (let i: usize = 0; i < count; i++) {
    let pair = v128.load64_zero(source);
    let isKept = true;
    if (sampling != Layout.SAMPLE_ALL) {
      const scale = sampling == Layout.SAMPLE_UNIFORM ? uniformScale(first + i) : gradientScale(first + i, pair);
      isKept = scale > 0;
      pair = f32x4.mul(pair, f32x4.splat(scale));
    }
    const given = f64x2.promote_low_f32x4(pair);
    if (isKept) {
      store<u16>(order + (kept << 1), <u16>i);
      kept++;
    } else {
      dropped--;
      store<u16>(order + (dropped << 1), <u16>i);
    }
    source += groupBytes;
    if (limbs > 1) {
      splitRow(given, first + i, sums, limbs);
      continue;
    }
    const least = v128.or(v128.and(f64x2.gt(given, f64x2.splat(0)), leastHessian), noLeastGradient);
    const exact = f64x2.pmax(f64x2.sub(f64x2.add(given, rounding), rounding), least);
    sum = f64x2.add(sum, exact);
    v128.store64_lane(target, f32x4.demote_f64x2_zero(exact), 0);
    target += 8;
    if (!mayLose) continue;
    const lost = f64x2.abs(f64x2.sub(given, exact));
    if (v128.any_true(f64x2.gt(lost, f64x2.mul(f64x2.abs(given), f64x2.splat(LOST_SHARE))))) {
      if (matters(lost, given, first + i)) atomic.store<u32>(Layout.IS_LOSSY, 1);
    }
  }
  if (limbs == 1) v128.store(sums, sum);
  store<u64>(word(Layout.SEGMENTS) + (shard << 3), <u64>kept << 32);
  if (sampling != Layout.SAMPLE_ALL) {
    store<u64>(word(Layout.OUT_SEGMENTS) + (shard << 3), ((<u64>count) << 32) | <u64>kept);
  }
}

/** Whether so much may be taken from a row's gradient or hessian. */
function matters(lost: v128, given: v128, row: usize): bool {
  const g = abs(f64x2.extract_lane(given, 0));
  const h = f64x2.extract_lane(given, 1);
  const margin = load<f32>(word(Layout.PREPARED_MARGINS) + ((row * word(Layout.GROUPS) + word(Layout.GROUP)) << 2));
  const size = g + h * <f64>abs(margin);
  if (f64x2.extract_lane(lost, 0) > size * LOST_SHARE && real(Layout.GRADIENT_TOLERANCE) * h > size) return true;
  return f64x2.extract_lane(lost, 1) > h * LOST_SHARE && real(Layout.HESSIAN_TOLERANCE) > 1;
}

/** Divides a row's pair among the limbs, each rounding what the ones before left. */
function splitRow(given: v128, row: usize, sums: usize, limbs: usize): void {
  const hasHessian = f64x2.extract_lane(given, 1) > 0;
  let rest = given;
  let whole = f64x2.splat(0);
  let record = word(Layout.LIMB_RECORDS);
  for (let limb: usize = 0; limb < limbs; limb++, record += Records.LIMB_RECORD_BYTES, sums += 16) {
    const rounding = f64x2.mul(v128.load(record, Records.LIMB_GRADIENT_UNIT), f64x2.splat(ROUND_UNITS));
    let part = f64x2.sub(f64x2.add(rest, rounding), rounding);
    rest = f64x2.sub(rest, part);
    whole = f64x2.add(whole, part);
    if (limb == limbs - 1 && hasHessian && f64x2.extract_lane(whole, 1) <= 0) {
      part = f64x2.replace_lane(part, 1, load<f64>(record, Records.LIMB_HESSIAN_UNIT));
    }
    v128.store64_lane(word(record + Records.LIMB_GRADIENTS) + (row << 3), f32x4.demote_f64x2_zero(part), 0);
    v128.store(sums, f64x2.add(v128.load(sums), part));
  }
  if (matters(f64x2.abs(rest), given, row)) atomic.store<u32>(Layout.IS_LOSSY, 1);
}

/** 1 for a row in the sample, 0 for others. */
@inline
function uniformScale(row: usize): f32 {
  return <f64>randomBits(row) < real(Layout.SAMPLE_LIMIT) ? 1 : 0;
}

/** 1 ÷ p for a row in the sample with p its probability, so that expected sums stay; 0 for others. */
@inline
function gradientScale(row: usize, pair: v128): f32 {
  const g = <f64>f32x4.extract_lane(pair, 0);
  const h = <f64>f32x4.extract_lane(pair, 1);
  const p = sqrt(g * g + 0.1 * h * h) / real(Layout.SAMPLE_THRESHOLD);
  if (p >= 1) return 1;
  return <f64>randomBits(row) < p * 4294967296 ? <f32>(1 / p) : 0;
}

/** 32 bits that depend on seed and the row's number alone, so that no thread needs another's state. Finaliser of MurmurHash3. */
@inline
function randomBits(row: usize): u32 {
  const number = row + (row < word(Layout.TURN_ROW) ? word(Layout.ROWS_BEFORE) : word(Layout.ROWS_BEHIND));
  let x = (<u32>number * 0x9e3779b1) ^ load<u32>(Layout.SAMPLE_SEED);
  x = (x ^ (x >>> 16)) * 0x85ebca6b;
  x = (x ^ (x >>> 13)) * 0xc2b2ae35;
  return x ^ (x >>> 16);
}
