/**
 * Dart (Vinayak & Gilad-Bachrach 2015): each round drops some trees, fits the remaining error, and scales the new and
 * the dropped trees so that together they have the weight that the dropped ones had. Draws and scales follow XGBoost.
 */
import type { Random } from '@algo/numerics';

export interface DartParameters {
  /** Share of trees left out, [0, 1]. */
  readonly rateDrop: number;
  /** Whether at least one tree is left out. */
  readonly oneDrop: boolean;
  /** Chance that a round leaves none out, [0, 1]. */
  readonly skipDrop: number;
  readonly sampleType: 'uniform' | 'weighted';
  readonly normalizeType: 'tree' | 'forest';
}

const { fround } = Math;

/** Trees to leave out of this round, ascending. */
export function chooseDropped(weights: readonly number[], dart: DartParameters, random: Random): number[] {
  if (weights.length === 0) return [];
  if (dart.skipDrop > 0 && random.uniform() < dart.skipDrop) return [];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const chance = (weight: number) =>
    dart.sampleType === 'weighted' ? (dart.rateDrop * weights.length * weight) / total : dart.rateDrop;
  const dropped = [...weights.keys()].filter((tree) => random.uniform() < chance(weights[tree]!));
  if (dropped.length > 0 || !dart.oneDrop) return dropped;
  if (dart.sampleType === 'uniform') return [random.below(weights.length)];
  const target = random.uniform() * total;
  let sum = 0;
  const chosen = weights.findIndex((weight) => {
    sum += weight;
    return sum > target;
  });
  return [chosen < 0 ? weights.length - 1 : chosen];
}

/** Weights, float32, of all trees after `added` new ones. */
export function normalizeWeights(
  weights: readonly number[],
  dropped: readonly number[],
  added: number,
  eta: number,
  normalizeType: DartParameters['normalizeType'],
): number[] {
  const count = dropped.length;
  const isForest = normalizeType === 'forest';
  const kept = isForest ? 1 / (1 + eta) : count / (count + eta);
  const fresh = count === 0 ? 1 : isForest ? 1 / (1 + eta) : 1 / (count + eta);
  const scaled = weights.slice();
  for (const tree of dropped) scaled[tree] = fround(scaled[tree]! * fround(kept));
  return [...scaled, ...Array.from({ length: added }, () => fround(fresh))];
}
