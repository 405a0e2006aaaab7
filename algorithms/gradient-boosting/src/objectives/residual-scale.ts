/**
 * The scale of a group's residuals, S = (Σ w·√|f − y| / Σ w)²: the width in which the smooth surrogates of absolute
 * and quantile error replace the kink. It shrinks as the fit improves. Powers of ½ make it robust against outliers.
 */

import { lookAtRow } from '../engine/interruption.js';
import { sumWeights } from './intercept.js';
import type { LabelledRows } from './objective.js';

/**
 * @param margins [rows × groupCount]
 * @param column which label column group's residuals are taken from
 * @returns ≥ 0, float32; 0 when all weights are 0
 */
export function residualScale(
  margins: Float32Array,
  rows: LabelledRows,
  group: number,
  groupCount: number,
  column: number,
): number {
  const { labels, weights } = rows;
  const rowCount = margins.length / groupCount;
  const labelColumns = labels.length / rowCount;
  const totalWeight = sumWeights(weights, rowCount);
  if (totalWeight < 1e-6) return 0;
  let sum = 0;
  for (let row = 0; row < rowCount; row++) {
    lookAtRow(row);
    const root = Math.sqrt(Math.abs(margins[row * groupCount + group]! - labels[row * labelColumns + column]!));
    sum += weights === undefined ? root : root * weights[row]!;
  }
  return Math.fround((sum / totalWeight) ** 2);
}
