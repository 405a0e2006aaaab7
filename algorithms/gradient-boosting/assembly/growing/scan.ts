/**
 * Split search: the best split of a node from its histogram. A task is a range of columns of one node, or of a node and
 * its sibling, whose histogram is made here: other − child, in the parent's place. If threads have separate histograms
 * of parts of the node, they are summed here too.
 *
 * Ties go to the lower feature, then to the split met first: missing values right before left, low bins before high
 * (with missing values left: high before low). This is XGBoost's order.
 */
import { scanCategories } from './categories';
import { generalGain, readGainSettings } from './gain';
import * as Layout from '../layout';
import { sumLocals } from './histogram';
import { limbs, useLimbs, useStride } from './limbs';
import * as Records from '../records';
import { takeTask, taskAddress, word } from '../memory';
import { clearResult, offer } from './result';
import { scanBundledLimbs, scanCategoriesLimbs, scanNumericLimbs, useLists } from './scan-limbs';
import { scanPlain } from './scan-plain';

/** SCAN. */
export function scanSplits(thread: i32): void {
  readGainSettings();
  useLimbs(word(Layout.LIMBS));
  const limbBytes = word(Layout.LIMB_BYTES);
  // A column's histogram, then lists of limbs, then room to sort categories.
  const scratch = word(Layout.SCRATCH) + <usize>thread * word(Layout.SCRATCH_BYTES);
  const sorting = scratch + word(Layout.SCRATCH_BYTES) - word(Layout.SORT_BYTES);
  if (limbs > 1) useLists(sorting - Records.LIMB_LISTS_BYTES);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const record = taskAddress(task, Records.SCAN_TASK_BYTES);
    const child = word(record + Records.SCAN_CHILD);
    const other = word(record + Records.SCAN_OTHER);
    const end = word(record + Records.SCAN_END_COLUMN);
    const keepsOther = word(record + Records.SCAN_KEEPS_OTHER);
    const local = word(record + Records.SCAN_LOCAL);
    if (local) sumLocals(local, child, word(record + Records.SCAN_FIRST_COLUMN), end);
    const childNode = word(record + Records.SCAN_CHILD_NODE);
    const otherNode = word(record + Records.SCAN_OTHER_NODE);
    const childResult = word(record + Records.SCAN_CHILD_RESULT);
    const otherResult = word(record + Records.SCAN_OTHER_RESULT);
    clearResult(childResult);
    if (other) clearResult(otherResult);
    for (let column = word(record + Records.SCAN_FIRST_COLUMN); column < end; column++) {
      const columnRecord = word(Layout.COLUMN_RECORDS) + column * Records.COLUMN_RECORD_BYTES;
      const offset = word(columnRecord + Records.COLUMN_HISTOGRAM);
      useStride(limbBytes);
      scanColumn(columnRecord, child + offset, childNode, childResult, sorting);
      if (other) {
        const sibling = keepsOther ? other + offset : scratch;
        const entries = word(columnRecord + Records.COLUMN_ENTRIES);
        const apart = keepsOther ? limbBytes : entries << 4;
        for (let limb: usize = 0; limb < limbs; limb++) {
          const at = offset + limb * limbBytes;
          subtract(sibling + limb * apart, other + at, child + at, entries);
        }
        useStride(apart);
        scanColumn(columnRecord, sibling, otherNode, otherResult, sorting);
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
  const mask = word(node + Records.NODE_MASK);
  const end = word(columnRecord + Records.COLUMN_END_FEATURE);
  for (let index = word(columnRecord + Records.COLUMN_FIRST_FEATURE); index < end; index++) {
    const feature = word(Layout.FEATURE_RECORDS) + index * Records.FEATURE_RECORD_BYTES;
    if (mask && !load<u8>(mask + word(feature + Records.FEATURE_INDEX))) continue;
    const kind = word(feature + Records.FEATURE_KIND);
    if (limbs > 1) {
      if (kind == Records.BUNDLED) scanBundledLimbs(feature, bins, node, result);
      else if (kind == Records.CATEGORICAL) scanCategoriesLimbs(feature, bins, node, result, scratch);
      else scanNumericLimbs(feature, bins, node, result);
    } else if (kind == Records.BUNDLED) scanBundled(feature, bins, node, result);
    else if (kind == Records.CATEGORICAL) scanCategories(feature, bins, node, result, scratch);
    else if (word(Layout.GENERAL_GAIN)) scanGeneral(feature, bins, node, result);
    else scanPlain(feature, bins, node, result, load<i32>(columnRecord, Records.COLUMN_ENTRIES));
  }
}

/** Numeric splits under any constraint: every bin in turn. */
function scanGeneral(feature: usize, bins: usize, node: usize, result: usize): void {
  const count = load<i32>(feature, Records.FEATURE_BINS);
  const total = v128.load(node, Records.NODE_GRADIENT);
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
  const gain = generalGain(left, right, feature, node);
  if (gain > 0 && gain != Infinity) offer(result, gain, feature, bin, isDefaultLeft, left, right);
}

/** A feature of two values that shares its column: its upper bin against all rows of the node without it. */
function scanBundled(feature: usize, bins: usize, node: usize, result: usize): void {
  const right = v128.load(bins + (word(feature + Records.FEATURE_BINS) << 4));
  if (!v128.any_true(right)) return;
  const left = f64x2.sub(v128.load(node, Records.NODE_GRADIENT), right);
  tryGeneral(feature, node, result, 1, false, left, right);
}
