/**
 * Binning: the bin of a value is the number of cuts at or below it, the last bin at most. Values become bins block by
 * block, as they come in; the floats are not kept.
 */
import {
  BIN_BYTES,
  BIN_CODE,
  BIN_COLUMN,
  BIN_KIND,
  BIN_MISSING,
  BIN_RECORD_BYTES,
  BIN_RECORDS,
  BLOCK,
  BLOCK_FIRST_ROW,
  BUNDLED,
  CATEGORICAL,
  COLUMN_BIN_BYTES,
  COLUMN_BINS,
  COLUMN_STRIDE,
  CUT_STARTS,
  CUTS,
  FEATURES,
  RANGE_BEGIN,
  RANGE_BYTES,
  RANGE_END,
  ROW_BINS,
  ROW_STRIDE,
} from './layout';
import { takeTask, taskAddress, word } from './memory';

/** BIN: a task is a range of the block's rows. */
export function binBlock(): void {
  const features = word(FEATURES);
  const isNarrow = word(BIN_BYTES) == 1;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, RANGE_BYTES);
    const begin = word(range + RANGE_BEGIN);
    const end = word(range + RANGE_END);
    for (let feature: usize = 0; feature < features; feature++) {
      if (isNarrow) binFeature<u8>(feature, begin, end);
      else binFeature<u16>(feature, begin, end);
    }
  }
}

function binFeature<T>(feature: usize, begin: usize, end: usize): void {
  const record = word(BIN_RECORDS) + feature * BIN_RECORD_BYTES;
  const kind = load<u32>(record, BIN_KIND);
  const missing = load<u32>(record, BIN_MISSING);
  const code = load<u32>(record, BIN_CODE);
  const column = <usize>load<u32>(record, BIN_COLUMN);
  const first = word(CUT_STARTS);
  const start = load<u32>(first + (feature << 2));
  const count = load<u32>(first + (feature << 2), 4) - start;
  const cuts = word(CUTS) + (<usize>start << 2);
  const inStride = word(FEATURES) << 2;
  const rowStride = word(ROW_STRIDE);
  const row = word(BLOCK_FIRST_ROW) + begin;
  let source = word(BLOCK) + begin * inStride + (feature << 2);
  let target = word(ROW_BINS) + row * rowStride + column * sizeof<T>();
  const columnBins = word(COLUMN_BINS);
  let copy = columnBins + column * word(COLUMN_STRIDE) + row * sizeof<T>();
  const step = columnBins ? sizeof<T>() : 0;
  if (!columnBins) copy = target;
  for (let i = begin; i < end; i++) {
    const value = load<f32>(source);
    let bin: u32 = missing;
    if (kind == BUNDLED) {
      // Columns of a bundle start as zeros; only a value at or above the cut leaves a mark.
      if (value >= load<f32>(cuts)) {
        store<T>(target, <T>code);
        store<T>(columnBins ? copy : target, <T>code);
      }
    } else {
      if (value == value) bin = kind == CATEGORICAL ? categoryBin(value, count, code) : numericBin(value, cuts, count);
      store<T>(target, <T>bin);
      store<T>(columnBins ? copy : target, <T>bin);
    }
    source += inStride;
    target += rowStride;
    copy += step;
  }
}

/** First bin whose cut is above the value; the last cut is never compared, so larger values fall into the last bin. */
@inline
export function numericBin(value: f32, cuts: usize, count: u32): u32 {
  let base: u32 = 0;
  let length = count - 1; // inner cuts
  while (length > 0) {
    const half = (length + 1) >>> 1;
    base = load<f32>(cuts + (<usize>(base + half - 1) << 2)) <= value ? base + half : base;
    length -= half;
  }
  return base;
}

/** A category never seen in training gets a bin of its own, which is in no set, so that it goes left. */
@inline
export function categoryBin(value: f32, count: u32, unseen: u32): u32 {
  const category = <i32>value;
  return category >= 0 && <u32>category < count ? <u32>category : unseen;
}
