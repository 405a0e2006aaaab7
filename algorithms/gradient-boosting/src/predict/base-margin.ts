/**
 * The margin that every row starts from. A model stores base_score in the unit of predictions (a probability, a mean);
 * trees add to its image under the objective's link, computed in float32 as XGBoost does.
 */
import { AlgorithmError } from '@algo/contract';
import type { Ensemble } from '../ensemble/tree.js';
import { marginsOfScores } from '../objectives/response.js';

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
  return marginsOfScores(objective, scores);
}
