/**
 * Quantile cuts of a feature from the sample of its values.
 *
 * The cut for rank r is the value whose share of the total weight contains r, as XGBoost's query of an unpruned
 * summary: cuts ascend strictly and begin above the smallest value.
 */
import {
  FOUND_CUTS,
  MAX_BIN,
  SAMPLE,
  SAMPLE_CAPACITY,
  SAMPLE_WEIGHTS,
  SCRATCH,
  SCRATCH_BYTES,
  SKETCHES,
} from './layout';
import {
  DISTINCT_LIMIT,
  RANGE_BEGIN,
  RANGE_BYTES,
  RANGE_END,
  SKETCH_CUTS,
  SKETCH_DISTINCT,
  SKETCH_RECORD_BYTES,
  SKETCH_SAMPLED,
} from './records';
import { takeTask, taskAddress, word } from './memory';

/** SORT: a task is a range of features; each gets its cuts from the sample. */
export function findCuts(thread: i32): void {
  const scratch = word(SCRATCH) + <usize>thread * word(SCRATCH_BYTES);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, RANGE_BYTES);
    const end = word(range + RANGE_END);
    for (let feature = word(range + RANGE_BEGIN); feature < end; feature++) cutFeature(feature, scratch);
  }
}

/** Scratch holds two arrays of (key, weight) pairs of the sample and the counters of the radix sort. */
function cutFeature(feature: usize, scratch: usize): void {
  const record = word(SKETCHES) + feature * SKETCH_RECORD_BYTES;
  const cuts = word(FOUND_CUTS) + feature * word(MAX_BIN) * 4;
  const maxBin = load<i32>(record, SKETCH_CUTS);
  if (load<i32>(record, SKETCH_DISTINCT) <= min(maxBin, DISTINCT_LIMIT)) return; // each value gets a bin
  const capacity = word(SAMPLE_CAPACITY);
  const count = load<i32>(record, SKETCH_SAMPLED);
  const sample = word(SAMPLE) + ((feature * capacity) << 3);
  const weights = word(SAMPLE_WEIGHTS) ? word(SAMPLE_WEIGHTS) + ((feature * capacity) << 2) : 0;
  let total: f64 = 0;
  for (let i: usize = 0; i < <usize>count; i++) {
    const weight = weights ? load<f32>(weights + (i << 2)) : <f32>1;
    store<u32>(scratch + (i << 3), ascendingKey(load<f32>(sample + (i << 3)) + 0.0));
    store<f32>(scratch + (i << 3), weight, 4);
    total += <f64>weight;
  }
  const sorted = sortPairs(scratch, scratch + (capacity << 3), scratch + (capacity << 4), count);
  store<u32>(record, <u32>quantiles(sorted, count, total, maxBin, cuts), SKETCH_CUTS);
}

/** A u32 that orders as the float does. */
@inline
function ascendingKey(value: f32): u32 {
  const bits = reinterpret<u32>(value);
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
}

@inline
function keyValue(key: u32): f32 {
  return reinterpret<f32>(key & 0x80000000 ? key ^ 0x80000000 : ~key);
}

/** Radix sort of (u32 key, f32) pairs, three passes of 11 bits; returns where the sorted pairs ended up. */
function sortPairs(source: usize, target: usize, counters: usize, count: i32): usize {
  let from = source;
  let to = target;
  for (let shift: u32 = 0; shift < 33; shift += 11) {
    memory.fill(counters, 0, 2048 * 4);
    for (let i = 0; i < count; i++) {
      const slot = counters + <usize>(((load<u32>(from + (<usize>i << 3)) >>> shift) & 2047) << 2);
      store<u32>(slot, load<u32>(slot) + 1);
    }
    let sum: u32 = 0;
    for (let slot = counters; slot < counters + 2048 * 4; slot += 4) {
      const here = load<u32>(slot);
      store<u32>(slot, sum);
      sum += here;
    }
    for (let i = 0; i < count; i++) {
      const pair = load<u64>(from + (<usize>i << 3));
      const slot = counters + <usize>(((<u32>pair >>> shift) & 2047) << 2);
      const place = load<u32>(slot);
      store<u32>(slot, place + 1);
      store<u64>(to + (<usize>place << 3), pair);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

/** Inner cuts of sorted (key, weight) pairs; the closing cut above the largest value is the caller's. */
function quantiles(sorted: usize, count: i32, total: f64, maxBin: i32, cuts: usize): i32 {
  if (count == 0) return 0;
  const end = sorted + (<usize>count << 3);
  let found: i32 = 0;
  let last = load<u32>(sorted);
  let cursor = sorted; // first pair of the distinct value under the cursor
  let next = sorted; // first pair behind it
  let above: f64 = 0; // weight up to and with that value
  for (let i = 0; i < maxBin - 1; ) {
    const rank = (<f64>(i + 1) * total) / <f64>maxBin;
    // Go on to the value whose share holds the rank, and above the last cut.
    while (next == cursor || ((above <= rank || load<u32>(cursor) <= last) && next < end)) {
      cursor = next;
      const key = load<u32>(cursor);
      while (next < end && load<u32>(next) == key) {
        above += <f64>load<f32>(next, 4);
        next += 8;
      }
    }
    const key = load<u32>(cursor);
    if (key <= last) break;
    store<f32>(cuts + (<usize>found << 2), keyValue(key));
    last = key;
    found++;
    i++;
  }
  return found;
}
