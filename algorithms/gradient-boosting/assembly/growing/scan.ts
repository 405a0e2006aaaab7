/**
 * Split search: the best split of a node from its histogram. A task is a range of columns of one node, or of a node and
 * its sibling, whose histogram is made here: other − child, in the parent's place. Where threads have histograms of their
 * own of parts of the node, their sum is made here too.
 *
 * Ties go to the lower feature, then to the split met first: missing values right before left, low bins before high
 * (with missing values left: high before low). This is XGBoost's order.
 */
import { scanCategories } from './categories';
import { generalGain, readGainSettings } from './gain';
import {
  COLUMN_RECORDS,
  FEATURE_RECORDS,
  GENERAL_GAIN,
  LIMB_BYTES,
  LIMBS,
  SCRATCH,
  SCRATCH_BYTES,
  SORT_BYTES,
} from '../layout';
import { sumLocals } from './histogram';
import { limbs, useLimbs, useStride } from './limbs';
import {
  BUNDLED,
  CATEGORICAL,
  COLUMN_END_FEATURE,
  COLUMN_ENTRIES,
  COLUMN_FIRST_FEATURE,
  COLUMN_HISTOGRAM,
  COLUMN_RECORD_BYTES,
  FEATURE_BINS,
  FEATURE_INDEX,
  FEATURE_KIND,
  FEATURE_MONOTONE,
  FEATURE_RECORD_BYTES,
  LIMB_LISTS_BYTES,
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
  SCAN_KEEPS_OTHER,
  SCAN_LOCAL,
  SCAN_OTHER,
  SCAN_OTHER_NODE,
  SCAN_OTHER_RESULT,
  SCAN_TASK_BYTES,
} from '../records';
import { takeTask, taskAddress, word } from '../memory';
import { clearResult, offer } from './result';
import { scanBundledLimbs, scanCategoriesLimbs, scanNumericLimbs, useLists } from './scan-limbs';
import { scanPlain } from './scan-plain';

/** SCAN. */
export function scanSplits(thread: i32): void {
  readGainSettings();
  useLimbs(word(LIMBS));
  const limbBytes = word(LIMB_BYTES);
  // A column's histogram, then lists of limbs, then room to sort categories.
  const scratch = word(SCRATCH) + <usize>thread * word(SCRATCH_BYTES);
  const sorting = scratch + word(SCRATCH_BYTES) - word(SORT_BYTES);
  if (limbs > 1) useLists(sorting - LIMB_LISTS_BYTES);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const record = taskAddress(task, SCAN_TASK_BYTES);
    const child = word(record + SCAN_CHILD);
    const other = word(record + SCAN_OTHER);
    const end = word(record + SCAN_END_COLUMN);
    const keepsOther = word(record + SCAN_KEEPS_OTHER);
    const local = word(record + SCAN_LOCAL);
    if (local) sumLocals(local - 1, child, word(record + SCAN_FIRST_COLUMN), end);
    clearResult(word(record + SCAN_CHILD_RESULT));
    if (other) clearResult(word(record + SCAN_OTHER_RESULT));
    for (let column = word(record + SCAN_FIRST_COLUMN); column < end; column++) {
      const columnRecord = word(COLUMN_RECORDS) + column * COLUMN_RECORD_BYTES;
      const offset = word(columnRecord + COLUMN_HISTOGRAM);
      useStride(limbBytes);
      scanColumn(columnRecord, child + offset, word(record + SCAN_CHILD_NODE), word(record + SCAN_CHILD_RESULT), sorting);
      if (other) {
        const sibling = keepsOther ? other + offset : scratch;
        const entries = word(columnRecord + COLUMN_ENTRIES);
        const apart = keepsOther ? limbBytes : entries << 4;
        for (let limb: usize = 0; limb < limbs; limb++) {
          const at = offset + limb * limbBytes;
          subtract(sibling + limb * apart, other + at, child + at, entries);
        }
        useStride(apart);
        scanColumn(columnRecord, sibling, word(record + SCAN_OTHER_NODE), word(record + SCAN_OTHER_RESULT), sorting);
      }
    }
  }
}

function subtract(target: usize, parent: usize, child: usize, entries: usize): void {
  const end = target + (entries << 4);
  for (; target < end; target += 16, parent += 16, child += 16) {
    v128.store(target, f64x2.sub(v128.load(parent), v128.load(child)));
  }
}

function scanColumn(columnRecord: usize, bins: usize, node: usize, result: usize, scratch: usize): void {
  const mask = word(node + NODE_MASK);
  const end = word(columnRecord + COLUMN_END_FEATURE);
  for (let index = word(columnRecord + COLUMN_FIRST_FEATURE); index < end; index++) {
    const feature = word(FEATURE_RECORDS) + index * FEATURE_RECORD_BYTES;
    if (mask && !load<u8>(mask + word(feature + FEATURE_INDEX))) continue;
    const kind = word(feature + FEATURE_KIND);
    if (limbs > 1) {
      if (kind == BUNDLED) scanBundledLimbs(feature, bins, node, result);
      else if (kind == CATEGORICAL) scanCategoriesLimbs(feature, bins, node, result, scratch);
      else scanNumericLimbs(feature, bins, node, result);
    } else if (kind == BUNDLED) scanBundled(feature, bins, node, result);
    else if (kind == CATEGORICAL) scanCategories(feature, bins, node, result, scratch);
    else if (word(GENERAL_GAIN)) scanGeneral(feature, bins, node, result);
    else scanPlain(feature, bins, node, result, load<i32>(columnRecord, COLUMN_ENTRIES));
  }
}

/** Numeric splits under any constraint: every bin in turn. */
function scanGeneral(feature: usize, bins: usize, node: usize, result: usize): void {
  const count = load<i32>(feature, FEATURE_BINS);
  const total = v128.load(node, NODE_GRADIENT);
  // Missing values right: after each bin, everything up to it goes left.
  let sum = f64x2.splat(0);
  for (let bin = 0; bin < count; bin++) {
    const entry = v128.load(bins + (<usize>bin << 4));
    if (!v128.any_true(entry)) continue; // an empty bin splits as the one before it
    sum = f64x2.add(sum, entry);
    tryGeneral(feature, node, result, bin + 1, false, sum, f64x2.sub(total, sum));
  }
  if (!v128.any_true(f64x2.ne(sum, total))) return; // nothing is missing
  // Missing values left: before each bin from the last on, everything from it goes right.
  sum = f64x2.splat(0);
  for (let bin = count - 1; bin >= 0; bin--) {
    const entry = v128.load(bins + (<usize>bin << 4));
    if (!v128.any_true(entry)) continue;
    sum = f64x2.add(sum, entry);
    tryGeneral(feature, node, result, bin, true, f64x2.sub(total, sum), sum);
  }
}

function tryGeneral(
  feature: usize,
  node: usize,
  result: usize,
  bin: i32,
  isDefaultLeft: bool,
  left: v128,
  right: v128,
): void {
  const gain =
    generalGain(
      f64x2.extract_lane(left, 0),
      f64x2.extract_lane(left, 1),
      f64x2.extract_lane(right, 0),
      f64x2.extract_lane(right, 1),
      load<i32>(feature, FEATURE_MONOTONE),
      load<f32>(node, NODE_LOWER),
      load<f32>(node, NODE_UPPER),
    ) - load<f32>(node, NODE_GAIN);
  if (gain > 0 && gain != Infinity) offer(result, gain, feature, bin, isDefaultLeft, left, right);
}

/** A feature of two values that shares its column: its upper bin against all rows of the node without it. */
function scanBundled(feature: usize, bins: usize, node: usize, result: usize): void {
  const right = v128.load(bins + (word(feature + FEATURE_BINS) << 4));
  if (!v128.any_true(right)) return;
  const left = f64x2.sub(v128.load(node, NODE_GRADIENT), right);
  tryGeneral(feature, node, result, 1, false, left, right);
}
