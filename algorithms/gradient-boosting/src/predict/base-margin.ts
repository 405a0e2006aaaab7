/**
 * The margin that every row starts from. A model stores base_score in the unit of predictions (a probability, a mean);
 * trees add to its image under the objective's link, computed in float32 as XGBoost does.
 */
import { AlgorithmError } from '@algo/contract';
import type { Ensemble } from '../ensemble/tree.js';

/** XGBoost's kRtEps: keeps a logit finite, and expectiles apart. */
const SMALLEST_STEP = Math.fround(1e-6);

type ScoredModel = Pick<Ensemble, 'objective' | 'baseScore' | 'groupCount'>;

/**
 * @returns [groups] float32 margins
 * @throws AlgorithmError when there are neither 1 nor as many scores as groups
 */
export function baseMargins(model: ScoredModel): Float32Array {
  const { baseScore, groupCount, objective } = model;
  if (baseScore.length !== 1 && baseScore.length !== groupCount) {
    throw new AlgorithmError(
      'E_ALGORITHM',
      `baseMargins: base_score must have 1 or ${groupCount} values; received ${baseScore.length}.`,
    );
  }
  const scores = Float32Array.from({ length: groupCount }, (_, group) => baseScore[group] ?? baseScore[0] ?? 0);
  if (objective === 'reg:expectileerror') return expectileMargins(scores);
  const link = linkOf(objective);
  return scores.map(link);
}

// --- internal ---

function linkOf(objective: string): (score: number) => number {
  switch (objective) {
    case 'reg:logistic':
    case 'binary:logistic':
      return logit;
    case 'count:poisson':
    case 'reg:gamma':
    case 'reg:tweedie':
    case 'survival:cox':
    case 'survival:aft':
      return Math.log;
    default:
      return (score) => score;
  }
}

/** −log(1 / p − 1), each step rounded to float32. */
function logit(score: number): number {
  const p = Math.min(Math.max(score, SMALLEST_STEP), Math.fround(1 - SMALLEST_STEP));
  return -Math.log(Math.fround(Math.fround(1 / p) - 1));
}

/** Expectiles are predicted as the first one and positive steps, each a softplus of its margin. */
function expectileMargins(scores: Float32Array): Float32Array {
  return scores.map((score, index) => {
    if (index === 0) return score;
    const step = Math.fround(Math.fround(score - scores[index - 1]!) - SMALLEST_STEP);
    return inverseSoftplus(step);
  });
}

/** The x whose softplus is `value`: x = value + log(1 − e^−value). */
function inverseSoftplus(value: number): number {
  const positive = Math.max(value, SMALLEST_STEP);
  return positive + Math.fround(Math.log(-Math.fround(Math.expm1(-positive))));
}
