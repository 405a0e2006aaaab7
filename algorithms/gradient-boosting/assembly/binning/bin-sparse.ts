/**
 * Binning into sparse rows: an entry for each present value: the number of its bin in the whole histogram.
 */
import { categoryBin, numericBin } from './bin';
import * as Layout from '../layout';
import * as Records from '../records';
import { takeTask, taskAddress, word } from '../memory';

/** COUNT_VALUES: a task is a range of the block's rows; a row's count goes where the start of the next row will be. */
export function countValues(): void {
  const features = word(Layout.FEATURES);
  const starts = word(Layout.ROW_STARTS) + ((word(Layout.BLOCK_FIRST_ROW) + 1) << 2);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, Records.RANGE_BYTES);
    const end = word(range + Records.RANGE_END);
    for (let row = word(range + Records.RANGE_BEGIN); row < end; row++) {
      const from = word(Layout.BLOCK) + ((row * features) << 2);
      const to = from + (features << 2);
      let equal = i32x4.splat(0);
      let p = from;
      for (; p + 16 <= to; p += 16) equal = i32x4.add(equal, f32x4.eq(v128.load(p), v128.load(p))); // −1 for a value
      let count: u32 = 0;
      for (; p < to; p += 4) count += load<f32>(p) == load<f32>(p) ? 1 : 0;
      count -= i32x4.extract_lane(equal, 0) + i32x4.extract_lane(equal, 1);
      count -= i32x4.extract_lane(equal, 2) + i32x4.extract_lane(equal, 3);
      store<u32>(starts + (row << 2), count);
    }
  }
}

/** BIN_SPARSE: a task is a range of the dense block's rows. */
export function binSparse(): void {
  const features = word(Layout.FEATURES);
  const firstRow = word(Layout.BLOCK_FIRST_ROW);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, Records.RANGE_BYTES);
    const end = word(range + Records.RANGE_END);
    for (let row = word(range + Records.RANGE_BEGIN); row < end; row++) {
      let entry = word(Layout.ROW_BINS) + (word(word(Layout.ROW_STARTS) + ((firstRow + row) << 2)) << 2);
      const values = word(Layout.BLOCK) + ((row * features) << 2);
      let feature: usize = 0;
      for (; feature + 4 <= features; feature += 4) {
        const four = v128.load(values + (feature << 2));
        // A bit for each of the four that is a number.
        for (let present = i32x4.bitmask(f32x4.eq(four, four)); present; present &= present - 1) {
          entry = addEntry(entry, feature + ctz(present), values, firstRow + row);
        }
      }
      for (; feature < features; feature++) {
        const value = load<f32>(values + (feature << 2));
        if (value == value) entry = addEntry(entry, feature, values, firstRow + row);
      }
    }
  }
}

@inline
function addEntry(entry: usize, feature: usize, values: usize, row: usize): usize {
  store<u32>(entry, globalBin(feature, load<f32>(values + (feature << 2)), row));
  return entry + 4;
}

/** BIN_ENTRIES: a task is a range of the block's rows, whose entries lie one after the other in the block. */
export function binEntries(): void {
  const firstRow = word(Layout.BLOCK_FIRST_ROW);
  const firstEntry = word(Layout.BLOCK_FIRST_ENTRY);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, Records.RANGE_BYTES);
    const endRow = word(range + Records.RANGE_END);
    for (let row = word(range + Records.RANGE_BEGIN); row < endRow; row++) {
      const starts = word(Layout.ROW_STARTS) + ((firstRow + row) << 2);
      const end = word(starts + 4);
      for (let entry = word(starts); entry < end; entry++) {
        const source = (entry - firstEntry) << 2;
        const feature = word(word(Layout.BLOCK_FEATURES) + source);
        const bin = globalBin(feature, load<f32>(word(Layout.BLOCK) + source), firstRow + row);
        store<u32>(word(Layout.ROW_BINS) + (entry << 2), bin);
      }
    }
  }
}

/** The bin's number in the whole histogram; the bin within the column also goes into the column-major copy. */
@inline
function globalBin(feature: usize, value: f32, row: usize): u32 {
  const record = word(Layout.BIN_RECORDS) + feature * Records.BIN_RECORD_BYTES;
  const starts = word(Layout.CUT_STARTS) + (feature << 2);
  const start = word(starts);
  const count = <u32>(word(starts + 4) - start);
  const isCategorical = word(record + Records.BIN_KIND) == Records.CATEGORICAL;
  const bin = isCategorical
    ? categoryBin(value, count, load<u32>(record, Records.BIN_CODE))
    : numericBin(value, word(Layout.CUTS) + (start << 2), count);
  const column = word(record + Records.BIN_COLUMN);
  const copy = word(Layout.COLUMN_BINS);
  if (copy) store<u8>(copy + column * word(Layout.COLUMN_STRIDE) + row, <u8>bin);
  const columnRecord = word(Layout.COLUMN_RECORDS) + column * Records.COLUMN_RECORD_BYTES;
  return <u32>(word(columnRecord + Records.COLUMN_HISTOGRAM) >> 4) + bin;
}
