/** A whole run compared with XGBoost's: base score, each round's trees grown on XGBoost's own trees before, dart weights. */
import type { Pool } from '../../src/engine/threads/pool.js';
import { type Comparison, compareTrees, emptyComparison } from './compare-trees.js';
import { isDart, prepareCase, type TrainingCase } from './training-case.js';

export interface CaseComparison extends Comparison {
  trees: number;
  /** Largest deviation of a base score, as a share of XGBoost's, at least 0.1. */
  baseScore: number;
  /** Largest absolute deviation of a dart weight. */
  treeWeight: number;
}

/** What holds for any case but those of survival:cox. */
const LIMITS = {
  // Float32 gradients from another exp, then one float32 rounding of the output.
  output: 1e-4,
  cover: 5e-5,
  gain: 2e-5,
  baseScore: 1e-5,
  treeWeight: 1e-6,
};

/**
 * XGBoost takes the hazards at risk away from their sum, one after the other, and so loses the digits of the last ones;
 * here they are added up from the end.
 */
const COX_LIMITS = { ...LIMITS, output: 1e-3, cover: 1e-4, gain: 1e-4 };

export async function compareCase(pool: Pool, stored: TrainingCase): Promise<CaseComparison> {
  const { model, rounds, rows, columns, features } = stored;
  const found: CaseComparison = { ...emptyComparison(), trees: model.trees.length, baseScore: 0, treeWeight: 0 };
  const run = prepareCase(pool, stored);
  const { parameters } = run;
  const perRound = model.trees.length / rounds;
  // A round of dart depends on weights that the finished model does not have, so these runs are compared separately.
  const whole = isDart(stored) ? await run.grow() : undefined;
  for (let round = 0; round < rounds; round++) {
    const first = round * perRound;
    const before = model.trees.slice(0, first);
    const trees = whole?.trees.slice(first, first + perRound) ?? (await run.grow(before, round + 1)).trees;
    const gradients = run.gradients(before);
    for (const [index, tree] of trees.entries()) {
      const own = gradientsOf(model.treeGroup[first + index]!, gradients, model.groupCount);
      const name = `${stored.name}, tree ${first + index}`;
      compareTrees(tree, model.trees[first + index]!, { columns, features, gradients: own, parameters }, name, found);
    }
    if (trees.length !== perRound) found.differences.push(`round ${round} has ${trees.length} trees`);
  }
  run.release();
  for (const [group, expected] of model.baseScore.entries()) {
    const deviation = Math.abs((run.baseScore[group] ?? run.baseScore[0]!) - expected);
    found.baseScore = Math.max(found.baseScore, deviation / Math.max(Math.abs(expected), 0.1));
  }
  for (const [index, weight] of (model.weightDrop ?? []).entries()) {
    found.treeWeight = Math.max(found.treeWeight, Math.abs((whole?.treeWeights?.[index] ?? 1) - weight));
  }
  if (rows * columns !== features.length) found.differences.push(`${features.length} values of ${rows} rows`);
  return found;
}

/** The differences above their limits; empty if the runs are the same. */
export function deviations(found: CaseComparison, { settings }: TrainingCase): string[] {
  const limits = settings.objective === 'survival:cox' ? COX_LIMITS : LIMITS;
  const above = Object.entries(limits).filter(([name, limit]) => !(found[name as keyof typeof limits] <= limit));
  return [...found.differences, ...above.map(([name]) => `${name} deviates by ${found[name as keyof typeof limits]}`)];
}

// --- internal ---

/** [rows × 2] of one group. */
function gradientsOf(group: number, gradients: Float32Array, groups: number): Float32Array {
  const rows = gradients.length / (2 * groups);
  return Float32Array.from({ length: rows * 2 }, (_, index) => {
    return gradients[((index >> 1) * groups + group) * 2 + (index & 1)]!;
  });
}
