/**
 * The data for choosing cuts: exact facts of every feature (missing values, smallest, largest, its distinct values
 * while they are few) and a sample of its values.
 *
 * The sample is all values while there is room; then the values of every other row, those at level 1 and above; then of
 * every fourth … so that each value always has the same probability. A row's level comes from a hash of its number.
 */
import * as Layout from '../layout';
import * as Records from '../records';
import { takeTask, taskAddress, word } from '../memory';

/** A pattern of NaN marks a free slot: NaN is never put into the table. */
const FREE: u32 = 0xffffffff;

/** SKETCH: a task is a range of features of the block at hand. */
export function addBlockToSketch(): void {
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, Records.RANGE_BYTES);
    const end = word(range + Records.RANGE_END);
    for (let feature = word(range + Records.RANGE_BEGIN); feature < end; feature++) sketchFeature(feature);
  }
}

function sketchFeature(feature: usize): void {
  const record = word(Layout.SKETCHES) + feature * Records.SKETCH_RECORD_BYTES;
  const stride = word(Layout.FEATURES) << 2;
  const rows = word(Layout.BLOCK_ROWS);
  const levels = word(Layout.BLOCK_LEVELS);
  let p = word(Layout.BLOCK) + (feature << 2);
  let missing: u32 = 0;
  let minimum = load<f32>(record, Records.SKETCH_MINIMUM);
  let maximum = load<f32>(record, Records.SKETCH_MAXIMUM);
  let isOpen = load<i32>(record, Records.SKETCH_DISTINCT) <= Records.DISTINCT_LIMIT;
  let level = load<u32>(record, Records.SKETCH_LEVEL);
  let last = f32.NaN;
  for (let row: usize = 0; row < rows; row++, p += stride) {
    const value = load<f32>(p);
    if (value != value) {
      missing++;
      continue;
    }
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    if (isOpen && value != last) {
      isOpen = addDistinct(record, value);
      last = value;
    }
    if (<u32>load<u8>(levels + row) >= level) level = addToSample(feature, record, value, row);
  }
  store<u32>(record, load<u32>(record, Records.SKETCH_MISSING) + missing, Records.SKETCH_MISSING);
  store<f32>(record, minimum, Records.SKETCH_MINIMUM);
  store<f32>(record, maximum, Records.SKETCH_MAXIMUM);
}

/** SKETCH_ENTRIES: a task is a range of features; every thread looks at all entries and takes those of its features. */
export function addEntriesToSketch(): void {
  const rows = word(Layout.BLOCK_ROWS);
  const starts = word(Layout.BLOCK_STARTS);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, Records.RANGE_BYTES);
    const begin = word(range + Records.RANGE_BEGIN);
    const count = word(range + Records.RANGE_END) - begin;
    for (let row: usize = 0; row < rows; row++) {
      const end = word(starts + (row << 2) + 4);
      for (let entry = word(starts + (row << 2)); entry < end; entry++) {
        const feature = word(word(Layout.BLOCK_FEATURES) + (entry << 2));
        if (feature - begin < count) addEntry(feature, load<f32>(word(Layout.BLOCK) + (entry << 2)), row);
      }
    }
  }
}

function addEntry(feature: usize, value: f32, row: usize): void {
  const record = word(Layout.SKETCHES) + feature * Records.SKETCH_RECORD_BYTES;
  store<u32>(record, load<u32>(record, Records.SKETCH_PRESENT) + 1, Records.SKETCH_PRESENT);
  store<f32>(record, min(load<f32>(record, Records.SKETCH_MINIMUM), value), Records.SKETCH_MINIMUM);
  store<f32>(record, max(load<f32>(record, Records.SKETCH_MAXIMUM), value), Records.SKETCH_MAXIMUM);
  if (load<i32>(record, Records.SKETCH_DISTINCT) <= Records.DISTINCT_LIMIT) addDistinct(record, value);
  const level = <u32>load<u8>(word(Layout.BLOCK_LEVELS) + row);
  if (level >= load<u32>(record, Records.SKETCH_LEVEL)) addToSample(feature, record, value, row);
}

/** Adds the value of a row of the block; returns the level that rows must have from now on. */
@inline
function addToSample(feature: usize, record: usize, value: f32, row: usize): u32 {
  const capacity = word(Layout.SAMPLE_CAPACITY);
  if (word(record + Records.SKETCH_SAMPLED) == capacity) {
    thinSample(feature, record);
    const level = load<u32>(record, Records.SKETCH_LEVEL);
    if (<u32>load<u8>(word(Layout.BLOCK_LEVELS) + row) < level) return level;
  }
  const count = word(record + Records.SKETCH_SAMPLED);
  const place = feature * capacity + count;
  store<f32>(word(Layout.SAMPLE) + (place << 2), value);
  const levels = word(Layout.SAMPLE_LEVELS);
  if (levels) store<u8>(levels + place, load<u8>(word(Layout.BLOCK_LEVELS) + row));
  const weights = word(Layout.SAMPLE_WEIGHTS);
  if (weights) store<f32>(weights + (place << 2), load<f32>(word(Layout.BLOCK_WEIGHTS) + (row << 2)));
  store<u32>(record, <u32>count + 1, Records.SKETCH_SAMPLED);
  return load<u32>(record, Records.SKETCH_LEVEL);
}

/** Leaves out every other row of a full sample. */
function thinSample(feature: usize, record: usize): void {
  const capacity = word(Layout.SAMPLE_CAPACITY);
  const values = word(Layout.SAMPLE) + ((feature * capacity) << 2);
  const levels = word(Layout.SAMPLE_LEVELS) + feature * capacity;
  const weights = word(Layout.SAMPLE_WEIGHTS) ? word(Layout.SAMPLE_WEIGHTS) + ((feature * capacity) << 2) : 0;
  let count = capacity;
  while (count == capacity) {
    const level = load<u32>(record, Records.SKETCH_LEVEL) + 1;
    store<u32>(record, level, Records.SKETCH_LEVEL);
    count = 0;
    for (let i: usize = 0; i < capacity; i++) {
      const rowLevel = load<u8>(levels + i);
      if (<u32>rowLevel < level) continue;
      store<f32>(values + (count << 2), load<f32>(values + (i << 2)));
      store<u8>(levels + count, rowLevel);
      if (weights) store<f32>(weights + (count << 2), load<f32>(weights + (i << 2)));
      count++;
    }
  }
  store<u32>(record, <u32>count, Records.SKETCH_SAMPLED);
}

/** Puts a value into the feature's table; false when the table is given up. */
function addDistinct(record: usize, value: f32): bool {
  const bits = reinterpret<u32>(value + 0.0); // −0 is 0
  let slot = (bits * 0x9e3779b1) >>> 22;
  while (true) {
    const address = record + Records.SKETCH_TABLE + (<usize>slot << 2);
    const found = load<u32>(address);
    if (found == bits) return true;
    if (found == FREE) {
      store<u32>(address, bits);
      const distinct = load<i32>(record, Records.SKETCH_DISTINCT) + 1;
      store<i32>(record, distinct, Records.SKETCH_DISTINCT);
      return distinct <= Records.DISTINCT_LIMIT;
    }
    slot = (slot + 1) & (Records.DISTINCT_SLOTS - 1);
  }
}
