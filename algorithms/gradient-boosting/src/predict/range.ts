/**
 * Which boosting rounds a prediction uses. As in XGBoost's `iteration_range`, a range is [begin, end) in rounds, and an
 * end of 0 means all rounds.
 */
import { AlgorithmError } from '@algo/contract';
import type { Ensemble } from '../ensemble/tree.js';

/** Rounds [begin, end); end 0 stands for all. */
export type IterationRange = readonly [begin: number, end: number];

/** Rounds that the ensemble was boosted for. */
function roundCount(ensemble: Ensemble): number {
  return ensemble.iterationStart.length - 1;
}

/**
 * The rounds up to and including the best one of early stopping, or all when the model does not name one.
 * XGBoost's own sklearn interface predicts with these; `Booster.predict` uses all by default.
 */
export function bestRange(ensemble: Ensemble): IterationRange {
  const text = Object.hasOwn(ensemble.attributes, 'best_iteration') ? ensemble.attributes.best_iteration : undefined;
  const best = text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  return [0, best !== undefined && best < roundCount(ensemble) ? best + 1 : 0];
}

/**
 * @returns first and past-the-last tree of the rounds
 * @throws AlgorithmError when the range is not within the ensemble's rounds
 */
export function treeRange(ensemble: Ensemble, range: IterationRange = [0, 0]): readonly [begin: number, end: number] {
  const rounds = roundCount(ensemble);
  const begin = range[0];
  const end = range[1] === 0 ? rounds : range[1];
  if (!Number.isInteger(begin) || !Number.isInteger(end) || begin < 0 || begin > end || end > rounds) {
    throw new AlgorithmError(
      'E_ALGORITHM',
      `An iteration range must be within the model's ${rounds} rounds; received [${range.join(', ')}).`,
    );
  }
  return [ensemble.iterationStart[begin]!, ensemble.iterationStart[end]!];
}
