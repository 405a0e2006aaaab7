/**
 * reg:quantileerror: the pinball loss max(α(y − f), (1 − α)(f − y)), one margin for each α, smoothed and majorised.
 * With the scale S of the α's present residuals r = f − y and x = r / (0.04·S),
 *
 *   g = w·S/2·(tanh x + 1 − 2α)      h = w/0.08·max(tanh x / x, 3e-4)
 *
 * The secant tanh x / x keeps the quadratic model above the loss; its floor keeps steps of far rows stable. Both
 * constants are XGBoost 3.4's. Predictions of a row are sorted, so that quantiles never cross.
 * @see Fernandes, Guerre, Horta, Smoothing quantile regressions, J. Business & Economic Statistics 39 (2021)
 */

import { lookAtRow } from '../engine/interruption.js';
import { quantile } from './intercept.js';
import { ANY_LABEL, checkLabels } from './labels.js';
import type { GradientSource, LabelledRows, Objective } from './objective.js';
import type { ObjectiveParameters } from './parameters.js';
import { residualScales } from './residual-scale.js';
import { createResponse } from './response.js';
import { layoutOf } from './whole/row-layout.js';

const SMOOTHING = Math.fround(0.04);
const LEAST_RATIO = Math.fround(3e-4);

export function quantileError(parameters: ObjectiveParameters): Objective {
  const name = 'reg:quantileerror';
  const alphas = Float32Array.from(parameters.quantileAlpha);
  return {
    ...createResponse(name, parameters),
    defaultMetric: 'quantile',
    checkLabels: (rows) => checkLabels(rows, ANY_LABEL, name),
    estimateBaseScore: (rows) => quantilesOfLabels(rows, alphas),
    prepare: (rows) => smoothedGradients(rows, alphas),
  };
}

// --- internal ---

function quantilesOfLabels(rows: LabelledRows, alphas: Float32Array): Float32Array {
  const layout = layoutOf(rows);
  const labels = layout.gather(rows.labels);
  const weights = rows.weights && layout.gather(rows.weights);
  return alphas.map((alpha) => quantile(labels, alpha, weights));
}

function smoothedGradients(rows: LabelledRows, alphas: Float32Array): GradientSource {
  const { labels, weights } = rows;
  const groupCount = alphas.length;
  const scalesOf = residualScales(rows, groupCount, 1);
  return {
    computeGradients(margins, out) {
      const scales = scalesOf(margins);
      for (let group = 0; group < groupCount; group++) {
        const scale = scales[group]!;
        const tilt = 1 - 2 * alphas[group]!;
        for (let row = 0; row < labels.length; row++) {
          lookAtRow(row);
          const index = row * groupCount + group;
          const weight = weights === undefined ? 1 : weights[row]!;
          const isUsed = scale > 0 && weight !== 0;
          const x = isUsed ? Math.fround(margins[index]! - labels[row]!) / (SMOOTHING * scale) : 0;
          const bend = Math.tanh(x);
          const ratio = x === 0 ? 1 : Math.max(bend / x, LEAST_RATIO);
          out[2 * index] = isUsed ? weight * 0.5 * scale * (bend + tilt) : 0;
          out[2 * index + 1] = isUsed ? (weight * 0.5 * ratio) / SMOOTHING : 0;
        }
      }
    },
  };
}
