/**
 * Quantile cuts of a feature from the sample of its values.
 *
 * The cut for rank r is the value whose share of the total weight contains r, as XGBoost's query of an unpruned
 * summary: cuts ascend strictly and begin above the smallest value.
 */
import * as Layout from '../layout';
import * as Records from '../records';
import { takeTask, taskAddress, word } from '../memory';

/** SORT: a task is a range of features; each gets its cuts from the sample. */
export function findCuts(thread: i32): void {
  const scratch = word(Layout.SCRATCH) + <usize>thread * word(Layout.SCRATCH_BYTES);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, Records.RANGE_BYTES);
    const end = word(range + Records.RANGE_END);
    for (let feature = word(range + Records.RANGE_BEGIN); feature < end; feature++) cutFeature(feature, scratch);
  }
}

/** Scratch holds two arrays of keys, or (key, weight) pairs, of the sample and the counters of the radix sort. */
function cutFeature(feature: usize, scratch: usize): void {
  const record = word(Layout.SKETCHES) + feature * Records.SKETCH_RECORD_BYTES;
  const maxBin = load<i32>(record, Records.SKETCH_CUTS);
  // Each value gets a bin.
  if (load<i32>(record, Records.SKETCH_DISTINCT) <= min(maxBin, Records.DISTINCT_LIMIT)) return;
  const cuts = word(Layout.FOUND_CUTS) + feature * word(Layout.MAX_BIN) * 4;
  const first = (feature * word(Layout.SAMPLE_CAPACITY)) << 2;
  const found = word(Layout.SAMPLE_WEIGHTS)
    ? cutSample<u64>(record, word(Layout.SAMPLE) + first, word(Layout.SAMPLE_WEIGHTS) + first, scratch, cuts)
    : cutSample<u32>(record, word(Layout.SAMPLE) + first, 0, scratch, cuts);
  store<u32>(record, <u32>found, Records.SKETCH_CUTS);
}

/** T: u32 for keys alone, each of weight 1; u64 for a key and, above it, the f32 bits of its weight. */
function cutSample<T>(record: usize, sample: usize, weights: usize, scratch: usize, cuts: usize): i32 {
  const count = load<i32>(record, Records.SKETCH_SAMPLED);
  const maxBin = load<i32>(record, Records.SKETCH_CUTS);
  let total: f64 = 0;
  for (let i: usize = 0; i < <usize>count; i++) {
    const key = ascendingKey(load<f32>(sample + (i << 2)) + 0.0);
    if (sizeof<T>() == 8) {
      total += <f64>load<f32>(weights + (i << 2));
      store<u32>(scratch + (i << 3), key);
      store<u32>(scratch + (i << 3), load<u32>(weights + (i << 2)), 4);
    } else store<u32>(scratch + (i << 2), key);
  }
  if (sizeof<T>() == 4) total = <f64>count;
  const room = word(Layout.SAMPLE_CAPACITY) * sizeof<T>();
  const sorted = sort<T>(scratch, scratch + room, scratch + 2 * room, count);
  return quantiles<T>(sorted, count, total, maxBin, cuts);
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

const DIGITS: usize = 2048;

/** Radix sort by the key, three passes of 11 bits; returns where the sorted entries ended up. */
function sort<T>(source: usize, target: usize, counters: usize, count: i32): usize {
  countDigits<T>(source, counters, count);
  let from = source;
  let to = target;
  for (let shift: u32 = 0; shift < 33; shift += 11, counters += DIGITS << 2) {
    for (let i = 0; i < count; i++) {
      const entry = load<T>(from + <usize>i * sizeof<T>());
      const slot = counters + <usize>(((<u32>entry >>> shift) & 2047) << 2);
      const place = load<u32>(slot);
      store<u32>(slot, place + 1);
      store<T>(to + <usize>place * sizeof<T>(), entry);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

/** For each pass the place of the first entry of each digit. */
function countDigits<T>(source: usize, counters: usize, count: i32): void {
  memory.fill(counters, 0, 3 * (DIGITS << 2));
  for (let i = 0; i < count; i++) {
    const key = <u32>load<T>(source + <usize>i * sizeof<T>());
    countOne(counters, key & 2047);
    countOne(counters + (DIGITS << 2), (key >>> 11) & 2047);
    countOne(counters + 2 * (DIGITS << 2), key >>> 22);
  }
  for (let pass: usize = 0; pass < 3; pass++) {
    let sum: u32 = 0;
    for (let end = counters + (DIGITS << 2); counters < end; counters += 4) {
      const here = load<u32>(counters);
      store<u32>(counters, sum);
      sum += here;
    }
  }
}

@inline
function countOne(counters: usize, digit: u32): void {
  const slot = counters + <usize>(digit << 2);
  store<u32>(slot, load<u32>(slot) + 1);
}

/** Inner cuts of the sorted entries; the closing cut above the largest value is the caller's. */
function quantiles<T>(sorted: usize, count: i32, total: f64, maxBin: i32, cuts: usize): i32 {
  if (count == 0) return 0;
  const end = sorted + <usize>count * sizeof<T>();
  let found: i32 = 0;
  let last = load<u32>(sorted);
  let cursor = sorted; // first entry of the distinct value under the cursor
  let next = sorted; // first entry behind it
  let above: f64 = 0; // weight up to and with that value
  for (let i = 0; i < maxBin - 1; ) {
    const rank = (<f64>(i + 1) * total) / <f64>maxBin;
    // Continue to the value whose share holds the rank, and above the last cut.
    while (next == cursor || ((above <= rank || load<u32>(cursor) <= last) && next < end)) {
      cursor = next;
      const key = load<u32>(cursor);
      while (next < end && load<u32>(next) == key) {
        above += sizeof<T>() == 8 ? <f64>load<f32>(next, 4) : 1;
        next += sizeof<T>();
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
