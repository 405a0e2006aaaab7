/**
 * reg:squaredlogerror: ½(ln(f + 1) − ln(y + 1))² for labels above −1.
 *
 *   g = (ln(f + 1) − ln(y + 1)) / (f + 1)      h = max((1 − ln(f + 1) + ln(y + 1)) / (f + 1)², 1e-6)
 *
 * with f held above −1. The floor keeps h positive where the loss is not convex.
 */
import { elementwiseObjective } from './elementwise.js';
import type { Objective } from './objective.js';
import type { ObjectiveParameters } from './parameters.js';
import { createResponse } from './response.js';

const SMALLEST_PREDICTION = Math.fround(-1 + 1e-6);
const LEAST_HESSIAN = Math.fround(1e-6);

export function squaredLogError(parameters: ObjectiveParameters): Objective {
  return elementwiseObjective({
    response: createResponse('reg:squaredlogerror', parameters),
    defaultMetric: 'rmsle',
    labelRule: {
      text: 'a finite number above -1',
      accepts: (label) => label > -1 && label < Number.POSITIVE_INFINITY,
    },
    intercept: 'newton',
    writePair(margin, label, weight, out, at) {
      const f = Math.max(margin, SMALLEST_PREDICTION);
      const difference = Math.log1p(f) - Math.log1p(label);
      out[at] = (difference / (f + 1)) * weight;
      out[at + 1] = Math.max((1 - difference) / ((f + 1) * (f + 1)), LEAST_HESSIAN) * weight;
    },
  });
}
