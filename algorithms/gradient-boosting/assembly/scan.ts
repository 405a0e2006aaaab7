/**
 * Split search: the best split of a node from its histogram. A task is a range of columns of one node, or of a node and
 * its sibling, whose histogram is made here: other − child, in the parent's place.
 *
 * Ties go to the lower feature, then to the split met first: missing values right before left, low bins before high
 * (with missing values left: high before low). This is XGBoost's order.
 */
import { scanCategories } from './categories';
import { generalGain, plainGain, readGainSettings } from './gain';
import {
  BUNDLED,
  CATEGORICAL,
  COLUMN_END_FEATURE,
  COLUMN_ENTRIES,
  COLUMN_FIRST_FEATURE,
  COLUMN_HISTOGRAM,
  COLUMN_RECORD_BYTES,
  COLUMN_RECORDS,
  FEATURE_BINS,
  FEATURE_INDEX,
  FEATURE_KIND,
  FEATURE_MONOTONE,
  FEATURE_RECORD_BYTES,
  FEATURE_RECORDS,
  GENERAL_GAIN,
  NODE_GAIN,
  NODE_GRADIENT,
  NODE_LOWER,
  NODE_MASK,
  NODE_UPPER,
  SCAN_CHILD,
  SCAN_CHILD_NODE,
  SCAN_CHILD_RESULT,
  SCAN_END_COLUMN,
  SCAN_FIRST_COLUMN,
  SCAN_OTHER,
  SCAN_OTHER_NODE,
  SCAN_OTHER_RESULT,
  SCAN_TASK_BYTES,
  SCRATCH,
  SCRATCH_BYTES,
} from './layout';
import { takeTask, taskAddress, word } from './memory';
import { clearResult, offer } from './result';

/** SCAN. */
export function scanSplits(thread: i32): void {
  readGainSettings();
  const scratch = word(SCRATCH) + <usize>thread * word(SCRATCH_BYTES);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const record = taskAddress(task, SCAN_TASK_BYTES);
    const child = word(record + SCAN_CHILD);
    const other = word(record + SCAN_OTHER);
    const end = word(record + SCAN_END_COLUMN);
    clearResult(word(record + SCAN_CHILD_RESULT));
    if (other) clearResult(word(record + SCAN_OTHER_RESULT));
    for (let column = word(record + SCAN_FIRST_COLUMN); column < end; column++) {
      const columnRecord = word(COLUMN_RECORDS) + column * COLUMN_RECORD_BYTES;
      const offset = word(columnRecord + COLUMN_HISTOGRAM);
      if (other) subtract(other + offset, child + offset, word(columnRecord + COLUMN_ENTRIES));
      scanColumn(columnRecord, child + offset, word(record + SCAN_CHILD_NODE), word(record + SCAN_CHILD_RESULT), scratch);
      if (other) {
        scanColumn(columnRecord, other + offset, word(record + SCAN_OTHER_NODE), word(record + SCAN_OTHER_RESULT), scratch);
      }
    }
  }
}

function subtract(target: usize, source: usize, entries: usize): void {
  const end = target + (entries << 4);
  for (; target < end; target += 16, source += 16) {
    v128.store(target, f64x2.sub(v128.load(target), v128.load(source)));
  }
}

function scanColumn(columnRecord: usize, bins: usize, node: usize, result: usize, scratch: usize): void {
  const mask = word(node + NODE_MASK);
  const end = word(columnRecord + COLUMN_END_FEATURE);
  for (let index = word(columnRecord + COLUMN_FIRST_FEATURE); index < end; index++) {
    const feature = word(FEATURE_RECORDS) + index * FEATURE_RECORD_BYTES;
    if (mask && !load<u8>(mask + word(feature + FEATURE_INDEX))) continue;
    const kind = word(feature + FEATURE_KIND);
    if (kind == BUNDLED) scanBundled(feature, bins, node, result);
    else if (kind == CATEGORICAL) scanCategories(feature, bins, node, result, scratch);
    else if (word(GENERAL_GAIN)) scanNumeric<GeneralGain>(feature, bins, node, result);
    else scanNumeric<PlainGain>(feature, bins, node, result);
  }
}

/** Stand for the two formulas as type arguments, so that each gets its own compiled loop. */
class PlainGain {}
class GeneralGain {}

@inline
function splitGain<Formula>(left: v128, right: v128, feature: usize, node: usize): f32 {
  if (idof<Formula>() == idof<PlainGain>()) return plainGain(left, right);
  return generalGain(
    f64x2.extract_lane(left, 0),
    f64x2.extract_lane(left, 1),
    f64x2.extract_lane(right, 0),
    f64x2.extract_lane(right, 1),
    load<i32>(feature, FEATURE_MONOTONE),
    load<f32>(node, NODE_LOWER),
    load<f32>(node, NODE_UPPER),
  );
}

function scanNumeric<Formula>(feature: usize, bins: usize, node: usize, result: usize): void {
  const count = load<i32>(feature, FEATURE_BINS);
  const total = v128.load(node, NODE_GRADIENT);
  const nodeGain = load<f32>(node, NODE_GAIN);
  const zero = f64x2.splat(0);
  // Missing values right: after each bin, everything up to it goes left.
  let sum = zero;
  let best: f32 = 0;
  let bestBin = -1;
  let bestLeft = zero;
  for (let bin = 0; bin < count; bin++) {
    const entry = v128.load(bins + (<usize>bin << 4));
    if (!v128.any_true(entry)) continue; // an empty bin splits as the one before it
    sum = f64x2.add(sum, entry);
    const gain = splitGain<Formula>(sum, f64x2.sub(total, sum), feature, node) - nodeGain;
    if (gain > best && gain != Infinity) {
      best = gain;
      bestBin = bin;
      bestLeft = sum;
    }
  }
  if (bestBin >= 0) offer(result, best, feature, bestBin + 1, false, bestLeft, f64x2.sub(total, bestLeft));
  if (!v128.any_true(f64x2.ne(sum, total))) return; // nothing is missing

  // Missing values left: before each bin from the last on, everything from it goes right.
  sum = zero;
  best = 0;
  bestBin = -1;
  for (let bin = count - 1; bin >= 0; bin--) {
    const entry = v128.load(bins + (<usize>bin << 4));
    if (!v128.any_true(entry)) continue;
    sum = f64x2.add(sum, entry);
    const gain = splitGain<Formula>(f64x2.sub(total, sum), sum, feature, node) - nodeGain;
    if (gain > best && gain != Infinity) {
      best = gain;
      bestBin = bin;
      bestLeft = sum;
    }
  }
  if (bestBin >= 0) offer(result, best, feature, bestBin, true, f64x2.sub(total, bestLeft), bestLeft);
}

/** A feature of two values that shares its column: its upper bin against all rows of the node without it. */
function scanBundled(feature: usize, bins: usize, node: usize, result: usize): void {
  const right = v128.load(bins + (word(feature + FEATURE_BINS) << 4));
  if (!v128.any_true(right)) return;
  const left = f64x2.sub(v128.load(node, NODE_GRADIENT), right);
  const gain = splitGain<GeneralGain>(left, right, feature, node) - load<f32>(node, NODE_GAIN);
  if (gain > 0 && gain != Infinity) offer(result, gain, feature, 1, false, left, right);
}
