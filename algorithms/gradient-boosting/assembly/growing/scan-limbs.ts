/**
 * Split search over sums of several limbs (limbs.ts): the splits of scan.ts and categories.ts in the same order, with
 * every sum and difference taken limb by limb, so that a small side keeps its precision next to a large one. Slower,
 * and only used for trees whose gradients need it.
 */
import { addToSet, clearSet, sortByWeight, writeSet } from './categories';
import { generalGain } from './gain';
import * as Layout from '../layout';
import { addEntry, addLimbs, clearLimbs, copyLimbs, limbs, takeLimbs, whole } from './limbs';
import * as Records from '../records';
import { word } from '../memory';
import { offer } from './result';

/** Lists in the thread's scratch: the running sum, its rest, what is missing, the best sum, and a sum at hand. */
let sum: usize = 0;
let rest: usize = 0;
let missing: usize = 0;
let best: usize = 0;
let other: usize = 0;

export function useLists(scratch: usize): void {
  const bytes = limbs << 4;
  sum = scratch;
  rest = sum + bytes;
  missing = rest + bytes;
  best = missing + bytes;
  other = best + bytes;
}

@inline
function entryOf(bins: usize, bin: i32): usize {
  return bins + (<usize>bin << 4);
}

/** Gain over the node's own of the split into these two. */
function gainOf(left: usize, right: usize, feature: usize, node: usize): f32 {
  return generalGain(whole(left), whole(right), feature, node);
}

function offerLimbs(
  result: usize,
  gain: f32,
  feature: usize,
  bin: i32,
  isDefaultLeft: bool,
  left: usize,
  right: usize,
): bool {
  if (!offer(result, gain, feature, bin, isDefaultLeft, whole(left), whole(right))) return false;
  copyLimbs(result + word(Layout.RESULT_LIMBS), left);
  return true;
}

/** `accumulated` are the limbs of one side, the left one when `isLeft`. */
function trySplit(feature: usize, node: usize, result: usize, bin: i32, isDefaultLeft: bool, isLeft: bool): void {
  takeLimbs(rest, word(node + Records.NODE_LIMBS), sum);
  const left = isLeft ? sum : rest;
  const right = isLeft ? rest : sum;
  const gain = gainOf(left, right, feature, node);
  if (gain > 0 && gain != Infinity) offerLimbs(result, gain, feature, bin, isDefaultLeft, left, right);
}

/** As scan.ts: missing values right and bins from the first on, then left and from the last on. */
export function scanNumericLimbs(feature: usize, bins: usize, node: usize, result: usize): void {
  const count = load<i32>(feature, Records.FEATURE_BINS);
  clearLimbs(sum);
  for (let bin = 0; bin < count; bin++) {
    if (addEntry(sum, entryOf(bins, bin))) trySplit(feature, node, result, bin + 1, false, true);
  }
  if (!takeLimbs(rest, word(node + Records.NODE_LIMBS), sum)) return; // nothing is missing
  clearLimbs(sum);
  for (let bin = count - 1; bin >= 0; bin--) {
    if (addEntry(sum, entryOf(bins, bin))) trySplit(feature, node, result, bin, true, false);
  }
}

export function scanBundledLimbs(feature: usize, bins: usize, node: usize, result: usize): void {
  clearLimbs(sum);
  const entry = entryOf(bins, load<i32>(feature, Records.FEATURE_BINS));
  if (addEntry(sum, entry)) trySplit(feature, node, result, 1, false, false);
}

export function scanCategoriesLimbs(feature: usize, bins: usize, node: usize, result: usize, scratch: usize): void {
  const count = load<i32>(feature, Records.FEATURE_BINS);
  if (<u32>count < load<u32>(Layout.MAX_CATEGORY_ONE_HOT)) {
    scanOneHot(feature, bins, node, result, count);
    return;
  }
  sortByWeight(bins, count, scratch, limbs);
  scanDirection(feature, bins, node, result, scratch, true);
  scanDirection(feature, bins, node, result, scratch, false);
}

function scanOneHot(feature: usize, bins: usize, node: usize, result: usize, count: i32): void {
  const total = word(node + Records.NODE_LIMBS);
  clearLimbs(sum);
  for (let bin = 0; bin < count; bin++) addEntry(sum, entryOf(bins, bin));
  takeLimbs(missing, total, sum);
  let bestGain: f32 = 0;
  let bestBin = -1;
  let isDefaultLeft = false;
  for (let bin = 0; bin < count; bin++) {
    clearLimbs(other);
    addEntry(other, entryOf(bins, bin));
    for (let side = 1; side >= 0; side--) {
      if (!side) addLimbs(other, other, missing);
      takeLimbs(rest, total, other);
      const gain = gainOf(rest, other, feature, node);
      if (gain > bestGain && gain != Infinity) {
        bestGain = gain;
        bestBin = bin;
        isDefaultLeft = side == 1;
        copyLimbs(best, other);
      }
    }
  }
  if (bestBin < 0) return;
  takeLimbs(rest, total, best);
  if (offerLimbs(result, bestGain, feature, bestBin, isDefaultLeft, rest, best)) {
    clearSet(result);
    addToSet(result, bestBin);
  }
}

/** As categories.ts. */
function scanDirection(feature: usize, bins: usize, node: usize, result: usize, order: usize, isForward: bool): void {
  const count = load<i32>(feature, Records.FEATURE_BINS);
  const total = word(node + Records.NODE_LIMBS);
  const steps = min(load<i32>(Layout.MAX_CATEGORY_THRESHOLD), count) - 1;
  let bestGain: f32 = 0;
  let bestStep = -1;
  clearLimbs(sum);
  for (let step = 0; step < steps; step++) {
    const bin = load<i32>(order + (<usize>(isForward ? step : count - 1 - step) << 2));
    addEntry(sum, entryOf(bins, bin));
    takeLimbs(rest, total, sum);
    const gain = isForward ? gainOf(rest, sum, feature, node) : gainOf(sum, rest, feature, node);
    if (gain > bestGain && gain != Infinity) {
      bestGain = gain;
      bestStep = step;
      copyLimbs(best, sum);
    }
  }
  if (bestStep < 0) return;
  takeLimbs(rest, total, best);
  const left = isForward ? rest : best;
  const right = isForward ? best : rest;
  if (!offerLimbs(result, bestGain, feature, 0, isForward, left, right)) return;
  writeSet(result, order, isForward ? bestStep + 1 : count - 1 - bestStep);
}
