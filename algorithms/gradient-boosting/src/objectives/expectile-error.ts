/**
 * reg:expectileerror: ½ the square of f − y, weighted 1 − α where f is above the label and α where it is below. One
 * prediction for each α, ascending by construction: the first is a margin, each later one adds 1e-6 + softplus(margin).
 *
 *   e_0 = m_0      e_k = e_{k−1} + 1e-6 + ln(1 + e^{m_k})
 *   g_j = s_j·Σ_{k ≥ j} w_k (e_k − y)      h_j = s_j²·Σ_{k ≥ j} w_k      s_0 = 1, s_j = sigmoid(m_j)
 *
 * with w_k = 1 − α_k where e_k ≥ y and α_k elsewhere; h is the Gauss–Newton diagonal.
 * @see Newey & Powell, Asymmetric least squares estimation and testing, Econometrica 55 (1987)
 */

import { lookAtRow } from '../engine/interruption.js';
import { newtonStep, weightedMeans } from './intercept.js';
import { ANY_LABEL, checkLabels } from './labels.js';
import { SMALLEST_STEP } from './link.js';
import type { GradientSource, LabelledRows, Objective } from './objective.js';
import type { ObjectiveParameters } from './parameters.js';
import { createResponse } from './response.js';
import { sigmoid, softplus } from './special-functions.js';

export function expectileError(parameters: ObjectiveParameters): Objective {
  const name = 'reg:expectileerror';
  const alphas = Float32Array.from(parameters.expectileAlpha);
  return {
    ...createResponse(name, parameters),
    defaultMetric: 'expectile',
    checkLabels: (rows) => checkLabels(rows, ANY_LABEL, name),
    estimateBaseScore: (rows) => estimateFromMean(rows, alphas),
    prepare: (rows) => expectileGradients(rows, alphas),
  };
}

// --- internal ---

function expectileGradients({ labels, weights }: LabelledRows, alphas: Float32Array): GradientSource {
  const count = alphas.length;
  const expectiles = new Float32Array(count);
  return {
    computeGradients(margins, out) {
      for (let row = 0; row < labels.length; row++) {
        lookAtRow(row);
        const label = labels[row]!;
        const weight = weights === undefined ? 1 : weights[row]!;
        const begin = row * count;
        let expectile = margins[begin]!;
        for (let k = 0; k < count; k++) {
          if (k > 0) expectile = Math.fround(expectile + SMALLEST_STEP + softplus(margins[begin + k]!));
          expectiles[k] = expectile;
        }
        let gradient = 0;
        let hessian = 0;
        for (let j = count - 1; j >= 0; j--) {
          const difference = expectiles[j]! - label;
          const side = (difference >= 0 ? 1 - alphas[j]! : alphas[j]!) * weight;
          gradient += side * difference;
          hessian += side;
          const slope = j === 0 ? 1 : sigmoid(margins[begin + j]!);
          out[2 * (begin + j)] = slope * gradient;
          out[2 * (begin + j) + 1] = slope * slope * hessian;
        }
      }
    },
  };
}

/** One Newton step of each α's own loss from the labels' mean, made ascending. */
function estimateFromMean(rows: LabelledRows, alphas: Float32Array): Float32Array {
  const { labels, weights } = rows;
  const mean = weightedMeans(rows, 1)[0]!;
  const count = alphas.length;
  const gradients = new Float32Array(labels.length * count * 2);
  for (let row = 0; row < labels.length; row++) {
    lookAtRow(row);
    const difference = mean - labels[row]!;
    for (let k = 0; k < count; k++) {
      const side = (difference >= 0 ? 1 - alphas[k]! : alphas[k]!) * (weights === undefined ? 1 : weights[row]!);
      gradients[2 * (row * count + k)] = side * difference;
      gradients[2 * (row * count + k) + 1] = side;
    }
  }
  const scores = newtonStep(gradients, count, rows).map((step) => step + mean);
  for (let k = 1; k < count; k++) scores[k] = Math.max(scores[k]!, scores[k - 1]!);
  return scores;
}
