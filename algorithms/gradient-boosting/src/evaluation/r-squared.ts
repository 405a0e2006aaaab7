/**
 * r2, the coefficient of determination: 1 − Σ w(y − f)² / Σ w(y − ȳ)² with ȳ the weighted mean. Where all labels are
 * equal it is 1 for perfect predictions and 0 for others, as in scikit-learn.
 */

import { lookAtRow } from '../engine/interruption.js';
import { weightedMeans } from '../objectives/intercept.js';
import { ANY_LABEL, checkLabels } from '../objectives/labels.js';
import type { LabelledRows } from '../objectives/objective.js';
import { onePrediction } from './applicability.js';
import type { MetricKind } from './metric.js';

export const R_SQUARED: MetricKind = {
  name: 'r2',
  lacking: (target) => (target.parameters.targetCount === 1 ? onePrediction(target) : 'one label column'),
  create(argument) {
    if (argument !== '') return undefined;
    return {
      name: 'r2',
      checkRows: ({ labels }) => checkLabels(labels, ANY_LABEL, 'r2'),
      evaluate: rSquared,
    };
  },
};

// --- internal ---

function rSquared(predictions: Float32Array, { labels, weights }: LabelledRows): number {
  const mean = weightedMeans(labels, weights, 1)[0]!;
  let residual = 0;
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    lookAtRow(row);
    const weight = weights === undefined ? 1 : weights[row]!;
    residual += weight * (labels[row]! - predictions[row]!) ** 2;
    total += weight * (labels[row]! - mean) ** 2;
  }
  if (total === 0) return residual === 0 ? 1 : 0;
  return 1 - residual / total;
}
