/**
 * reg:absoluteerror: |f − y|, by majorisation: each round minimises the pseudo-Huber loss whose width is the scale S
 * of the present residuals, with the curvature that keeps its quadratic model above the loss (iteratively reweighted
 * least squares).
 *
 *   c = S / √(S² + r²)      g = w·r·c      h = w·c      r = f − y
 *
 * XGBoost 3.4 does this; earlier versions took the sign as gradient and reset each leaf to its residuals' median.
 */

import { lookAtRow } from '../engine/interruption.js';
import { newtonStep, weightedMeans } from './intercept.js';
import { ANY_LABEL, checkLabels } from './labels.js';
import type { GradientSource, LabelledRows, Objective } from './objective.js';
import type { ObjectiveParameters } from './parameters.js';
import { residualScales } from './residual-scale.js';
import { createResponse } from './response.js';

export function absoluteError(parameters: ObjectiveParameters): Objective {
  const name = 'reg:absoluteerror';
  const { targetCount } = parameters;
  return {
    ...createResponse(name, parameters),
    defaultMetric: 'mae',
    checkLabels: (rows) => checkLabels({ targets: targetCount, ...rows }, ANY_LABEL, name),
    estimateBaseScore: (rows) => estimateFromMean(rows, targetCount),
    prepare: (rows) => majorizedGradients(rows, targetCount),
  };
}

// --- internal ---

function majorizedGradients(rows: LabelledRows, targetCount: number): GradientSource {
  const { labels, weights } = rows;
  const scalesOf = residualScales(rows, targetCount, targetCount);
  return {
    computeGradients(margins, out) {
      const scales = scalesOf(margins);
      for (let target = 0; target < targetCount; target++) {
        const scale = scales[target]!;
        for (let index = target; index < labels.length; index += targetCount) {
          lookAtRow((index - target) / targetCount);
          const residual = Math.fround(margins[index]! - labels[index]!);
          const norm = Math.sqrt(scale * scale + residual * residual);
          const curvature = norm > 0 ? scale / norm : 1;
          const weight = weights === undefined ? 1 : weights[(index - target) / targetCount]!;
          out[2 * index] = weight * residual * curvature;
          out[2 * index + 1] = weight * curvature;
        }
      }
    },
  };
}

/** The labels' mean and one step from there. */
function estimateFromMean(rows: LabelledRows, targetCount: number): Float32Array {
  const means = weightedMeans(rows, targetCount);
  const margins = new Float32Array(rows.labels.length);
  for (let index = 0; index < margins.length; index++) margins[index] = means[index % targetCount]!;
  const gradients = new Float32Array(margins.length * 2);
  majorizedGradients(rows, targetCount).computeGradients(margins, gradients, 0);
  return newtonStep(gradients, targetCount, rows).map((step, target) => step + means[target]!);
}
