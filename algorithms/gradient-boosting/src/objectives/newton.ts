/**
 * base_score by one Newton step: the constant margin that the loss's own gradients at margin 0 ask for.
 */
import { newtonStep } from './intercept.js';
import type { LabelledRows, Objective } from './objective.js';

/**
 * @param objective with one margin for each label
 * @returns [groups] in the unit of predictions
 */
export function estimateByNewtonStep(
  objective: Pick<Objective, 'groupCount' | 'prepare' | 'transform'>,
  rows: LabelledRows,
): Float32Array {
  const margins = new Float32Array(rows.labels.length);
  const gradients = new Float32Array(margins.length * 2);
  objective.prepare(rows).computeGradients(margins, gradients, 0);
  return objective.transform(newtonStep(gradients, objective.groupCount));
}
