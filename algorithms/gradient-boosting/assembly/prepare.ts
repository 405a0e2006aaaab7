/**
 * Makes rows ready for one tree: takes the tree's group out of the raw gradients, samples, rounds to the grid, and puts
 * the row numbers into the root's place. A hessian above 0 stays so, one unit at least: rows of a flat loss would seem
 * to have no weight.
 *
 *   order A of a shard   [ rows in use, ascending … | rows left out, descending … ]
 */
import {
  GRADIENT_UNIT,
  GROUP,
  GROUPS,
  HESSIAN_UNIT,
  ORDER_A,
  OUT_SEGMENTS,
  RAW_GRADIENTS,
  ROWS,
  SAMPLE_ALL,
  SAMPLE_LIMIT,
  SAMPLE_SEED,
  SAMPLE_THRESHOLD,
  SAMPLE_UNIFORM,
  SAMPLING,
  SEGMENTS,
  SHARD_ROWS,
  TREE_GRADIENTS,
} from './layout';
import { RANGE_BEGIN, RANGE_BYTES, RANGE_END, ROOT_SUMS } from './records';
import { real, takeTask, taskAddress, word } from './memory';

/** Adding and taking away 1.5 · 2^52 units leaves a float64 rounded to whole units. */
const ROUND_UNITS: f64 = 6755399441055744;

/** PREPARE: a task is a range of shards. */
export function prepareRows(): void {
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, RANGE_BYTES);
    const end = word(range + RANGE_END);
    for (let shard = word(range + RANGE_BEGIN); shard < end; shard++) prepareShard(shard);
  }
}

function prepareShard(shard: usize): void {
  const shardRows = word(SHARD_ROWS);
  const first = shard * shardRows;
  const count = min(shardRows, word(ROWS) - first);
  const groupBytes = word(GROUPS) << 3;
  const sampling = load<i32>(SAMPLING);
  const order = word(ORDER_A) + (first << 1);
  const roundG = ROUND_UNITS * real(GRADIENT_UNIT);
  const roundH = ROUND_UNITS * real(HESSIAN_UNIT);
  const rounding = f64x2.replace_lane(f64x2.splat(roundG), 1, roundH);
  const leastHessian = f64x2.replace_lane(f64x2.splat(0), 1, real(HESSIAN_UNIT));
  const noLeastGradient = f64x2.replace_lane(f64x2.splat(0), 0, -Infinity);
  let source = word(RAW_GRADIENTS) + first * groupBytes + (word(GROUP) << 3);
  let target = word(TREE_GRADIENTS) + (first << 3);
  let sum = f64x2.splat(0);
  let kept: usize = 0;
  let dropped = count;
  for (let i: usize = 0; i < count; i++) {
    let pair = v128.load64_zero(source);
    let isKept = true;
    if (sampling != SAMPLE_ALL) {
      const scale = sampling == SAMPLE_UNIFORM ? uniformScale(first + i) : gradientScale(first + i, pair);
      isKept = scale > 0;
      pair = f32x4.mul(pair, f32x4.splat(scale));
    }
    const given = f64x2.promote_low_f32x4(pair);
    const least = v128.or(v128.and(f64x2.gt(given, f64x2.splat(0)), leastHessian), noLeastGradient);
    const exact = f64x2.pmax(f64x2.sub(f64x2.add(given, rounding), rounding), least);
    sum = f64x2.add(sum, exact);
    v128.store64_lane(target, f32x4.demote_f64x2_zero(exact), 0);
    if (isKept) {
      store<u16>(order + (kept << 1), <u16>i);
      kept++;
    } else {
      dropped--;
      store<u16>(order + (dropped << 1), <u16>i);
    }
    source += groupBytes;
    target += 8;
  }
  v128.store(word(ROOT_SUMS) + (shard << 4), sum);
  store<u64>(word(SEGMENTS) + (shard << 3), <u64>kept << 32);
  if (sampling != SAMPLE_ALL) store<u64>(word(OUT_SEGMENTS) + (shard << 3), ((<u64>count) << 32) | <u64>kept);
}

/** 1 for a row in the sample, 0 for others. */
@inline
function uniformScale(row: usize): f32 {
  return <f64>randomBits(row) < real(SAMPLE_LIMIT) ? 1 : 0;
}

/** 1 ÷ p for a row in the sample with p its probability, so that expected sums stay; 0 for others. */
@inline
function gradientScale(row: usize, pair: v128): f32 {
  const g = <f64>f32x4.extract_lane(pair, 0);
  const h = <f64>f32x4.extract_lane(pair, 1);
  const p = sqrt(g * g + 0.1 * h * h) / real(SAMPLE_THRESHOLD);
  if (p >= 1) return 1;
  return <f64>randomBits(row) < p * 4294967296 ? <f32>(1 / p) : 0;
}

/** 32 bits that depend on seed and row alone, so that no thread needs another's state. Finaliser of MurmurHash3. */
@inline
function randomBits(row: usize): u32 {
  let x = (<u32>row * 0x9e3779b1) ^ load<u32>(SAMPLE_SEED);
  x = (x ^ (x >>> 16)) * 0x85ebca6b;
  x = (x ^ (x >>> 13)) * 0xc2b2ae35;
  return x ^ (x >>> 16);
}
