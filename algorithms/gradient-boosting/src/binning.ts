/**
 * Cut points: each feature is divided into at most `maxBin` bins, so that split search is O(bins) and not O(rows).
 * Cuts stand where XGBoost puts them: a value's bin is the number of cuts at or below it, the last cut lies above the
 * largest value. A feature with at most `maxBin` distinct values gets a bin for each; others are cut at quantiles of
 * their values, all of them up to `SAMPLE_VALUES`, otherwise of a sample of half to all of that number. The rank of a
 * cut from a sample of n values is off by about √(q(1−q)/n): at most 0.14 % with 131,072, a third of one of 256 bins.
 */
import { ClientError } from '@algo/contract';
import {
  BLOCK,
  BLOCK_HASHES,
  BLOCK_ROWS,
  BLOCK_WEIGHTS,
  DISTINCT_LIMIT,
  DISTINCT_SLOTS,
  FEATURES,
  FOUND_CUTS,
  MAX_BIN,
  SAMPLE,
  SAMPLE_CAPACITY,
  SAMPLE_WEIGHTS,
  SCRATCH,
  SCRATCH_BYTES,
  SKETCH,
  SKETCH_CUTS,
  SKETCH_DISTINCT,
  SKETCH_MAXIMUM,
  SKETCH_MINIMUM,
  SKETCH_MISSING,
  SKETCH_RECORD_BYTES,
  SKETCH_TABLE,
  SKETCHES,
  SORT,
} from '../assembly/layout.js';
import { createBundleFinder } from './bundles.js';
import type { Pool } from './workers/pool.js';
import { writeRanges } from './workers/ranges.js';

/** Cut points of all features. */
export interface Cuts {
  readonly featureCount: number;
  /** [features + 1] first cut of each feature in `values`. */
  readonly starts: Int32Array;
  /** Ascending within a feature; for a categorical one 0, 1, …, its largest category. */
  readonly values: Float32Array;
  /** [features] 1 for a categorical feature. */
  readonly isCategorical: Uint8Array;
  /** [features] rows without a value; what the layout of the bins is chosen by. */
  readonly missing: Float64Array;
  /** Rows seen. */
  readonly rows: number;
  /** Groups of features of two values, 0 and above, of which no row has two above 0; see bundles.ts. */
  readonly bundles: readonly (readonly number[])[];
}

/** Sampled values of a feature at most; more would not move a cut by a visible part of a bin. */
const SAMPLE_VALUES = 262_144;
/** Bytes of all samples at most, for wide tables. */
const SAMPLE_BYTES = 256 * 2 ** 20;
/** A sampled value and its row. */
const PAIR_BYTES = 8;
/** Rows handed to the kernel at once: about what stays in a core's second-level cache. */
const BLOCK_BYTES = 1 << 20;
/** XGBoost's largest category. */
const LARGEST_CATEGORY = 2 ** 24;
/** Distance that XGBoost adds above the largest value, and the only cut of a feature without values. */
const SMALL = Math.fround(1e-5);

export interface CutSketch {
  /**
   * @param features [rows × featureCount], row-major; NaN is missing
   * @param weights [rows], ≥ 0; required when `hasWeights`
   */
  addBlock(features: Float32Array | Float64Array, weights?: Float32Array | Float64Array): void;
  /**
   * The cuts of everything added. The sketch must not be used after, and its memory is free again.
   * @throws ClientError E_DATA_EMPTY without rows; E_DATA_NUMBER for a category that is negative or above 2^24
   */
  finish(): Cuts;
}

export interface CutOptions {
  readonly featureCount: number;
  /** In [2, 65535]. */
  readonly maxBin: number;
  /** [features] true for a categorical feature; default: none. */
  readonly isCategorical?: readonly boolean[];
  /** Rows that will come, if known: less memory is set aside for few. */
  readonly rows?: number;
  /** Whether blocks come with weights; default false. */
  readonly hasWeights?: boolean;
}

/** A sketch of a stream of rows; nothing else may be allocated in the pool until it is finished. */
export function createCutSketch(pool: Pool, options: CutOptions): CutSketch {
  const { featureCount, hasWeights = false } = options;
  const mark = pool.arena.mark();
  const room = Math.floor(SAMPLE_BYTES / (PAIR_BYTES * featureCount));
  const capacity = Math.max(options.maxBin, Math.min(SAMPLE_VALUES, options.rows ?? SAMPLE_VALUES, room));
  const blockLimit = Math.max(16, Math.floor(BLOCK_BYTES / (4 * featureCount)));
  const { allocate, allocateZeros } = pool.arena;
  const sketches = allocateZeros(featureCount * SKETCH_RECORD_BYTES, 'sketches of the features');
  const block = allocate(blockLimit * featureCount * 4, 'a block of rows');
  const blockWeights = hasWeights ? allocate(blockLimit * 4, 'a block of rows') : 0;
  const hashes = allocate(blockLimit * 4, 'a block of rows');
  const ranges = writeRanges(pool, featureCount, 1);
  const bundles = createBundleFinder(pool, { featureCount, blockRows: blockLimit, sketches });
  const sample = allocate(featureCount * capacity * PAIR_BYTES, 'samples of the features');
  const weightSample = hasWeights ? allocate(featureCount * capacity * 4, 'samples of the features') : 0;
  let rows = 0;
  initializeSketches(pool, sketches, featureCount);

  const configure = () => {
    pool.set(FEATURES, featureCount);
    pool.set(SKETCHES, sketches);
    pool.set(BLOCK, block);
    pool.set(BLOCK_WEIGHTS, blockWeights);
    pool.set(BLOCK_HASHES, hashes);
    pool.set(SAMPLE, sample);
    pool.set(SAMPLE_CAPACITY, capacity);
    pool.set(SAMPLE_WEIGHTS, weightSample);
  };

  return {
    addBlock(features, weights) {
      const count = features.length / featureCount;
      configure();
      for (let first = 0; first < count; first += blockLimit) {
        const blockRows = Math.min(blockLimit, count - first);
        pool.floats().set(features.subarray(first * featureCount, (first + blockRows) * featureCount), block >> 2);
        if (weights && hasWeights) pool.floats().set(weights.subarray(first, first + blockRows), blockWeights >> 2);
        pool.set(BLOCK_ROWS, blockRows);
        const words = pool.words();
        for (let row = 0; row < blockRows; row++) words[(hashes >> 2) + row] = hashRow(rows + row);
        pool.run(SKETCH, ranges.count, ranges.address);
        bundles.addBlock(block, blockRows);
        rows += blockRows;
      }
    },
    finish() {
      if (rows === 0) throw new ClientError('E_DATA_EMPTY', 'Training data must have at least one row; received none.');
      configure();
      const found = findCuts(pool, sketches, capacity, {
        ...options,
        rows,
        bundles: bundles.finish(options.isCategorical),
      });
      pool.arena.release(mark);
      return found;
    },
  };
}

/** Cuts given from outside, such as those of another run: `values` per feature, the last above every value. */
export function cutsFromValues(
  values: readonly Float32Array[],
  rows: number,
  isCategorical: readonly boolean[] = [],
  missing: Float64Array = new Float64Array(values.length),
): Cuts {
  const starts = new Int32Array(values.length + 1);
  for (const [feature, cuts] of values.entries()) starts[feature + 1] = starts[feature]! + cuts.length;
  const joined = new Float32Array(starts[values.length]!);
  for (const [feature, cuts] of values.entries()) joined.set(cuts, starts[feature]!);
  const kinds = Uint8Array.from(values, (_, feature) => (isCategorical[feature] ? 1 : 0));
  return { featureCount: values.length, starts, values: joined, isCategorical: kinds, missing, rows, bundles: [] };
}

/** Bins of a feature, a missing one not counted. */
export function binCount(cuts: Cuts, feature: number): number {
  return cuts.starts[feature + 1]! - cuts.starts[feature]!;
}

// --- internal ---

/** 32 bits that look random; neighbouring rows share nothing. Finaliser of MurmurHash3. */
function hashRow(row: number): number {
  let x = Math.imul(row, 0x9e3779b1) + 0x7f4a7c15;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

function initializeSketches(pool: Pool, sketches: number, featureCount: number): void {
  for (let feature = 0; feature < featureCount; feature++) {
    const record = sketches + feature * SKETCH_RECORD_BYTES;
    pool.floats()[(record + SKETCH_MINIMUM) >> 2] = Infinity;
    pool.floats()[(record + SKETCH_MAXIMUM) >> 2] = -Infinity;
    const table = (record + SKETCH_TABLE) >> 2;
    pool.words().fill(0xffffffff, table, table + DISTINCT_SLOTS);
  }
}

function findCuts(
  pool: Pool,
  sketches: number,
  capacity: number,
  options: CutOptions & Pick<Cuts, 'rows' | 'bundles'>,
): Cuts {
  const { featureCount, maxBin, rows } = options;
  const found = pool.arena.allocate(featureCount * maxBin * 4, 'cut points');
  // Two arrays of (key, weight) pairs and the counters of the radix sort.
  const scratchBytes = capacity * 2 * PAIR_BYTES + 2048 * 4;
  pool.set(SCRATCH, pool.arena.allocate(scratchBytes * pool.threads, 'sorting the sample'));
  pool.set(SCRATCH_BYTES, scratchBytes);
  pool.set(FOUND_CUTS, found);
  pool.set(MAX_BIN, maxBin);
  const missing = new Float64Array(featureCount);
  for (let feature = 0; feature < featureCount; feature++) {
    const record = (sketches + feature * SKETCH_RECORD_BYTES) >> 2;
    missing[feature] = pool.words()[record + (SKETCH_MISSING >> 2)]!;
    pool.words()[record + (SKETCH_CUTS >> 2)] = binLimit(maxBin, missing[feature]!);
  }
  const ranges = writeRanges(pool, featureCount, 1);
  pool.run(SORT, ranges.count, ranges.address);
  const values = Array.from({ length: featureCount }, (_, feature) =>
    options.isCategorical?.[feature]
      ? categories(pool, sketches, feature)
      : numericCuts(pool, sketches, feature, found + feature * maxBin * 4, binLimit(maxBin, missing[feature]!)),
  );
  return { ...cutsFromValues(values, rows, options.isCategorical, missing), bundles: options.bundles };
}

/** A byte holds 256 bins: with 256 asked for, a feature with missing values gives one of them up for these. */
function binLimit(maxBin: number, missing: number): number {
  return maxBin === 256 && missing > 0 ? 255 : maxBin;
}

function categories(pool: Pool, sketches: number, feature: number): Float32Array {
  const record = (sketches + feature * SKETCH_RECORD_BYTES) >> 2;
  const smallest = pool.floats()[record + (SKETCH_MINIMUM >> 2)]!;
  const largest = pool.floats()[record + (SKETCH_MAXIMUM >> 2)]!;
  if (largest === -Infinity) return Float32Array.of(0);
  if (smallest < 0 || largest > LARGEST_CATEGORY) {
    throw new ClientError(
      'E_DATA_NUMBER',
      `Categorical feature ${feature} must hold categories in [0, ${LARGEST_CATEGORY}]; received ${smallest < 0 ? smallest : largest}. Number the categories from 0.`,
    );
  }
  return Float32Array.from({ length: Math.trunc(largest) + 1 }, (_, category) => category);
}

function numericCuts(pool: Pool, sketches: number, feature: number, found: number, limit: number): Float32Array {
  const record = (sketches + feature * SKETCH_RECORD_BYTES) >> 2;
  const largest = pool.floats()[record + (SKETCH_MAXIMUM >> 2)]!;
  if (largest === -Infinity) return Float32Array.of(SMALL);
  const distinct = pool.words()[record + (SKETCH_DISTINCT >> 2)]!;
  const inner =
    distinct <= Math.min(limit, DISTINCT_LIMIT)
      ? distinctValues(pool, record + (SKETCH_TABLE >> 2)).subarray(1)
      : pool.floats().slice(found >> 2, (found >> 2) + pool.words()[record + (SKETCH_CUTS >> 2)]!);
  const cuts = new Float32Array(inner.length + 1);
  cuts.set(inner);
  cuts[inner.length] = Math.fround(largest + Math.fround(Math.abs(largest) + SMALL));
  return cuts;
}

/** The values of a hash table, ascending. */
function distinctValues(pool: Pool, table: number): Float32Array {
  const slots = pool.words().slice(table, table + DISTINCT_SLOTS);
  return new Float32Array(slots.filter((bits) => bits !== 0xffffffff).buffer).sort();
}
