/**
 * r2, the coefficient of determination: 1 − Σ w(y − f)² / Σ w(y − ȳ)² with ȳ the weighted mean. Where all labels are
 * equal it is 1 for perfect predictions and 0 for others, as in scikit-learn.
 */

import { weightedMeans } from '../objectives/intercept.js';
import { ANY_LABEL, checkLabels } from '../objectives/labels.js';
import type { LabelledRows } from '../objectives/objective.js';
import { layoutOf } from '../objectives/whole/row-layout.js';
import { totalOfRows } from '../objectives/whole/totals.js';
import { onePrediction } from './applicability.js';
import type { Evaluate, MetricKind } from './metric.js';

export const R_SQUARED: MetricKind = {
  name: 'r2',
  lacking: (target) => (target.parameters.targetCount === 1 ? onePrediction(target) : 'one label column'),
  create(argument) {
    if (argument !== '') return undefined;
    return {
      name: 'r2',
      checkRows: (rows) => checkLabels(rows, ANY_LABEL, 'r2'),
      prepare: rSquared,
    };
  },
};

// --- internal ---

function rSquared(rows: LabelledRows): Evaluate {
  const { labels, weights } = rows;
  const layout = layoutOf(rows);
  const mean = weightedMeans(rows, 1)[0]!;
  const weightOf = (row: number) => (weights === undefined ? 1 : weights[row]!);
  const total = totalOfRows(layout, (begin, end) => {
    let sum = 0;
    for (let row = begin; row < end; row++) sum += weightOf(row) * (labels[row]! - mean) ** 2;
    return sum;
  });
  return (predictions) => {
    const residual = totalOfRows(layout, (begin, end) => {
      let sum = 0;
      for (let row = begin; row < end; row++) sum += weightOf(row) * (labels[row]! - predictions[row]!) ** 2;
      return sum;
    });
    if (total === 0) return residual === 0 ? 1 : 0;
    return 1 - residual / total;
  };
}
