/**
 * What the search for the next point maximizes: the logarithm of expected improvement. While other training jobs run,
 * their results are drawn from the model several times (fantasies), and the improvement is the mean over these draws.
 * @see Snoek, Larochelle & Adams 2012, Practical Bayesian Optimization of Machine Learning Algorithms, section 3.2
 */
import { normal, type Random } from '@algo/numerics';
import type { Dimensions, Kernel } from '../gaussian-process/kernel.js';
import type { Observations } from '../gaussian-process/marginal-likelihood.js';
import {
  factorizeWithJitter,
  type Posterior,
  posterior,
  predict,
  predictGradient,
  predictJointly,
} from '../gaussian-process/posterior.js';
import type { Point } from '../search-space.js';
import { logExpectedImprovement } from './expected-improvement.js';

export interface Acquisition {
  /** log of expected improvement; larger is better. */
  value(point: Point): number;
  /** With its gradient, 0 in categorical dimensions. */
  valueAndGradient(point: Point): { readonly value: number; readonly gradient: Float64Array };
}

export interface AcquisitionInput {
  readonly dimensions: Dimensions;
  readonly kernel: Kernel;
  readonly observations: Observations;
  /** Points of running jobs. */
  readonly running: readonly Point[];
  /** The best observed value of the job at hand; undefined where all observations are of parents' functions. */
  readonly best: number | undefined;
  /** Without a best value, it is the best that the model predicts at these. */
  readonly incumbents: readonly Point[];
  readonly random: Random;
}

/** Draws of the running jobs' results. */
const FANTASIES = 8;

export function createAcquisition(input: AcquisitionInput): Acquisition {
  const model = withFantasies(input);
  const bests = bestValues(model, input);
  return {
    value: (point) => {
      const { means, deviation } = predict(model, point);
      return logMeanOfExponentials(means.map((mean, v) => logExpectedImprovement(bests[v]!, mean, deviation).value));
    },
    valueAndGradient: (point) => {
      const { means, deviation, meanGradients, deviationGradient } = predictGradient(model, point);
      const improvements = Array.from(means, (mean, v) => logExpectedImprovement(bests[v]!, mean, deviation));
      const values = Float64Array.from(improvements, ({ value }) => value);
      const value = logMeanOfExponentials(values);
      const gradient = new Float64Array(point.length);
      for (const [v, { byMean, byDeviation }] of improvements.entries()) {
        const share = Math.exp(values[v]! - value) / values.length;
        for (let j = 0; j < gradient.length; j++) {
          const slope = byMean * meanGradients[v]![j]! + byDeviation * deviationGradient[j]!;
          gradient[j] = gradient[j]! + share * slope;
        }
      }
      return { value, gradient };
    },
  };
}

// --- internal ---

function withFantasies({ dimensions, kernel, observations, running, random }: AcquisitionInput): Posterior {
  const known = posterior(dimensions, kernel, observations.points, [observations.values]);
  if (running.length === 0) return known;
  const { means, covariance } = predictJointly(known, running);
  // A result comes with noise, and the noise also keeps equal points apart.
  for (let row = 0; row < running.length; row++) {
    const at = row * (running.length + 1);
    covariance[at] = Math.max(covariance[at]!, 0) + kernel.noise;
  }
  const { lower } = factorizeWithJitter(covariance, running.length, kernel.variance);
  const vectors = Array.from({ length: FANTASIES }, () => {
    const draws = Float64Array.from(running, () => normal(random));
    const fantasy = means.map((mean, row) => {
      let value = mean;
      for (let column = 0; column <= row; column++) value += lower[row * running.length + column]! * draws[column]!;
      return value;
    });
    return Float64Array.from([...observations.values, ...fantasy]);
  });
  return posterior(dimensions, kernel, [...observations.points, ...running], vectors);
}

/** What is to be improved on, for each vector of values: running jobs count with their drawn results. */
function bestValues(model: Posterior, { best, incumbents, running }: AcquisitionInput): Float64Array {
  const bests = new Float64Array(model.weights.length).fill(best ?? Number.POSITIVE_INFINITY);
  for (const point of best === undefined ? [...incumbents, ...running] : running) {
    for (const [v, mean] of predict(model, point).means.entries()) bests[v] = Math.min(bests[v]!, mean);
  }
  return bests;
}

function logMeanOfExponentials(values: Float64Array): number {
  if (values.length === 1) return values[0]!;
  const largest = values.reduce((left, right) => Math.max(left, right));
  const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
  return largest + Math.log(sum / values.length);
}
