/**
 * Sampling of rows and features for a tree. Rows are kept or left out by random bits that depend on the tree's seed and
 * the row alone (assembly/binning/prepare.ts); gradient-based sampling keeps a row with probability √(g² + 0.1h²) ÷ threshold
 * and divides its gradient by it (minimal variance sampling: Ibragimov & Gusev 2019, as in XGBoost).
 */

import { type Communicator, oneHost } from '@algo/contract';
import type { Random } from '@algo/numerics';
import * as Layout from '../../../assembly/layout.js';
import type { Pool } from '../threads/pool.js';
import type { TreeParameters } from '../tree-parameters.js';
import { thresholdOf } from './sampling-threshold.js';

/** XGBoost's weight of the squared hessian. */
const HESSIAN_WEIGHT = 0.1;

/** (gradient, hessian) pairs of the rows of this host, [rows × groups]. */
export interface GroupGradients {
  readonly values: Float32Array;
  readonly rows: number;
  readonly groups: number;
  readonly group: number;
}

/** Hosts with further rows, and the rows of all of them. */
export interface SampledHosts {
  readonly hosts: Communicator;
  readonly rows: number;
}

/** What sampling may do to the size of gradients: bounds of |g| ÷ p and h ÷ p. */
export interface SampledBounds {
  readonly gradient: number;
  readonly hessian: number;
}

/**
 * Sets the kernel's sampling of one tree; draws one number from `random` when rows are sampled.
 * @param all default: this host alone
 * @returns bounds of the rescaled gradients; zeros when they are not rescaled
 */
export function configureSampling(
  pool: Pool,
  parameters: TreeParameters,
  random: Random,
  gradients: GroupGradients,
  all: SampledHosts = { hosts: oneHost(), rows: gradients.rows },
): SampledBounds {
  const { rows } = all;
  const wanted = Math.floor(rows * parameters.subsample);
  if (wanted >= rows) {
    pool.set(Layout.SAMPLING, Layout.SAMPLE_ALL);
    return { gradient: 0, hessian: 0 };
  }
  pool.set(Layout.SAMPLE_SEED, random.bits());
  if (parameters.samplingMethod === 'uniform') {
    pool.set(Layout.SAMPLING, Layout.SAMPLE_UNIFORM);
    pool.setReal(Layout.SAMPLE_LIMIT, parameters.subsample * 2 ** 32);
    return { gradient: 0, hessian: 0 };
  }
  const threshold = samplingThreshold(gradients, wanted, all);
  pool.set(Layout.SAMPLING, Layout.SAMPLE_BY_GRADIENT);
  pool.setReal(Layout.SAMPLE_THRESHOLD, threshold);
  // p = √(g² + 0.1h²) ÷ threshold ≥ |g| ÷ threshold and ≥ √0.1·h ÷ threshold.
  return { gradient: threshold, hessian: threshold / Math.sqrt(HESSIAN_WEIGHT) };
}

/** Threshold u for which Σ min(1, √(g² + 0.1h²) ÷ u) is the wanted number of rows; Infinity when none is wanted. */
export function samplingThreshold(
  { values, rows, groups, group }: GroupGradients,
  wanted: number,
  all: SampledHosts = { hosts: oneHost(), rows },
): number {
  const sizes = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const g = values[2 * (row * groups + group)]!;
    const h = values[2 * (row * groups + group) + 1]!;
    sizes[row] = Math.sqrt(g * g + HESSIAN_WEIGHT * h * h);
  }
  return thresholdOf(sizes, wanted, all.rows, all.hosts);
}

/** Features that a tree, a level and a node may split on; each level draws from the tree's, each node from its level's. */
export interface FeatureSampler {
  /** Ascending features of the tree; undefined: all. */
  readonly ofTree: Int32Array | undefined;
  /** Ascending features for the next node of this depth; undefined: all. */
  next(depth: number): Int32Array | undefined;
}

/** Draws the tree's features immediately, those of levels and nodes on request. */
export function createFeatureSampler(featureCount: number, p: TreeParameters, random: Random): FeatureSampler {
  const isFree = p.colsampleBytree === 1 && p.colsampleBylevel === 1 && p.colsampleBynode === 1;
  if (isFree) return { ofTree: undefined, next: () => undefined };
  const all = Int32Array.from({ length: featureCount }, (_, feature) => feature);
  const ofTree = sampleFeatures(all, p.colsampleBytree, random);
  const ofLevel = new Map<number, Int32Array>();
  return {
    ofTree,
    next(depth) {
      const level = ofLevel.get(depth) ?? sampleFeatures(ofTree, p.colsampleBylevel, random);
      ofLevel.set(depth, level);
      return sampleFeatures(level, p.colsampleBynode, random);
    },
  };
}

/** max(1, ⌊share · n⌋) of the features, ascending, by a partial Fisher–Yates shuffle. */
function sampleFeatures(features: Int32Array, share: number, random: Random): Int32Array {
  if (share === 1) return features;
  const count = Math.max(1, Math.floor(share * features.length));
  const shuffled = features.slice();
  for (let i = 0; i < count; i++) {
    const j = i + random.below(shuffled.length - i);
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled.subarray(0, count).sort();
}
