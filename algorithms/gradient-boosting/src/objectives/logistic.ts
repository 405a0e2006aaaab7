/**
 * The logistic loss −y ln p − (1 − y) ln(1 − p) with p = 1 / (1 + e^−f); g = p − y, h = max(p(1 − p), 1e-16).
 *
 *   reg:logistic       labels in [0, 1], predicts p, reports rmse
 *   binary:logistic    the same, reports logloss
 *   binary:logitraw    the same, predicts f: a base_score is a margin, and so is what metrics see. As in XGBoost its
 *                      logloss therefore takes f for a probability; auc and error@0 are the ones to read
 */
import { elementwiseObjective } from './elementwise.js';
import { UNIT_LABEL } from './labels.js';
import type { Objective } from './objective.js';
import type { ObjectiveParameters } from './parameters.js';
import { createResponse } from './response.js';
import { sigmoid } from './special-functions.js';

const LEAST_HESSIAN = Math.fround(1e-16);

export function logisticRegression(parameters: ObjectiveParameters): Objective {
  return logistic('reg:logistic', 'rmse', parameters);
}

export function binaryLogistic(parameters: ObjectiveParameters): Objective {
  return logistic('binary:logistic', 'logloss', parameters);
}

export function binaryLogitRaw(parameters: ObjectiveParameters): Objective {
  return logistic('binary:logitraw', 'logloss', parameters);
}

// --- internal ---

function logistic(
  name: 'reg:logistic' | 'binary:logistic' | 'binary:logitraw',
  defaultMetric: string,
  parameters: ObjectiveParameters,
): Objective {
  return elementwiseObjective({
    response: createResponse(name, parameters),
    defaultMetric,
    labelRule: UNIT_LABEL,
    intercept: 'mean',
    scalePosWeight: parameters.scalePosWeight,
    kernel: 'logistic',
    writePair(margin, label, weight, out, at) {
      const p = sigmoid(margin);
      out[at] = (p - label) * weight;
      out[at + 1] = Math.max(p * (1 - p), LEAST_HESSIAN) * weight;
    },
  });
}
