/**
 * Regressions of positive means μ = e^f: negative log-likelihoods of three distributions, without the terms that do
 * not depend on f.
 *
 *   reg:gamma        y/μ + ln μ                                   g = 1 − y/μ           h = y/μ
 *   count:poisson    μ − y ln μ                                   g = μ − y             h = e^(f + max_delta_step)
 *   reg:tweedie      −y μ^(1−ρ)/(1−ρ) + μ^(2−ρ)/(2−ρ)             g = −y a + b          h = −y(1−ρ)a + (2−ρ)b
 *                    with a = e^((1−ρ)f), b = e^((2−ρ)f) and ρ = tweedie_variance_power
 *
 * Poisson's hessian is inflated so that a step stays below max_delta_step in f, where the quadratic model is poor.
 */
import { elementwiseObjective } from './elementwise.js';
import { NON_NEGATIVE_LABEL, POSITIVE_LABEL } from './labels.js';
import type { Objective } from './objective.js';
import type { ObjectiveParameters } from './parameters.js';
import { createResponse } from './response.js';
import { exponential32 } from './special-functions.js';

export function gammaRegression(parameters: ObjectiveParameters): Objective {
  return elementwiseObjective({
    response: createResponse('reg:gamma', parameters),
    defaultMetric: 'gamma-deviance',
    labelRule: POSITIVE_LABEL,
    intercept: 'mean',
    scalePosWeight: parameters.scalePosWeight,
    writePair(margin, label, weight, out, at) {
      const ratio = label / exponential32(margin);
      out[at] = (1 - ratio) * weight;
      out[at + 1] = ratio * weight;
    },
  });
}

export function poissonRegression(parameters: ObjectiveParameters): Objective {
  const inflation = Math.exp(Math.fround(parameters.maxDeltaStep));
  return elementwiseObjective({
    response: createResponse('count:poisson', parameters),
    defaultMetric: 'poisson-nloglik',
    labelRule: NON_NEGATIVE_LABEL,
    intercept: 'mean',
    writePair(margin, label, weight, out, at) {
      const mean = exponential32(margin);
      out[at] = (mean - label) * weight;
      out[at + 1] = mean * inflation * weight;
    },
  });
}

export function tweedieRegression(parameters: ObjectiveParameters): Objective {
  const power = Math.fround(parameters.tweedieVariancePower);
  return elementwiseObjective({
    response: createResponse('reg:tweedie', parameters),
    defaultMetric: `tweedie-nloglik@${parameters.tweedieVariancePower}`,
    labelRule: NON_NEGATIVE_LABEL,
    intercept: 'mean',
    writePair(margin, label, weight, out, at) {
      const a = exponential32((1 - power) * margin);
      const b = exponential32((2 - power) * margin);
      out[at] = (b - label * a) * weight;
      out[at + 1] = ((2 - power) * b - label * (1 - power) * a) * weight;
    },
  });
}
