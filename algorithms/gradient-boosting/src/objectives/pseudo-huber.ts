/**
 * reg:pseudohubererror: δ²(√(1 + (r/δ)²) − 1) with residual r = f − y and δ = huber_slope; quadratic near 0, linear
 * far away.
 *
 *   g = r / √(1 + (r/δ)²)      h = δ² / ((δ² + r²)·√(1 + (r/δ)²))
 */
import { elementwiseObjective } from './elementwise.js';
import { ANY_LABEL } from './labels.js';
import { IDENTITY } from './link.js';
import type { Objective } from './objective.js';
import type { ObjectiveParameters } from './parameters.js';

export function pseudoHuberError(parameters: ObjectiveParameters): Objective {
  const slopeSquare = Math.fround(parameters.huberSlope) ** 2;
  return elementwiseObjective({
    name: 'reg:pseudohubererror',
    task: 'regression',
    defaultMetric: 'mphe',
    labelRule: ANY_LABEL,
    link: IDENTITY,
    intercept: 'newton',
    targetCount: parameters.targetCount,
    writePair(margin, label, weight, out, at) {
      const r = margin - label;
      const root = Math.sqrt(1 + (r * r) / slopeSquare);
      out[at] = (r / root) * weight;
      out[at + 1] = (slopeSquare / ((slopeSquare + r * r) * root)) * weight;
    },
  });
}
