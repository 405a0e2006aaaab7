/**
 * Cut points: each feature is divided into at most `maxBin` bins, so that split search is O(bins) and not O(rows).
 * Cuts are where XGBoost puts them: a value's bin is the number of cuts at or below it, the last cut lies above the
 * largest value. A feature with at most `maxBin` distinct values gets a bin for each; others are cut at quantiles of
 * their values, all of them up to `SAMPLE_VALUES`, otherwise of a sample of half to all of that number. The rank of a
 * cut from a sample of n values is off by about √(q(1−q)/n): at most 0.14 % with 131,072, a third of one of 256 bins.
 */
import { AlgorithmError, ClientError } from '@algo/contract';
import * as Layout from '../../../assembly/layout.js';
import { alone, numberOfRow, shareRows, type Team } from '../team.js';
import type { Pool } from '../threads/pool.js';
import { writeRanges } from '../threads/task-ranges.js';
import { createBundleFinder, mergeBundles } from './feature-bundles.js';
import { mergeSketches } from './merge-sketches.js';
import { allocateSketches, countValues, cutSketches } from './sketch.js';
import { copyEntries, type SparseRows } from './sparse-rows.js';

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
  /** Rows seen, those of all hosts. */
  readonly rows: number;
  /** Groups of features of two values, 0 and above, of which no row has two above 0; see bundles.ts. */
  readonly bundles: readonly (readonly number[])[];
}

/** Sampled values of a feature at most; more would not move a cut by a visible part of a bin. */
const SAMPLE_VALUES = 262_144;
/** Bytes of all samples at most, for wide tables. */
const SAMPLE_BYTES = 256 * 2 ** 20;
/** A value and its row's level; weights come on top. */
const SAMPLED_BYTES = 5;
/** Rows per kernel call: about what fits in a core's second-level cache. */
const BLOCK_BYTES = 1 << 20;

export interface CutSketch {
  /**
   * @param features [rows × featureCount], row-major; NaN is missing
   * @param weights [rows], ≥ 0; required when `hasWeights`
   * @throws AlgorithmError E_ALGORITHM when more rows come than were announced and there is no room for them
   */
  addBlock(features: Float32Array | Float64Array, weights?: Float32Array | Float64Array): void;
  addSparseBlock(rows: SparseRows, weights?: Float32Array | Float64Array): void;
  /**
   * The cuts of everything added, on all hosts. The sketch must not be used after, and its memory is free again.
   * @throws ClientError E_DATA_EMPTY without rows; E_DATA_NUMBER for a category that is negative or not below 2^24
   */
  finish(): Cuts;
}

export interface CutOptions {
  readonly featureCount: number;
  /** What the first feature's number is in messages; default 0. */
  readonly firstFeature?: number;
  /** In [2, 65535]. */
  readonly maxBin: number;
  /** [features] true for a categorical feature; default: none. */
  readonly isCategorical?: readonly boolean[];
  /** Maximum number of rows, if known: less memory is reserved for few. With a team, those that will come. */
  readonly rows?: number;
  /** Whether blocks come with weights; default false. */
  readonly hasWeights?: boolean;
  /** Hosts with rows of the same table; default: this one alone. */
  readonly team?: Team;
  /** Its rows of each of two tables that were joined. */
  readonly parts?: readonly number[] | undefined;
}

/** A sketch of a stream of rows; nothing else may be allocated in the pool until it is finished. */
export function createCutSketch(pool: Pool, options: CutOptions): CutSketch {
  const { featureCount, hasWeights = false, team = alone } = options;
  const { hosts } = team;
  const ofHosts = options.rows === undefined ? undefined : shareRows(team, options.rows, options.parts);
  const mark = pool.arena.mark();
  const room = Math.floor(SAMPLE_BYTES / (SAMPLED_BYTES * featureCount));
  const capacity = Math.max(options.maxBin, Math.min(SAMPLE_VALUES, ofHosts?.all ?? SAMPLE_VALUES, room));
  const blockRows = Math.max(16, Math.floor(BLOCK_BYTES / (4 * featureCount)));
  const { allocate } = pool.arena;
  const sketches = allocateSketches(pool, featureCount);
  const values = allocate(blockRows * featureCount * 4, 'a block of rows');
  const features = allocate(blockRows * featureCount * 4, 'a block of rows');
  const starts = allocate((blockRows + 1) * 4, 'a block of rows');
  const blockWeights = hasWeights ? allocate(blockRows * 4, 'a block of rows') : 0;
  const levels = allocate(blockRows, 'a block of rows');
  const single = writeRanges(pool, featureCount, 1);
  const shared = writeRanges(pool, featureCount, Math.ceil(featureCount / pool.threads));
  const bundles = createBundleFinder(pool, { featureCount, blockRows, sketches });
  const sample = allocate(featureCount * capacity * 4, 'samples of the features');
  const hasRoom = ofHosts !== undefined && ofHosts.all <= capacity;
  const sampleLevels = hasRoom ? 0 : allocate(featureCount * capacity, 'samples of the features');
  const weightSample = hasWeights ? allocate(featureCount * capacity * 4, 'samples of the features') : 0;
  let rows = 0;
  let sparseRows = 0;

  const configure = () => {
    pool.set(Layout.FEATURES, featureCount);
    pool.set(Layout.SKETCHES, sketches);
    pool.set(Layout.BLOCK, values);
    pool.set(Layout.BLOCK_FEATURES, features);
    pool.set(Layout.BLOCK_STARTS, starts);
    pool.set(Layout.BLOCK_WEIGHTS, blockWeights);
    pool.set(Layout.BLOCK_LEVELS, levels);
    pool.set(Layout.SAMPLE, sample);
    pool.set(Layout.SAMPLE_CAPACITY, capacity);
    pool.set(Layout.SAMPLE_LEVELS, sampleLevels);
    pool.set(Layout.SAMPLE_WEIGHTS, weightSample);
  };

  /** What both kinds of blocks have besides their values. */
  const setRows = (count: number, weights: Float32Array | Float64Array | undefined, first: number) => {
    if (weights && hasWeights) pool.floats().set(weights.subarray(first, first + count), blockWeights >> 2);
    if (hasRoom && rows + count > capacity) {
      throw new AlgorithmError('E_ALGORITHM', `Sketch of ${options.rows} rows: received ${rows + count} rows.`);
    }
    pool.set(Layout.BLOCK_ROWS, count);
    // With room for all rows, none is left out whatever its level.
    if (!hasRoom) {
      const bytes = pool.bytes();
      for (let row = 0; row < count; row++)
        bytes[levels + row] = levelOfRow(ofHosts ? numberOfRow(ofHosts, rows + row) : rows + row);
    }
    rows += count;
  };

  return {
    addBlock(block, weights) {
      configure();
      const count = block.length / featureCount;
      for (let first = 0; first < count; first += blockRows) {
        const part = Math.min(blockRows, count - first);
        pool.floats().set(block.subarray(first * featureCount, (first + part) * featureCount), values >> 2);
        setRows(part, weights, first);
        pool.run(Layout.SKETCH, single.count, single.address);
        bundles.addBlock(values, part);
      }
    },
    addSparseBlock(sparse, weights) {
      configure();
      const words = pool.words();
      const buffer = {
        values: pool.floats().subarray(values >> 2),
        features: words.subarray(features >> 2),
        room: blockRows * featureCount,
        rows: blockRows,
      };
      for (let first = 0; first < sparse.rowStarts.length - 1; ) {
        words[starts >> 2] = 0;
        const part = copyEntries(sparse, first, buffer, (row, entries) => {
          words[(starts >> 2) + row + 1] = entries;
        });
        setRows(part, weights, first);
        pool.run(Layout.SKETCH_ENTRIES, shared.count, shared.address);
        sparseRows += part;
        first += part;
      }
    },
    finish() {
      const all = Float64Array.of(rows, sparseRows);
      hosts.sum(all);
      const [allRows, allSparse] = [all[0]!, all[1]!];
      if (allRows === 0) {
        throw new ClientError('E_DATA_EMPTY', 'Training data must have at least one row; received none.');
      }
      const memory = { featureCount, sketches, sample, levels: sampleLevels, weights: weightSample, capacity };
      const counts =
        hosts.size > 1 ? mergeSketches(pool, hosts, memory, options.maxBin) : countValues(pool, sketches, featureCount);
      configure();
      const cuts = cutSketches(pool, sketches, { ...options, capacity, sparseRows: allSparse, counts });
      const own = allSparse > 0 ? [] : bundles.finish(options.isCategorical);
      const found = mergeBundles(hosts, own, rows > 0);
      pool.arena.release(mark);
      return { ...cutsFromValues(cuts.values, allRows, options.isCategorical, cuts.missing), bundles: found };
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

/** Cuts of the same rows' columns, side by side. */
export function joinCuts(parts: readonly Cuts[]): Cuts {
  const featureCount = parts.reduce((sum, part) => sum + part.featureCount, 0);
  const starts = new Int32Array(featureCount + 1);
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.values.length, 0));
  const isCategorical = new Uint8Array(featureCount);
  const missing = new Float64Array(featureCount);
  const bundles: (readonly number[])[] = [];
  let feature = 0;
  for (const part of parts) {
    const first = starts[feature]!;
    values.set(part.values, first);
    isCategorical.set(part.isCategorical, feature);
    missing.set(part.missing, feature);
    for (let own = 0; own <= part.featureCount; own++) starts[feature + own] = first + part.starts[own]!;
    for (const members of part.bundles) bundles.push(members.map((member) => feature + member));
    feature += part.featureCount;
  }
  return { featureCount, starts, values, isCategorical, missing, rows: parts[0]?.rows ?? 0, bundles };
}

/** Bins of a feature, a missing one not counted. */
export function binCount(cuts: Cuts, feature: number): number {
  return cuts.starts[feature + 1]! - cuts.starts[feature]!;
}

// --- internal ---

/** Leading zeros of 32 bits that look random; neighbouring rows share nothing. Finaliser of MurmurHash3. */
function levelOfRow(row: number): number {
  let x = Math.imul(row, 0x9e3779b1) + 0x7f4a7c15;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return Math.clz32(x ^ (x >>> 16));
}
