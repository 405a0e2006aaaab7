/**
 * Splits of categorical features: one category against the rest when there are few, otherwise prefixes and suffixes of
 * the categories ordered by their weight −G / (H + λ), as in XGBoost. The set of a split holds the categories
 * that go right.
 */
import { generalGain, weightOf } from './gain';
import { wholeEntry } from './limbs';
import * as Layout from '../layout';
import * as Records from '../records';
import { word } from '../memory';
import { offer } from './result';

export function scanCategories(feature: usize, bins: usize, node: usize, result: usize, scratch: usize): void {
  const count = load<i32>(feature, Records.FEATURE_BINS);
  if (<u32>count < load<u32>(Layout.MAX_CATEGORY_ONE_HOT)) scanOneHot(feature, bins, node, result, count);
  else scanPartitions(feature, bins, node, result, count, scratch);
}

function scanOneHot(feature: usize, bins: usize, node: usize, result: usize, count: i32): void {
  const total = v128.load(node, Records.NODE_GRADIENT);
  let present = f64x2.splat(0);
  for (let bin = 0; bin < count; bin++) present = f64x2.add(present, v128.load(bins + (<usize>bin << 4)));
  const missing = f64x2.sub(total, present);
  let best: f32 = 0;
  let bestBin = -1;
  let isDefaultLeft = false;
  let bestRight = missing;
  for (let bin = 0; bin < count; bin++) {
    let right = v128.load(bins + (<usize>bin << 4));
    for (let side = 1; side >= 0; side--) {
      if (!side) right = f64x2.add(right, missing);
      const gain = generalGain(f64x2.sub(total, right), right, feature, node);
      if (gain > best && gain != Infinity) {
        best = gain;
        bestBin = bin;
        isDefaultLeft = side == 1;
        bestRight = right;
      }
    }
  }
  if (bestBin < 0) return;
  if (offer(result, best, feature, bestBin, isDefaultLeft, f64x2.sub(total, bestRight), bestRight)) {
    clearSet(result);
    addToSet(result, bestBin);
  }
}

/** The split's set: the first `inSet` categories of the order. */
export function writeSet(result: usize, order: usize, inSet: i32): void {
  clearSet(result);
  for (let i = 0; i < inSet; i++) addToSet(result, load<i32>(order + (<usize>i << 2)));
}

function scanPartitions(feature: usize, bins: usize, node: usize, result: usize, count: i32, order: usize): void {
  sortByWeight(bins, count, order, 1);
  scanDirection(feature, bins, node, result, order, true);
  scanDirection(feature, bins, node, result, order, false);
}

/** Forward: the first categories go right, missing values left. Backward: the last go left, missing values right. */
function scanDirection(feature: usize, bins: usize, node: usize, result: usize, order: usize, isForward: bool): void {
  const count = load<i32>(feature, Records.FEATURE_BINS);
  const total = v128.load(node, Records.NODE_GRADIENT);
  const steps = min(load<i32>(Layout.MAX_CATEGORY_THRESHOLD), count) - 1;
  let sum = f64x2.splat(0);
  let best: f32 = 0;
  let bestStep = -1;
  let bestSum = sum;
  for (let step = 0; step < steps; step++) {
    const bin = load<u32>(order + (<usize>(isForward ? step : count - 1 - step) << 2));
    sum = f64x2.add(sum, v128.load(bins + (<usize>bin << 4)));
    const rest = f64x2.sub(total, sum);
    const gain = isForward ? generalGain(rest, sum, feature, node) : generalGain(sum, rest, feature, node);
    if (gain > best && gain != Infinity) {
      best = gain;
      bestStep = step;
      bestSum = sum;
    }
  }
  if (bestStep < 0) return;
  const rest = f64x2.sub(total, bestSum);
  const left = isForward ? rest : bestSum;
  const right = isForward ? bestSum : rest;
  if (!offer(result, best, feature, 0, isForward, left, right)) return;
  writeSet(result, order, isForward ? bestStep + 1 : count - 1 - bestStep);
}

/** Categories by ascending weight, ties in their own order: a merge sort from short runs up. */
export function sortByWeight(bins: usize, count: i32, order: usize, limbs: usize): void {
  // (weight f32, bin u32) pairs; two buffers behind the final order.
  let from = order + (<usize>count << 2);
  let to = from + (<usize>count << 3);
  for (let bin = 0; bin < count; bin++) {
    const entry = bins + (<usize>bin << 4);
    const sums = limbs == 1 ? v128.load(entry) : wholeEntry(entry);
    store<f32>(from + (<usize>bin << 3), <f32>weightOf(f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1)));
    store<u32>(from + (<usize>bin << 3), bin, 4);
  }
  for (let width = 1; width < count; width <<= 1) {
    for (let start = 0; start < count; start += width << 1) mergeRuns(from, to, start, width, count);
    const swap = from;
    from = to;
    to = swap;
  }
  for (let i = 0; i < count; i++) store<u32>(order + (<usize>i << 2), load<u32>(from + (<usize>i << 3), 4));
}

function mergeRuns(from: usize, to: usize, start: i32, width: i32, count: i32): void {
  const middle = min(start + width, count);
  const end = min(middle + width, count);
  let a = start;
  let b = middle;
  for (let out = start; out < end; out++) {
    const takesB = a >= middle || (b < end && load<f32>(from + (<usize>b << 3)) < load<f32>(from + (<usize>a << 3)));
    store<u64>(to + (<usize>out << 3), load<u64>(from + (<usize>(takesB ? b : a) << 3)));
    if (takesB) b++;
    else a++;
  }
}

export function clearSet(result: usize): void {
  memory.fill(result + Records.RESULT_CATEGORIES, 0, word(Layout.CATEGORY_WORDS) << 2);
}

@inline
export function addToSet(result: usize, category: i32): void {
  const address = result + Records.RESULT_CATEGORIES + (<usize>(category >>> 5) << 2);
  store<u32>(address, load<u32>(address) | (1 << (category & 31)));
}
