/**
 * survival:aft: accelerated failure time. A prediction is the time e^f; the loss is in aft-loss.ts. base_score is not
 * estimated: it is 0.5, as in XGBoost.
 */

import { lookAtRow } from '../../engine/interruption.js';
import type { LabelledRows, Objective } from '../objective.js';
import type { ObjectiveParameters } from '../parameters.js';
import { createResponse } from '../response.js';
import { writeAftPair } from './aft-loss.js';
import { boundsOf, checkBounds } from './bounds.js';
import { DISTRIBUTIONS } from './distributions.js';

export function acceleratedFailureTime(parameters: ObjectiveParameters): Objective {
  const name = 'survival:aft';
  const distribution = DISTRIBUTIONS[parameters.aftLossDistribution];
  const sigma = Math.fround(parameters.aftLossDistributionScale);
  return {
    ...createResponse(name, parameters),
    defaultMetric: 'aft-nloglik',
    checkLabels: (rows: LabelledRows) => checkBounds(rows, name),
    estimateBaseScore: () => Float32Array.of(0.5),
    prepare(rows) {
      const { lower, upper } = boundsOf(rows);
      const { weights } = rows;
      return {
        computeGradients(margins, out) {
          for (let row = 0; row < lower.length; row++) {
            lookAtRow(row);
            const weight = weights === undefined ? 1 : weights[row]!;
            writeAftPair(distribution, lower[row]!, upper[row]!, margins[row]!, sigma, weight, out, 2 * row);
          }
        },
      };
    },
  };
}
