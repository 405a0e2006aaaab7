/**
 * The same trees as the engine's, grown in the plainest way: every node sums its rows again, in one thread, without
 * kernels, histograms of siblings or shards. Tests compare the two.
 */

import type { Random } from '@algo/numerics';
import { binCount, type Cuts } from '../../src/engine/binning/cuts.js';
import { childBounds, createInteractionRule, rootBounds } from '../../src/engine/growing/constraints.js';
import { createFeatureSampler } from '../../src/engine/growing/sampling.js';
import { type Bounds, nodeGain, nodeWeight, type Split, type Sums } from '../../src/engine/growing/split.js';
import { createTreeBuilder } from '../../src/engine/growing/tree-builder.js';
import type { TreeParameters } from '../../src/engine/tree-parameters.js';
import type { Tree } from '../../src/ensemble/tree.js';
import { bestOfFeature } from './candidates.js';

export interface OracleData {
  readonly cuts: Cuts;
  readonly rows: number;
  /** [rows × features], row-major; NaN is missing. */
  readonly features: Float32Array;
}

interface OracleEntry {
  readonly node: number;
  readonly depth: number;
  readonly rows: readonly number[];
  readonly sums: Sums;
  readonly bounds: Bounds | undefined;
  readonly path: readonly number[];
  readonly split: Split;
}

const LEAST_GAIN = Math.fround(1e-6);

/**
 * @param pairs [rows × 2] (gradient, hessian) as `gridGradients` rounds them
 * @param rows rows of the sample
 */
export function growOracle(
  data: OracleData,
  pairs: Float64Array,
  rows: readonly number[],
  p: TreeParameters,
  eta: number,
  random: Random,
): Tree {
  const builder = createTreeBuilder(data.cuts);
  const features = createFeatureSampler(data.cuts.featureCount, p, random);
  const interactions = createInteractionRule(data.cuts.featureCount, p);
  let leaves = 1;
  const value = (weight: number) => Math.fround(weight * Math.fround(eta));

  const search = (entry: Omit<OracleEntry, 'split'>): OracleEntry[] => {
    const sampled = features.next(entry.depth);
    const allowed = interactions.allowed(entry.path);
    const node = { sums: entry.sums, gain: nodeGain(entry.sums, p, entry.bounds), bounds: entry.bounds };
    let best: Split | undefined;
    for (let feature = 0; feature < data.cuts.featureCount; feature++) {
      if ((sampled && !sampled.includes(feature)) || (allowed && !allowed[feature])) continue;
      const bins = sumBins(data, feature, entry.rows, pairs);
      const split = bestOfFeature(feature, bins, data.cuts.isCategorical[feature] === 1, node, p);
      if (isBetter(split, best)) best = split;
    }
    return best && best.gain > LEAST_GAIN && best.gain >= p.gamma ? [{ ...entry, split: best }] : [];
  };

  const expand = ({ node, depth, rows: nodeRows, sums, bounds, path, split }: OracleEntry) => {
    const weights = { left: nodeWeight(split.left, p, bounds), right: nodeWeight(split.right, p, bounds) };
    const children = builder.split(node, split, nodeWeight(sums, p, bounds), weights, {
      left: value(weights.left),
      right: value(weights.right),
    });
    leaves++;
    const limits = childBounds(bounds, split, weights, p);
    const sides = { left: [] as number[], right: [] as number[] };
    for (const row of nodeRows) sides[goesRight(data, split, row) ? 'right' : 'left'].push(row);
    return (['left', 'right'] as const).map((side) => ({
      node: children[side],
      depth: depth + 1,
      rows: sides[side],
      sums: split[side],
      bounds: limits[side],
      path: [...path, split.feature],
    }));
  };

  const rootSums = sumRows(rows, pairs);
  const bounds = rootBounds(p);
  const weight = nodeWeight(rootSums, p, bounds);
  builder.root(rootSums, weight, value(weight));
  let queue = search({ node: 0, depth: 0, rows, sums: rootSums, bounds, path: [] });
  while (queue.length > 0 && (p.maxLeaves === 0 || leaves < p.maxLeaves)) {
    const level = p.growPolicy === 'depthwise' ? queue : [largest(queue)];
    const chosen = p.maxLeaves === 0 ? level : level.slice(0, p.maxLeaves - leaves);
    const children = chosen.map((entry) => ({ entry, children: expand(entry) }));
    queue = queue.filter((entry) => !chosen.includes(entry));
    for (const { entry, children: pair } of children) {
      const mayGoOn = (p.maxDepth === 0 || entry.depth + 1 < p.maxDepth) && (p.maxLeaves === 0 || leaves < p.maxLeaves);
      if (mayGoOn) queue = queue.concat(pair.flatMap(search));
    }
  }
  return builder.finish();
}

/** The bin of a value: cuts at or below it, the last bin at most; categories are their own bins; −1 when missing. */
export function binOfValue(cuts: Cuts, feature: number, value: number): number {
  if (Number.isNaN(value)) return -1;
  if (cuts.isCategorical[feature]) return Math.trunc(value);
  const own = cuts.values.subarray(cuts.starts[feature], cuts.starts[feature + 1]);
  return Math.min(own.filter((cut) => cut <= value).length, own.length - 1);
}

/** Whether a row goes right by the tree's own terms: threshold, set and default direction. */
function goesRight(data: OracleData, split: Split, row: number): boolean {
  const bin = binOfValue(data.cuts, split.feature, data.features[row * data.cuts.featureCount + split.feature]!);
  if (bin < 0) return !split.isDefaultLeft;
  return split.categories ? split.categories.includes(bin) : bin >= split.bin;
}

/** Gradients as the engine rounds them: to multiples of one power of two, on which every sum of rows is exact. */
export function gridGradients(pairs: Float32Array): Float64Array {
  const rows = pairs.length / 2;
  const largest = [0, 0];
  for (const [index, value] of pairs.entries()) largest[index % 2] = Math.max(largest[index % 2]!, Math.abs(value));
  const units = largest.map((most) =>
    most === 0 ? 1 : 2 ** (Math.ceil(Math.log2(most)) + Math.ceil(Math.log2(rows)) - 51),
  );
  const rounded = new Float64Array(pairs.length);
  for (const [index, value] of pairs.entries()) {
    const unit = units[index % 2]!;
    const isHessian = index % 2 === 1;
    rounded[index] = Math.max(roundHalfEven(value / unit), isHessian && value > 0 ? 1 : -Infinity) * unit;
  }
  return rounded;
}

// --- internal ---

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

function sumRows(rows: readonly number[], pairs: Float64Array): Sums {
  let gradient = 0;
  let hessian = 0;
  for (const row of rows) {
    gradient += pairs[2 * row]!;
    hessian += pairs[2 * row + 1]!;
  }
  return { gradient, hessian };
}

function sumBins(data: OracleData, feature: number, rows: readonly number[], pairs: Float64Array): Sums[] {
  const bins: number[][] = Array.from({ length: binCount(data.cuts, feature) }, () => []);
  for (const row of rows) {
    bins[binOfValue(data.cuts, feature, data.features[row * data.cuts.featureCount + feature]!)]?.push(row);
  }
  return bins.map((members) => sumRows(members, pairs));
}

function largest(queue: readonly OracleEntry[]): OracleEntry {
  return queue.reduce((best, entry) =>
    entry.split.gain > best.split.gain || (entry.split.gain === best.split.gain && entry.node < best.node)
      ? entry
      : best,
  );
}

/** Whether `candidate` beats `best`: by gain, at equal gain by the lower feature. */
function isBetter(candidate: Split | undefined, best: Split | undefined): boolean {
  if (!candidate || !best) return candidate !== undefined;
  return candidate.gain > best.gain || (candidate.gain === best.gain && candidate.feature < best.feature);
}
