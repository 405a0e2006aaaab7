/**
 * The bin of one row in one column, wherever it is stored.
 */
import * as Layout from '../layout';
import * as Records from '../records';
import { word } from '../memory';

/** Bin of a sparse row: a search among its entries, which ascend; without an entry the missing bin. */
export function sparseBin(row: usize, column: usize): u32 {
  const record = word(Layout.COLUMN_RECORDS) + column * Records.COLUMN_RECORD_BYTES;
  const low = <u32>(word(record + Records.COLUMN_HISTOGRAM) >> 4);
  const missing = <u32>word(record + Records.COLUMN_ENTRIES);
  const entries = word(Layout.ROW_BINS);
  let begin = load<u32>(word(Layout.ROW_STARTS) + (row << 2));
  let length = load<u32>(word(Layout.ROW_STARTS) + (row << 2), 4) - begin;
  while (length > 0) {
    const half = length >>> 1;
    if (load<u32>(entries + (<usize>(begin + half) << 2)) < low) {
      begin += half + 1;
      length -= half + 1;
    } else length = half;
  }
  if (begin == load<u32>(word(Layout.ROW_STARTS) + (row << 2), 4)) return missing;
  const bin = load<u32>(entries + (<usize>begin << 2)) - low;
  return bin < missing ? bin : missing;
}

/** Whether a bin goes right: by its distance from `low`, or by its bit in a set. */
@inline
export function goesRight(bin: u32, low: u32, width: u32, set: usize): u32 {
  if (set) return (load<u32>(set + (<usize>(bin >>> 5) << 2)) >>> (bin & 31)) & 1;
  return bin - low < width ? 1 : 0;
}
