/**
 * Split search of a numeric feature with the plain gain formula, which takes most of the time of a search. Every bin is
 * tested without a division, and only those that may beat the best split so far are divided.
 */
import { gainFloor, lambda, leastWeight, mostWeight, plainGain, reach } from './gain';
import * as Layout from '../layout';
import * as Records from '../records';
import { word } from '../memory';
import { offer } from './result';

/** @param entries entries of the feature's column: one more than its bins where dense rows have missing values */
export function scanPlain(feature: usize, bins: usize, node: usize, result: usize, entries: i32): void {
  const count = load<i32>(feature, Records.FEATURE_BINS);
  const total = v128.load(node, Records.NODE_GRADIENT);
  const nodeGain = load<f32>(node, Records.NODE_GAIN);
  if (entries > count || !word(Layout.BIN_BYTES)) {
    const missing = f64x2.sub(total, sumOf(bins, count));
    if (v128.any_true(f64x2.ne(missing, f64x2.splat(0)))) {
      scanBins(true, feature, bins, count, total, missing, nodeGain, result);
      return;
    }
  }
  scanBins(false, feature, bins, count, total, f64x2.splat(0), nodeGain, result);
}

/** Four independent sums, because an addition waits for the previous one. */
function sumOf(bins: usize, count: i32): v128 {
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let p = bins;
  const end = bins + (<usize>count << 4);
  for (; p + 64 <= end; p += 64) {
    a = f64x2.add(a, v128.load(p));
    b = f64x2.add(b, v128.load(p, 16));
    c = f64x2.add(c, v128.load(p, 32));
    d = f64x2.add(d, v128.load(p, 48));
  }
  for (; p < end; p += 16) a = f64x2.add(a, v128.load(p));
  return f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
}

/** Offers the split that sends `left` left and missing values right. */
function tryPlain(feature: usize, nodeGain: f32, result: usize, bin: i32, left: v128, total: v128): void {
  const right = f64x2.sub(total, left);
  const gain = plainGain(left, right) - nodeGain;
  if (gain > 0 && gain != Infinity) offer(result, gain, feature, bin, false, left, right);
}

/** The best split with missing values left, of the feature at hand: the highest bin of the largest gain. */
let bestGain: f32 = 0;
let bestBin: i32 = -1;

/**
 * One pass over the bins, two at a time: after each bin, everything up to it goes left. Missing values go right, and
 * then left, where the node has some.
 */
@inline
function scanBins(
  hasMissing: bool,
  feature: usize,
  bins: usize,
  count: i32,
  total: v128,
  missing: v128,
  nodeGain: f32,
  result: usize,
): void {
  const totalG = v128.shuffle<f64>(total, total, 0, 0);
  const penalisedH = f64x2.add(v128.shuffle<f64>(total, total, 1, 1), f64x2.splat(lambda));
  const penalty = f64x2.splat(lambda);
  const least = leastWeight();
  const most = mostWeight(f64x2.extract_lane(total, 1));
  const missingG = v128.shuffle<f64>(missing, missing, 0, 0);
  const missingH = v128.shuffle<f64>(missing, missing, 1, 1);
  if (hasMissing) {
    bestGain = 0;
    bestBin = -1;
    tryMissingLeft(nodeGain, 0, missing, total);
  }
  let floor = gainFloor(bestSoFar(hasMissing, result), nodeGain);
  let sum = f64x2.splat(0);
  let p = bins;
  const pairsEnd = bins + (<usize>(count & ~1) << 4);
  const end = bins + (<usize>count << 4);
  while (true) {
    // Nothing is called in the inner loop, so that all it needs stays in registers.
    for (; p < pairsEnd; p += 32) {
      const a = v128.load(p);
      const first = f64x2.add(sum, a);
      const second = f64x2.add(sum, f64x2.add(a, v128.load(p, 16)));
      const g = v128.shuffle<f64>(first, second, 0, 2);
      const h = v128.shuffle<f64>(first, second, 1, 3);
      let reached = reach(g, h, totalG, penalisedH, penalty, floor, least, most);
      if (hasMissing) {
        const leftG = f64x2.add(g, missingG);
        const leftH = f64x2.add(h, missingH);
        reached = v128.or(reached, reach(leftG, leftH, totalG, penalisedH, penalty, floor, least, most));
      }
      if (i64x2.bitmask(reached)) break;
      sum = second;
    }
    for (let i = 0; i < 2 && p < end; i++) {
      sum = f64x2.add(sum, v128.load(p));
      p += 16;
      const bin = <i32>((p - bins) >> 4);
      tryPlain(feature, nodeGain, result, bin, sum, total);
      if (hasMissing) tryMissingLeft(nodeGain, bin, f64x2.add(sum, missing), total);
    }
    if (p == end) break;
    floor = gainFloor(bestSoFar(hasMissing, result), nodeGain);
  }
  if (!hasMissing || bestBin < 0) return;
  const left = f64x2.add(missing, sumOf(bins, bestBin));
  offer(result, bestGain, feature, bestBin, true, left, f64x2.sub(total, left));
}

@inline
function bestSoFar(hasMissing: bool, result: usize): f32 {
  const gain = load<f32>(result, Records.RESULT_GAIN);
  return hasMissing ? max(bestGain, gain) : gain;
}

function tryMissingLeft(nodeGain: f32, bin: i32, left: v128, total: v128): void {
  const gain = plainGain(left, f64x2.sub(total, left)) - nodeGain;
  if (gain > 0 && gain != Infinity && gain >= bestGain) {
    bestGain = gain;
    bestBin = bin;
  }
}
