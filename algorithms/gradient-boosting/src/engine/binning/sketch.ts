/**
 * The kernel's sketches of features, read and written: exact facts, distinct values if they are few, and the resulting
 * cuts.
 */
import { ClientError } from '@algo/contract';
import * as Layout from '../../../assembly/layout.js';
import * as Records from '../../../assembly/records.js';
import { tasksBetweenLooks } from '../interruption.js';
import type { Pool } from '../threads/pool.js';
import { writeRanges } from '../threads/task-ranges.js';

/** XGBoost's largest category: from 2^24 on, neighbours are equal in float32. */
const LARGEST_CATEGORY = 2 ** 24 - 1;
/** Distance that XGBoost adds above the largest value, and the only cut of a feature without values. */
const SMALL = Math.fround(1e-5);
/** Marks a free slot of a table of distinct values. */
const FREE = 0xffffffff;
/** A sampled value to be sorted: its key, and with weights its weight. */
const KEY_BYTES = 4;
const PAIR_BYTES = 8;
/** Counters of the radix sort, a set for each of its passes. */
const COUNTER_BYTES = 3 * 2048 * 4;

/** Records of `featureCount` features, all empty. */
export function allocateSketches(pool: Pool, featureCount: number): number {
  const sketches = pool.arena.allocateZeros(featureCount * Records.SKETCH_RECORD_BYTES, 'sketches of the features');
  for (let feature = 0; feature < featureCount; feature++) {
    const record = (sketches + feature * Records.SKETCH_RECORD_BYTES) >> 2;
    pool.floats()[record + (Records.SKETCH_MINIMUM >> 2)] = Number.POSITIVE_INFINITY;
    pool.floats()[record + (Records.SKETCH_MAXIMUM >> 2)] = Number.NEGATIVE_INFINITY;
    const table = record + (Records.SKETCH_TABLE >> 2);
    pool.words().fill(FREE, table, table + Records.DISTINCT_SLOTS);
  }
  return sketches;
}

/** [features] rows with and without a value each: of dense rows those without, of sparse rows those with. */
export interface ValueCounts {
  readonly missing: Float64Array;
  readonly present: Float64Array;
}

/** What the records of `featureCount` features have counted. */
export function countValues(pool: Pool, sketches: number, featureCount: number): ValueCounts {
  const words = pool.words();
  const countsAt = (offset: number) =>
    Float64Array.from(
      { length: featureCount },
      (_, feature) => words[(sketches + feature * Records.SKETCH_RECORD_BYTES + offset) >> 2]!,
    );
  return { missing: countsAt(Records.SKETCH_MISSING), present: countsAt(Records.SKETCH_PRESENT) };
}

export interface SketchOptions {
  readonly featureCount: number;
  readonly firstFeature?: number;
  readonly maxBin: number;
  readonly isCategorical?: readonly boolean[];
  /** Values that the sample of a feature has room for. */
  readonly capacity: number;
  /** Rows that came as sparse rows: there an absent value is missing. */
  readonly sparseRows: number;
  /** Of all rows. */
  readonly counts: ValueCounts;
  readonly hasWeights?: boolean;
}

/**
 * Cuts of each feature, the last above every value, and its missing values.
 * @throws ClientError E_DATA_NUMBER for a category that is negative or not below 2^24
 */
export function cutSketches(pool: Pool, sketches: number, options: SketchOptions) {
  const { featureCount, maxBin, capacity, sparseRows, counts } = options;
  const found = pool.arena.allocate(featureCount * maxBin * 4, 'cut points');
  const scratchBytes = capacity * 2 * (options.hasWeights ? PAIR_BYTES : KEY_BYTES) + COUNTER_BYTES;
  pool.set(Layout.SCRATCH, pool.arena.allocate(scratchBytes * pool.threads, 'sorting the sample'));
  pool.set(Layout.SCRATCH_BYTES, scratchBytes);
  pool.set(Layout.FOUND_CUTS, found);
  pool.set(Layout.MAX_BIN, maxBin);
  const missing = counts.missing.map((count, feature) => count + sparseRows - counts.present[feature]!);
  for (const [feature, count] of missing.entries()) {
    pool.words()[(sketches + feature * Records.SKETCH_RECORD_BYTES + Records.SKETCH_CUTS) >> 2] = binLimit(
      maxBin,
      count,
    );
  }
  const ranges = writeRanges(pool, featureCount, 1);
  // Three passes of a radix sort, and the cuts.
  const units = 5 * featureCount * capacity;
  pool.runInSlices(Layout.SORT, ranges.count, ranges.address, {
    taskBytes: Records.RANGE_BYTES,
    tasks: tasksBetweenLooks(ranges.count, units, pool.threads),
  });
  const values = Array.from(missing, (count, feature) =>
    options.isCategorical?.[feature]
      ? categories(pool, sketches, feature, options.firstFeature ?? 0)
      : numericCuts(pool, sketches, feature, found + feature * maxBin * 4, binLimit(maxBin, count)),
  );
  return { values, missing };
}

// --- internal ---

/** A byte holds 256 bins: with 256 asked for, a feature with missing values gives one of them up for these. */
function binLimit(maxBin: number, missing: number): number {
  return maxBin === 256 && missing > 0 ? 255 : maxBin;
}

function categories(pool: Pool, sketches: number, feature: number, firstFeature: number): Float32Array {
  const record = (sketches + feature * Records.SKETCH_RECORD_BYTES) >> 2;
  const smallest = pool.floats()[record + (Records.SKETCH_MINIMUM >> 2)]!;
  const largest = pool.floats()[record + (Records.SKETCH_MAXIMUM >> 2)]!;
  if (largest === Number.NEGATIVE_INFINITY) return Float32Array.of(0);
  if (smallest < 0 || largest > LARGEST_CATEGORY) {
    throw new ClientError(
      'E_DATA_NUMBER',
      `Categorical feature ${firstFeature + feature} must hold categories in [0, ${LARGEST_CATEGORY}]; received ${smallest < 0 ? smallest : largest}. Number the categories from 0.`,
    );
  }
  return Float32Array.from({ length: Math.trunc(largest) + 1 }, (_, category) => category);
}

function numericCuts(pool: Pool, sketches: number, feature: number, found: number, limit: number): Float32Array {
  const record = (sketches + feature * Records.SKETCH_RECORD_BYTES) >> 2;
  const largest = pool.floats()[record + (Records.SKETCH_MAXIMUM >> 2)]!;
  if (largest === Number.NEGATIVE_INFINITY) return Float32Array.of(SMALL);
  const distinct = pool.words()[record + (Records.SKETCH_DISTINCT >> 2)]!;
  const inner =
    distinct <= Math.min(limit, Records.DISTINCT_LIMIT)
      ? distinctValues(pool, record + (Records.SKETCH_TABLE >> 2)).subarray(1)
      : pool.floats().slice(found >> 2, (found >> 2) + pool.words()[record + (Records.SKETCH_CUTS >> 2)]!);
  const cuts = new Float32Array(inner.length + 1);
  cuts.set(inner);
  cuts[inner.length] = Math.fround(largest + Math.fround(Math.abs(largest) + SMALL));
  return cuts;
}

/** The values of a hash table, ascending. */
function distinctValues(pool: Pool, table: number): Float32Array {
  const slots = pool.words().slice(table, table + Records.DISTINCT_SLOTS);
  return new Float32Array(slots.filter((bits) => bits !== FREE).buffer).sort();
}
