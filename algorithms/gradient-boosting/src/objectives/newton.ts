/**
 * base_score by one Newton step: the constant margin that the loss's own gradients at margin 0 ask for.
 */
import { newtonStep } from './intercept.js';
import type { LabelledRows, Objective } from './objective.js';

/** @returns [groups] in the unit of predictions */
export function estimateByNewtonStep(
  objective: Pick<Objective, 'groupCount' | 'prepare' | 'transform'>,
  rows: LabelledRows,
): Float32Array {
  return objective.transform(stepFrom(0, objective, rows));
}

/**
 * The margin one Newton step away from the constant margin `start`.
 * @returns [groups]
 */
export function stepFrom(
  start: number,
  objective: Pick<Objective, 'groupCount' | 'prepare'>,
  rows: LabelledRows,
): Float32Array {
  const { groupCount } = objective;
  const rowCount = rows.labels.length;
  const margins = new Float32Array(rowCount * groupCount).fill(start);
  const gradients = new Float32Array(margins.length * 2);
  objective.prepare(rows).computeGradients(margins, gradients, 0);
  return newtonStep(gradients, groupCount).map((step) => start + step);
}
