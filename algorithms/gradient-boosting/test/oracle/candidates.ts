/**
 * Every split of one feature at one node, in the order in which XGBoost tries them: the plain counterpart of
 * assembly/growing/scan.ts and assembly/growing/categories.ts, which must find the same best one.
 */

import { type Bounds, nodeWeight, type Split, type Sums, weightGain } from '../../src/engine/growing/split.js';
import type { TreeParameters } from '../../src/engine/tree-parameters.js';

/** A node as split search sees it. */
export interface OracleNode {
  readonly sums: Sums;
  readonly gain: number;
  readonly bounds: Bounds | undefined;
}

/** Sums of the rows of each bin of one feature; rows without a value are in none. */
export type BinSums = readonly Sums[];

const NONE: Sums = { gradient: 0, hessian: 0 };

/** The best split of the feature, or undefined when none has a positive gain. */
export function bestOfFeature(
  feature: number,
  bins: BinSums,
  isCategorical: boolean,
  node: OracleNode,
  p: TreeParameters,
): Split | undefined {
  const candidates = !isCategorical
    ? numericSplits(feature, bins, node)
    : bins.length < p.maxCatToOnehot
      ? oneHotSplits(feature, bins, node)
      : partitionSplits(feature, bins, node, p);
  let best: Split | undefined;
  for (const candidate of candidates) {
    const split = { ...candidate, gain: splitGain(candidate, node, p) };
    if (split.gain > (best?.gain ?? 0) && split.gain !== Number.POSITIVE_INFINITY) best = split;
  }
  return best;
}

// --- internal ---

type Candidate = Omit<Split, 'gain'>;

function* numericSplits(feature: number, bins: BinSums, node: OracleNode): Generator<Candidate> {
  let sum = NONE;
  for (const [bin, entry] of bins.entries()) {
    sum = add(sum, entry);
    yield { feature, bin: bin + 1, isDefaultLeft: false, left: sum, right: subtract(node.sums, sum) };
  }
  if (sum.gradient === node.sums.gradient && sum.hessian === node.sums.hessian) return;
  sum = NONE;
  for (let bin = bins.length - 1; bin >= 0; bin--) {
    sum = add(sum, bins[bin]!);
    yield { feature, bin, isDefaultLeft: true, left: subtract(node.sums, sum), right: sum };
  }
}

function* oneHotSplits(feature: number, bins: BinSums, node: OracleNode): Generator<Candidate> {
  const missing = subtract(node.sums, bins.reduce(add, NONE));
  for (const [bin, entry] of bins.entries()) {
    for (const [isDefaultLeft, right] of [
      [true, entry],
      [false, add(entry, missing)],
    ] as const) {
      yield { feature, bin, isDefaultLeft, categories: [bin], left: subtract(node.sums, right), right };
    }
  }
}

function* partitionSplits(feature: number, bins: BinSums, node: OracleNode, p: TreeParameters): Generator<Candidate> {
  const plain = { ...p, monotoneConstraints: [] };
  const weights = bins.map((entry) => nodeWeight(entry, plain));
  const order = [...bins.keys()].sort((a, b) => weights[a]! - weights[b]! || a - b);
  const steps = Math.min(p.maxCatThreshold, bins.length) - 1;
  const ascending = (categories: readonly number[]) => [...categories].sort((a, b) => a - b);
  let sum = NONE;
  for (let step = 0; step < steps; step++) {
    sum = add(sum, bins[order[step]!]!);
    const categories = ascending(order.slice(0, step + 1));
    yield { feature, bin: 0, isDefaultLeft: true, categories, left: subtract(node.sums, sum), right: sum };
  }
  sum = NONE;
  for (let step = 0; step < steps; step++) {
    const last = bins.length - 1 - step;
    sum = add(sum, bins[order[last]!]!);
    const categories = ascending(order.slice(0, last));
    yield { feature, bin: 0, isDefaultLeft: false, categories, left: sum, right: subtract(node.sums, sum) };
  }
}

function splitGain({ feature, left, right }: Candidate, node: OracleNode, p: TreeParameters): number {
  const isHeavy = ({ hessian }: Sums) => hessian > 0 && hessian >= p.minChildWeight;
  if (!isHeavy(left) || !isHeavy(right)) return Number.NEGATIVE_INFINITY;
  const leftWeight = nodeWeight(left, p, node.bounds);
  const rightWeight = nodeWeight(right, p, node.bounds);
  const direction = p.monotoneConstraints[feature] ?? 0;
  if (direction * (rightWeight - leftWeight) < 0) return Number.NEGATIVE_INFINITY;
  const gain = Math.fround(weightGain(left, leftWeight, p) + weightGain(right, rightWeight, p));
  return Math.fround(gain - node.gain);
}

function add(a: Sums, b: Sums): Sums {
  return { gradient: a.gradient + b.gradient, hessian: a.hessian + b.hessian };
}

function subtract(a: Sums, b: Sums): Sums {
  return { gradient: a.gradient - b.gradient, hessian: a.hessian - b.hessian };
}
