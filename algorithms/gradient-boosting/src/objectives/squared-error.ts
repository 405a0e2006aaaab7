/**
 * reg:squarederror (and its old name reg:linear): ½(f − y)²; g = f − y, h = 1.
 */
import { elementwiseObjective } from './elementwise.js';
import { ANY_LABEL } from './labels.js';
import type { Objective } from './objective.js';
import type { ObjectiveParameters } from './parameters.js';
import { createResponse } from './response.js';

export function squaredError(parameters: ObjectiveParameters): Objective {
  return elementwiseObjective({
    response: createResponse('reg:squarederror', parameters),
    defaultMetric: 'rmse',
    labelRule: ANY_LABEL,
    intercept: 'mean',
    scalePosWeight: parameters.scalePosWeight,
    kernel: 'squared-error',
    writePair(margin, label, weight, out, at) {
      out[at] = (margin - label) * weight;
      out[at + 1] = weight;
    },
  });
}
