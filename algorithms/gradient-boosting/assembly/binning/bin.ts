/**
 * Binning: the bin of a value is the number of cuts at or below it, the last bin at most. Values become bins block by
 * block, as they come in; the floats are not kept.
 */
import * as Layout from '../layout';
import * as Records from '../records';
import { takeTask, taskAddress, word } from '../memory';

/** BIN: a task is a range of the block's rows. */
export function binBlock(): void {
  const features = word(Layout.FEATURES);
  const isNarrow = word(Layout.BIN_BYTES) == 1;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, Records.RANGE_BYTES);
    const begin = word(range + Records.RANGE_BEGIN);
    const end = word(range + Records.RANGE_END);
    for (let feature: usize = 0; feature < features; feature++) {
      if (isNarrow) binFeature<u8>(feature, begin, end);
      else binFeature<u16>(feature, begin, end);
    }
  }
}

function binFeature<T>(feature: usize, begin: usize, end: usize): void {
  const record = word(Layout.BIN_RECORDS) + feature * Records.BIN_RECORD_BYTES;
  const kind = load<u32>(record, Records.BIN_KIND);
  const missing = load<u32>(record, Records.BIN_MISSING);
  const code = load<u32>(record, Records.BIN_CODE);
  const column = <usize>load<u32>(record, Records.BIN_COLUMN);
  const first = word(Layout.CUT_STARTS);
  const start = load<u32>(first + (feature << 2));
  const count = load<u32>(first + (feature << 2), 4) - start;
  const cuts = word(Layout.CUTS) + (<usize>start << 2);
  const inStride = word(Layout.FEATURES) << 2;
  const rowStride = word(Layout.ROW_STRIDE);
  const row = word(Layout.BLOCK_FIRST_ROW) + begin;
  let source = word(Layout.BLOCK) + begin * inStride + (feature << 2);
  let target = word(Layout.ROW_BINS) + row * rowStride + column * sizeof<T>();
  const columnBins = word(Layout.COLUMN_BINS);
  let copy = columnBins + column * word(Layout.COLUMN_STRIDE) + row * sizeof<T>();
  const step: usize = columnBins ? sizeof<T>() : 0;
  let i = begin;
  if (kind == Records.NUMERIC) {
    // Four searches side by side: their steps are the same, and each waits for memory on its own.
    for (; i + 4 <= end; i += 4) {
      const a = load<f32>(source);
      const b = load<f32>(source + inStride);
      const c = load<f32>(source + 2 * inStride);
      const d = load<f32>(source + 3 * inStride);
      let binA: u32 = 0;
      let binB: u32 = 0;
      let binC: u32 = 0;
      let binD: u32 = 0;
      for (let length = count - 1; length > 0; ) {
        const half = (length + 1) >>> 1;
        const middle = cuts + (<usize>half << 2) - 4;
        binA = select<u32>(binA + half, binA, load<f32>(middle + (<usize>binA << 2)) <= a);
        binB = select<u32>(binB + half, binB, load<f32>(middle + (<usize>binB << 2)) <= b);
        binC = select<u32>(binC + half, binC, load<f32>(middle + (<usize>binC << 2)) <= c);
        binD = select<u32>(binD + half, binD, load<f32>(middle + (<usize>binD << 2)) <= d);
        length -= half;
      }
      binA = select<u32>(binA, missing, a == a);
      binB = select<u32>(binB, missing, b == b);
      binC = select<u32>(binC, missing, c == c);
      binD = select<u32>(binD, missing, d == d);
      store<T>(target, <T>binA);
      store<T>(target + rowStride, <T>binB);
      store<T>(target + 2 * rowStride, <T>binC);
      store<T>(target + 3 * rowStride, <T>binD);
      if (step) {
        store<T>(copy, <T>binA);
        store<T>(copy + step, <T>binB);
        store<T>(copy + 2 * step, <T>binC);
        store<T>(copy + 3 * step, <T>binD);
      }
      source += 4 * inStride;
      target += 4 * rowStride;
      copy += 4 * step;
    }
  }
  for (; i < end; i++) {
    const value = load<f32>(source);
    if (kind == Records.BUNDLED) {
      // Columns of a bundle start as zeros; only a value at or above the cut leaves a mark.
      if (value >= load<f32>(cuts)) {
        store<T>(target, <T>code);
        if (step) store<T>(copy, <T>code);
      }
    } else {
      let bin = missing;
      if (value == value) {
        bin = kind == Records.CATEGORICAL ? categoryBin(value, count, code) : numericBin(value, cuts, count);
      }
      store<T>(target, <T>bin);
      if (step) store<T>(copy, <T>bin);
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
