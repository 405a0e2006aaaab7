/**
 * Histograms: for every column and bin the sum of (gradient, hessian) over a node's rows, as two adjacent float64, so
 * that one update is one 128-bit addition. The sums are exact (see gradients.ts). If gradients consist of several limbs
 * (limbs.ts), so does the histogram, one after the other, each filled in a separate pass.
 */
import * as Layout from '../layout';
import * as Records from '../records';
import { takeTask, taskAddress, word } from '../memory';

const COLUMN_BYTES: usize = Layout.BYTE_COLUMN_ENTRIES * 16;

/**
 * Rows looked at ahead of their use when they lie far apart: WebAssembly has no prefetch, but loads whose results are
 * not waited for overlap, so that a short run over the rows' addresses hides most of the memory's latency.
 */
const TOUCHED_ROWS: usize = 128;
const LINE_BYTES: usize = 64;

/** Keeps the loads of `touch` from being optimised away. */
export let touched: i32 = 0;

/**
 * BUILD: a task is the rows of a node in a range of shards. Of a divided node the main thread adds to the node's own
 * histogram, and each helper to one of its own.
 */
export function buildHistograms(thread: i32): void {
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const record = taskAddress(task, Records.BUILD_TASK_BYTES);
    const local = word(record + Records.BUILD_LOCAL);
    let histogram = word(record + Records.BUILD_TARGET);
    if (!local) clear(histogram, 0, word(Layout.COLUMNS));
    else {
      if (thread) histogram = localHistogram(thread, local);
      const used = localMark(thread, local);
      if (!load<u32>(used)) {
        store<u32>(used, 1);
        clear(histogram, 0, word(Layout.COLUMNS));
      }
    }
    const limbs = word(Layout.LIMBS);
    for (let limb: usize = 0; limb < limbs; limb++) {
      const gradients = word(word(Layout.LIMB_RECORDS) + limb * Records.LIMB_RECORD_BYTES + Records.LIMB_GRADIENTS);
      addNode(record, histogram + limb * word(Layout.LIMB_BYTES), gradients, limbs > 1);
    }
  }
}

function clear(histogram: usize, firstColumn: usize, endColumn: usize): void {
  const limbs = word(Layout.LIMBS);
  for (let limb: usize = 0; limb < limbs; limb++, histogram += word(Layout.LIMB_BYTES)) {
    for (let column = firstColumn; column < endColumn; column++) {
      const record = word(Layout.COLUMN_RECORDS) + column * Records.COLUMN_RECORD_BYTES;
      memory.fill(histogram + word(record + Records.COLUMN_HISTOGRAM), 0, word(record + Records.COLUMN_ENTRIES) << 4);
    }
  }
}

/** @param isPart whether the gradients are one limb of several, in which the majority of the rows may be 0 */
function addNode(record: usize, histogram: usize, gradientsOfAll: usize, isPart: bool): void {
  const shards = word(Layout.SHARDS);
  const shardRows = word(Layout.SHARD_ROWS);
  const binBytes = word(Layout.BIN_BYTES);
  const order = word(record + Records.BUILD_ORDER) ? word(Layout.ORDER_B) : word(Layout.ORDER_A);
  const segments = word(Layout.SEGMENTS) + ((word(record + Records.BUILD_NODE) * shards) << 3);
  const isScattered = word(record + Records.BUILD_SCATTERED);
  const hasAllRows = word(record + Records.BUILD_ALL_ROWS);
  const end = word(record + Records.BUILD_END_SHARD);
  for (let shard = word(record + Records.BUILD_FIRST_SHARD); shard < end; shard++) {
    const first = shard * shardRows;
    const segment = segments + (shard << 3);
    const from = order + ((first + load<u32>(segment)) << 1);
    const to = order + ((first + load<u32>(segment, 4)) << 1);
    const gradients = gradientsOfAll + (first << 3);
    const rows = word(Layout.ROW_BINS) + first * word(Layout.ROW_STRIDE);
    if (binBytes == 1) {
      if (isPart) addRowsOfPart(histogram, rows, gradients, from, to);
      else if (hasAllRows) addAllRows(histogram, rows, gradients, (to - from) >> 1);
      else addRows(histogram, rows, gradients, from, to, isScattered);
    } else if (binBytes == 2) addWideRows(histogram, rows, gradients, from, to);
    else addSparseRows(histogram, word(Layout.ROW_STARTS) + (first << 2), gradients, from, to);
  }
}

/** Every row of a shard from the first on: no row numbers are read. */
function addAllRows(histogram: usize, rows: usize, gradients: usize, count: usize): void {
  const columns = word(Layout.COLUMNS);
  const stride = word(Layout.ROW_STRIDE);
  for (let i: usize = 0; i < count; i++) {
    addRow(histogram, rows, f64x2.promote_low_f32x4(v128.load64_zero(gradients)), columns);
    rows += stride;
    gradients += 8;
  }
}

function addRows(histogram: usize, rows: usize, gradients: usize, from: usize, to: usize, isScattered: usize): void {
  const columns = word(Layout.COLUMNS);
  const stride = word(Layout.ROW_STRIDE);
  let ahead = isScattered ? from : to;
  for (let p = from; p < to; p += 2) {
    if (p == ahead) {
      ahead = min(to, p + 2 * TOUCHED_ROWS);
      touched += touch(rows, gradients, p, ahead, stride, columns);
    }
    const row = <usize>load<u16>(p);
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(gradients + (row << 3)));
    addRow(histogram, rows + row * stride, pair, columns);
  }
}

/** Rows that have nothing in this limb are passed over. */
function addRowsOfPart(histogram: usize, rows: usize, gradients: usize, from: usize, to: usize): void {
  const columns = word(Layout.COLUMNS);
  const stride = word(Layout.ROW_STRIDE);
  for (let p = from; p < to; p += 2) {
    const row = <usize>load<u16>(p);
    const given = v128.load64_zero(gradients + (row << 3));
    if (!v128.any_true(f32x4.ne(given, f32x4.splat(0)))) continue;
    addRow(histogram, rows + row * stride, f64x2.promote_low_f32x4(given), columns);
  }
}

function touch(rows: usize, gradients: usize, from: usize, to: usize, stride: usize, columns: usize): i32 {
  let sum = 0;
  // Rows that begin with a cache line or lie within one have no bytes in a line that is not seen from the first on.
  const last = LINE_BYTES % stride != 0 && stride % LINE_BYTES != 0 ? columns - 1 : 0;
  for (let p = from; p < to; p += 2) {
    const row = <usize>load<u16>(p);
    const bins = rows + row * stride;
    sum += load<i32>(gradients + (row << 3)) + <i32>load<u8>(bins);
    for (let q = LINE_BYTES; q < columns; q += LINE_BYTES) sum += <i32>load<u8>(bins + q);
    if (last) sum += <i32>load<u8>(bins + last);
  }
  return sum;
}

/** Adds one row: four columns at a time, their distances being constants of the load and store instructions. */
@inline
function addRow(histogram: usize, bins: usize, pair: v128, columns: usize): void {
  const end = bins + columns;
  for (; bins + 4 <= end; bins += 4) {
    const a = histogram + (<usize>load<u8>(bins) << 4);
    v128.store(a, f64x2.add(v128.load(a), pair));
    const b = histogram + (<usize>load<u8>(bins, 1) << 4);
    v128.store(b, f64x2.add(v128.load(b, COLUMN_BYTES), pair), COLUMN_BYTES);
    const c = histogram + (<usize>load<u8>(bins, 2) << 4);
    v128.store(c, f64x2.add(v128.load(c, 2 * COLUMN_BYTES), pair), 2 * COLUMN_BYTES);
    const d = histogram + (<usize>load<u8>(bins, 3) << 4);
    v128.store(d, f64x2.add(v128.load(d, 3 * COLUMN_BYTES), pair), 3 * COLUMN_BYTES);
    histogram += 4 * COLUMN_BYTES;
  }
  for (; bins < end; bins++) {
    const a = histogram + (<usize>load<u8>(bins) << 4);
    v128.store(a, f64x2.add(v128.load(a), pair));
    histogram += COLUMN_BYTES;
  }
}

/** Bins of two bytes, columns of any length. */
function addWideRows(histogram: usize, rows: usize, gradients: usize, from: usize, to: usize): void {
  const columns = word(Layout.COLUMNS);
  const stride = word(Layout.ROW_STRIDE);
  const records = word(Layout.COLUMN_RECORDS);
  const recordsEnd = records + columns * Records.COLUMN_RECORD_BYTES;
  for (let p = from; p < to; p += 2) {
    const row = <usize>load<u16>(p);
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(gradients + (row << 3)));
    let bins = rows + row * stride;
    for (let record = records; record < recordsEnd; record += Records.COLUMN_RECORD_BYTES) {
      const a = histogram + word(record + Records.COLUMN_HISTOGRAM) + (<usize>load<u16>(bins) << 4);
      v128.store(a, f64x2.add(v128.load(a), pair));
      bins += 2;
    }
  }
}

/** Sparse rows: an entry is the number of its bin in the whole histogram. */
function addSparseRows(histogram: usize, starts: usize, gradients: usize, from: usize, to: usize): void {
  const entries = word(Layout.ROW_BINS);
  for (let p = from; p < to; p += 2) {
    const row = <usize>load<u16>(p);
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(gradients + (row << 3)));
    let entry = entries + (<usize>load<u32>(starts + (row << 2)) << 2);
    const end = entries + (<usize>load<u32>(starts + (row << 2), 4) << 2);
    for (; entry + 16 <= end; entry += 16) {
      const a = histogram + (<usize>load<u32>(entry) << 4);
      v128.store(a, f64x2.add(v128.load(a), pair));
      const b = histogram + (<usize>load<u32>(entry, 4) << 4);
      v128.store(b, f64x2.add(v128.load(b), pair));
      const c = histogram + (<usize>load<u32>(entry, 8) << 4);
      v128.store(c, f64x2.add(v128.load(c), pair));
      const d = histogram + (<usize>load<u32>(entry, 12) << 4);
      v128.store(d, f64x2.add(v128.load(d), pair));
    }
    for (; entry < end; entry += 4) {
      const a = histogram + (<usize>load<u32>(entry) << 4);
      v128.store(a, f64x2.add(v128.load(a), pair));
    }
  }
}

/** Adds the helpers' histograms of their parts of a divided node to the node's, columns `first` … `end` − 1. */
export function sumLocals(local: usize, target: usize, first: usize, end: usize): void {
  const threads = <i32>word(Layout.THREADS);
  const limbs = word(Layout.LIMBS);
  let isEmpty = !load<u32>(localMark(0, local));
  for (let thread = 1; thread < threads; thread++) {
    if (!load<u32>(localMark(thread, local))) continue;
    const source = localHistogram(thread, local);
    for (let limb: usize = 0; limb < limbs; limb++) {
      const offset = limb * word(Layout.LIMB_BYTES);
      addColumns(target + offset, source + offset, first, end, isEmpty);
    }
    isEmpty = false;
  }
}

/** A helper's histogram number `local`, from 1. @param thread from 1 */
@inline
function localHistogram(thread: i32, local: usize): usize {
  const index = <usize>(thread - 1) * word(Layout.LOCAL_COUNT) + local - 1;
  return word(Layout.LOCAL_HISTOGRAMS) + index * word(Layout.HISTOGRAM_BYTES);
}

/** The mark of a thread that it has added to divided node number `local`, from 1. */
@inline
function localMark(thread: i32, local: usize): usize {
  return word(Layout.LOCAL_USED) + ((<usize>thread * word(Layout.LOCAL_COUNT) + local - 1) << 2);
}

function addColumns(target: usize, source: usize, first: usize, end: usize, isCopy: bool): void {
  for (let column = first; column < end; column++) {
    const record = word(Layout.COLUMN_RECORDS) + column * Records.COLUMN_RECORD_BYTES;
    const offset = word(record + Records.COLUMN_HISTOGRAM);
    const bytes = word(record + Records.COLUMN_ENTRIES) << 4;
    if (isCopy) memory.copy(target + offset, source + offset, bytes);
    else {
      for (let p: usize = 0; p < bytes; p += 16) {
        const a = target + offset + p;
        v128.store(a, f64x2.add(v128.load(a), v128.load(source + offset + p)));
      }
    }
  }
}
