/**
 * Split search over the nodes of a batch: writes the kernel's input for each node, runs the scan over pieces
 * of their histograms and takes the best of the pieces.
 */
import * as Layout from '../../../assembly/layout.js';
import * as Records from '../../../assembly/records.js';
import type { Dataset } from '../binning/dataset.js';
import { createScratch } from '../threads/scratch.js';
import type { TreeParameters } from '../tree-parameters.js';
import { rootBounds } from './constraints.js';
import { type Bounds, readSplit, type Split, type Sums, UNBOUNDED } from './split.js';

/** A node to find the best split of. */
export interface SearchNode {
  readonly sums: Sums;
  /** Gain that the node has by itself, float32. */
  readonly gain: number;
  readonly bounds: Bounds | undefined;
  /** [features] 1 = may be split on; undefined: all may. */
  readonly mask: Uint8Array | undefined;
}

/**
 * A node with its histogram; with `other`, the sibling whose histogram is the parent's, at `other.histogram`, minus it.
 * It takes the parent's place when `isKept`.
 */
export interface SearchRequest {
  readonly node: SearchNode;
  readonly histogram: number;
  readonly other?: { readonly node: SearchNode; readonly histogram: number; readonly isKept: boolean };
}

export interface SplitSearch {
  /**
   * Writes what the search of the requests needs, while their histograms may still be built.
   * @param locals numbers of the divided nodes, from 1, by histogram (histogram.ts)
   * @returns the search, for the built histograms: the best splits of each request's node and sibling
   */
  prepare(requests: readonly SearchRequest[], locals: ReadonlyMap<number, number>): () => FoundSplits[];
}

export interface FoundSplits {
  readonly node: Split | undefined;
  readonly other: Split | undefined;
}

const TASKS_PER_THREAD = 8;
/** Bytes of sorting scratch a category takes (assembly/growing/categories.ts). */
const SCRATCH_BYTES_PER_CATEGORY = 20;

export function createSplitSearch(dataset: Dataset, p: TreeParameters): SplitSearch {
  const { pool, layout, cuts } = dataset;
  const columnCount = layout.columns.length;
  const featureRecords = pool.arena.allocate(cuts.featureCount * Records.FEATURE_RECORD_BYTES, 'features');
  const categories = layout.places.reduce(
    (most, { kind, bins }) => (kind === Records.CATEGORICAL ? Math.max(most, bins) : most),
    0,
  );
  const setWords = Math.ceil(categories / 32);
  const limbsOffset = Math.ceil((Records.RESULT_CATEGORIES + 4 * setWords) / 16) * 16;
  const sortBytes = categories * SCRATCH_BYTES_PER_CATEGORY;
  const columnBytes = layout.columns.reduce((most, { entries }) => Math.max(most, entries), 0) * 16;
  const scratchBytes = (limbs: number) =>
    Math.ceil((columnBytes * limbs + (limbs > 1 ? Records.LIMB_LISTS_BYTES : 0) + sortBytes) / 64) * 64;
  const scratch = createScratch(pool, pool.threads, 'split search');
  scratch.reserve(scratchBytes(1));
  const nodeScratch = createScratch(pool, Records.NODE_RECORD_BYTES);
  const maskScratch = createScratch(pool, cuts.featureCount, 'masks of features');
  const taskScratch = createScratch(pool, Records.SCAN_TASK_BYTES);
  const resultScratch = createScratch(pool, 16, 'results of split search');
  const limbScratch = createScratch(pool, 16);
  writeFeatures(dataset, featureRecords, p);

  const configure = (limbs: number) => {
    const hasMonotone = rootBounds(p) !== undefined;
    pool.set(Layout.FEATURE_RECORDS, featureRecords);
    pool.set(Layout.GENERAL_GAIN, p.alpha !== 0 || p.maxDeltaStep !== 0 || hasMonotone ? 1 : 0);
    pool.set(Layout.HAS_MONOTONE, hasMonotone ? 1 : 0);
    pool.set(Layout.MAX_CATEGORY_ONE_HOT, p.maxCatToOnehot);
    pool.set(Layout.MAX_CATEGORY_THRESHOLD, p.maxCatThreshold);
    pool.setReal(Layout.LAMBDA, p.lambda);
    pool.setReal(Layout.ALPHA, p.alpha);
    pool.setReal(Layout.MIN_CHILD_WEIGHT, p.minChildWeight);
    pool.setReal(Layout.MAX_DELTA_STEP, p.maxDeltaStep);
    pool.set(Layout.SCRATCH, scratch.reserve(scratchBytes(limbs)));
    pool.set(Layout.SCRATCH_BYTES, scratchBytes(limbs));
    pool.set(Layout.RESULT_LIMBS, limbsOffset);
    pool.set(Layout.SORT_BYTES, sortBytes);
    pool.set(Layout.CATEGORY_WORDS, setWords);
  };

  const writeNode = (address: number, mask: number, limbs: number, node: SearchNode) => {
    if (node.sums.limbs) pool.doubles().set(node.sums.limbs, limbs >> 3);
    pool.words()[(address + Records.NODE_LIMBS) >> 2] = node.sums.limbs ? limbs : 0;
    const bounds = node.bounds ?? UNBOUNDED;
    pool.doubles()[(address + Records.NODE_GRADIENT) >> 3] = node.sums.gradient;
    pool.doubles()[(address + Records.NODE_HESSIAN) >> 3] = node.sums.hessian;
    pool.floats()[(address + Records.NODE_GAIN) >> 2] = node.gain;
    pool.floats()[(address + Records.NODE_LOWER) >> 2] = bounds.lower;
    pool.floats()[(address + Records.NODE_UPPER) >> 2] = bounds.upper;
    pool.words()[(address + Records.NODE_MASK) >> 2] = node.mask ? mask : 0;
    if (node.mask) pool.bytes().set(node.mask, mask);
  };

  /** Whether a result beats another one: by gain, at equal gain by the lower feature. */
  const isBetter = (result: number, other: number): boolean => {
    const feature = pool.integers()[(result + Records.RESULT_FEATURE) >> 2]!;
    const otherFeature = pool.integers()[(other + Records.RESULT_FEATURE) >> 2]!;
    if (feature < 0 || otherFeature < 0) return feature >= 0;
    const gain = pool.floats()[(result + Records.RESULT_GAIN) >> 2]!;
    const otherGain = pool.floats()[(other + Records.RESULT_GAIN) >> 2]!;
    return gain > otherGain || (gain === otherGain && feature < otherFeature);
  };

  /** The best split of a node, whose pieces have their results side by side from `results` on. */
  const best = ({ sums }: SearchNode, results: number, pieces: number, resultBytes: number): Split | undefined => {
    let address = results;
    for (let piece = 1; piece < pieces; piece++) {
      const other = results + piece * resultBytes;
      if (isBetter(other, address)) address = other;
    }
    return readSplit(pool, sums, {
      address,
      isCategorical: cuts.isCategorical,
      setWords,
      limbs: address + limbsOffset,
    });
  };

  return {
    prepare(requests, locals) {
      const limbs = limbCount(requests);
      const resultBytes = limbsOffset + (limbs > 1 ? limbs * 16 : 0);
      configure(limbs);
      const wanted = pool.threads === 1 ? 1 : Math.ceil((pool.threads * TASKS_PER_THREAD) / requests.length);
      const step = Math.ceil(columnCount / Math.min(columnCount, wanted));
      const pieces = Math.ceil(columnCount / step);
      const nodes = nodeScratch.reserve(2 * requests.length);
      const masks = requests.some((r) => r.node.mask || r.other?.node.mask)
        ? maskScratch.reserve(2 * requests.length)
        : 0;
      const limbLists = limbs > 1 ? limbScratch.reserve(2 * requests.length * limbs) : 0;
      const results = resultScratch.reserve((2 * requests.length * pieces * resultBytes) / 16);
      const tasks = taskScratch.reserve(requests.length * pieces);
      const words = pool.words();
      let task = tasks >> 2;
      for (const [index, request] of requests.entries()) {
        const nodeAddress = (i: number) => nodes + (2 * index + i) * Records.NODE_RECORD_BYTES;
        const maskAddress = (i: number) => masks + (2 * index + i) * cuts.featureCount;
        const limbAddress = (i: number) => limbLists + (2 * index + i) * limbs * 16;
        const resultAddress = (i: number, piece: number) => results + ((2 * index + i) * pieces + piece) * resultBytes;
        writeNode(nodeAddress(0), maskAddress(0), limbAddress(0), request.node);
        if (request.other) writeNode(nodeAddress(1), maskAddress(1), limbAddress(1), request.other.node);
        const local = locals.get(request.histogram) ?? 0;
        for (let piece = 0; piece < pieces; piece++, task += Records.SCAN_TASK_BYTES >> 2) {
          words[task + (Records.SCAN_CHILD >> 2)] = request.histogram;
          words[task + (Records.SCAN_LOCAL >> 2)] = local;
          words[task + (Records.SCAN_OTHER >> 2)] = request.other?.histogram ?? 0;
          words[task + (Records.SCAN_CHILD_NODE >> 2)] = nodeAddress(0);
          words[task + (Records.SCAN_OTHER_NODE >> 2)] = nodeAddress(1);
          words[task + (Records.SCAN_CHILD_RESULT >> 2)] = resultAddress(0, piece);
          words[task + (Records.SCAN_OTHER_RESULT >> 2)] = resultAddress(1, piece);
          words[task + (Records.SCAN_KEEPS_OTHER >> 2)] = request.other?.isKept ? 1 : 0;
          words[task + (Records.SCAN_FIRST_COLUMN >> 2)] = piece * step;
          words[task + (Records.SCAN_END_COLUMN >> 2)] = Math.min(columnCount, (piece + 1) * step);
        }
      }
      const bestOf = (number: number, node: SearchNode) =>
        best(node, results + number * pieces * resultBytes, pieces, resultBytes);
      return () => {
        pool.run(Layout.SCAN, requests.length * pieces, tasks);
        return requests.map(({ node, other }, index) => ({
          node: bestOf(2 * index, node),
          other: other && bestOf(2 * index + 1, other.node),
        }));
      };
    },
  };
}

// --- internal ---

/** Limbs of the sums of a tree's nodes. */
function limbCount(requests: readonly SearchRequest[]): number {
  const limbs = requests[0]?.node.sums.limbs;
  return limbs ? limbs.length / 2 : 1;
}

/** Feature records in the order of the columns, as the column records count them. */
function writeFeatures(dataset: Dataset, address: number, p: TreeParameters): void {
  const { pool, layout } = dataset;
  const integers = pool.integers();
  const ordered = layout.columns.flatMap(({ features }) => features);
  for (const [index, feature] of ordered.entries()) {
    const place = layout.places[feature]!;
    const record = (address + index * Records.FEATURE_RECORD_BYTES) >> 2;
    integers[record + (Records.FEATURE_INDEX >> 2)] = feature;
    integers[record + (Records.FEATURE_KIND >> 2)] = place.kind;
    integers[record + (Records.FEATURE_BINS >> 2)] = place.kind === Records.BUNDLED ? place.code : place.bins;
    integers[record + (Records.FEATURE_MONOTONE >> 2)] = p.monotoneConstraints[feature] ?? 0;
  }
}
