/**
 * reg:pseudohubererror: δ²(√(1 + (r/δ)²) − 1) with residual r = f − y and δ = huber_slope; quadratic near 0, linear
 * far away.
 *
 *   g = r / √(1 + (r/δ)²)      h = δ² / ((δ² + r²)·√(1 + (r/δ)²))
 */
import { elementwiseObjective } from './elementwise.js';
import { ANY_LABEL } from './labels.js';
import type { Objective } from './objective.js';
import type { ObjectiveParameters } from './parameters.js';
import { createResponse } from './response.js';

export function pseudoHuberError(parameters: ObjectiveParameters): Objective {
  const slopeSquare = Math.fround(parameters.huberSlope) ** 2;
  return elementwiseObjective({
    response: createResponse('reg:pseudohubererror', parameters),
    defaultMetric: 'mphe',
    labelRule: ANY_LABEL,
    intercept: 'newton',
    writePair(margin, label, weight, out, at) {
      const r = margin - label;
      const root = Math.sqrt(1 + (r * r) / slopeSquare);
      out[at] = (r / root) * weight;
      out[at + 1] = (slopeSquare / ((slopeSquare + r * r) * root)) * weight;
    },
  });
}
