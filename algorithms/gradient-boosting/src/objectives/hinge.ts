/**
 * binary:hinge: max(0, 1 − ty) with t = f and y = 2·label − 1. Inside the margin g = −y and h = 1; outside g = 0 and h
 * the smallest normal float32, whatever the weight. Predicts the class, 1 when f > 0.
 */
import { elementwiseObjective } from './elementwise.js';
import { UNIT_LABEL } from './labels.js';
import type { Objective } from './objective.js';
import type { ObjectiveParameters } from './parameters.js';
import { createResponse } from './response.js';

/** 2^−126 */
const LEAST_HESSIAN = 1.1754943508222875e-38;

export function hinge(parameters: ObjectiveParameters): Objective {
  return elementwiseObjective({
    response: createResponse('binary:hinge', parameters),
    defaultMetric: 'error',
    labelRule: UNIT_LABEL,
    intercept: 'newton',
    writePair(margin, label, weight, out, at) {
      const y = label * 2 - 1;
      const isInside = margin * y < 1;
      out[at] = isInside ? -y * weight : 0;
      out[at + 1] = isInside ? weight : LEAST_HESSIAN;
    },
  });
}
