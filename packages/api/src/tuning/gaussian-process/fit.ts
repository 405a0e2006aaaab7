/**
 * The kernel for given observations: the maximum of the marginal likelihood times a prior of the kernel's parameters,
 * from several starts. The prior decides where few observations say little: it is flat over the length scales that a
 * function on the unit cube usually has, and steep where it would be a constant or noise. Its shapes and numbers are
 * those of Optuna's Gaussian process sampler.
 */
import { normal, type Random } from '@algo/numerics';
import type { Dimensions, Kernel } from './kernel.js';
import { minimize } from './lbfgs.js';
import { fromLogarithms, marginalLikelihood, type Observations } from './marginal-likelihood.js';

export interface FitOptions {
  /** Starts of the search: one in the middle, then random ones. */
  readonly starts: number;
  readonly maxIterations: number;
}

/** (t/ℓ)² is generalized inverse Gaussian, t the typical length: log ℓ/t has a density in proportion to exp(−0.2·cosh(2x)). */
const LENGTH_STEEPNESS = 0.2;
/** σ² and noise have gamma distributions: the density of log x is in proportion to x^shape · exp(−rate·x). */
const VARIANCE = { shape: 1, rate: 1 };
const NOISE = { shape: 0.1, rate: 30 };
/** Of logarithms. The smallest noise leaves the precision of float64 to close points. */
const BOUNDS = { length: Math.log(100), variance: Math.log(100), leastNoise: Math.log(1e-9), mostNoise: 0 };
/** Starts are normal around these logarithms: length scales of half the typical one, and little noise. */
const START = { length: Math.log(0.5), variance: 0, noise: Math.log(1e-4), lengthDeviation: 1, noiseDeviation: 2 };
const TOLERANCE = 1e-3;

/** @param observations at least 1; points finite, values standardized */
export function fitKernel(
  dimensions: Dimensions,
  observations: Observations,
  random: Random,
  { starts, maxIterations }: FitOptions,
): Kernel {
  const count = dimensions.length;
  const typical = typicalLengths(dimensions);
  const likelihood = marginalLikelihood(dimensions, observations);
  const loss = (logarithms: Float64Array) => {
    const result = likelihood(fromLogarithms(logarithms));
    if (result === undefined) return { value: Number.POSITIVE_INFINITY, gradient: new Float64Array(count + 2) };
    const prior = logPrior(logarithms, typical);
    return {
      value: -result.value - prior.value,
      gradient: result.gradient.map((slope, i) => -slope - prior.gradient[i]!),
    };
  };
  const ends = [
    parameters(count, -BOUNDS.length, -BOUNDS.variance, BOUNDS.leastNoise),
    parameters(count, BOUNDS.length, BOUNDS.variance, BOUNDS.mostNoise),
  ] as const;
  const middle = parameters(count, START.length, START.variance, START.noise).map((center, i) => center + typical[i]!);
  const deviations = parameters(count, START.lengthDeviation, 0, START.noiseDeviation);
  const found = Array.from({ length: starts }, (_, start) => {
    const from = middle.map((center, i) => {
      const drawn = start === 0 ? center : center + deviations[i]! * normal(random);
      return Math.min(ends[1][i]!, Math.max(ends[0][i]!, drawn));
    });
    return minimize(loss, from, { lower: ends[0], upper: ends[1], maxIterations, tolerance: TOLERANCE });
  });
  const best = found.reduce((left, right) => (right.value < left.value ? right : left));
  return fromLogarithms(best.x);
}

// --- internal ---

/** One number for every length scale, then those of variance and noise: the order of the likelihood's gradient. */
function parameters(dimensions: number, length: number, variance: number, noise: number): Float64Array<ArrayBuffer> {
  const vector = new Float64Array(dimensions + 2).fill(length);
  vector.set([variance, noise], dimensions);
  return vector;
}

/** Logarithms of the typical length scales, 0 for variance and noise. */
function typicalLengths(dimensions: Dimensions): Float64Array {
  const logarithms = parameters(dimensions.length, 0, 0, 0);
  for (const [j, { typicalLength }] of dimensions.entries()) logarithms[j] = Math.log(typicalLength ?? 1);
  return logarithms;
}

function logPrior(
  logarithms: Float64Array,
  typical: Float64Array,
): { readonly value: number; readonly gradient: Float64Array } {
  const gradient = new Float64Array(logarithms.length);
  let value = 0;
  for (const [i, logarithm] of logarithms.entries()) {
    const isLength = i < logarithms.length - 2;
    const gamma = i === logarithms.length - 2 ? VARIANCE : NOISE;
    const relative = 2 * (logarithm - typical[i]!);
    value += isLength
      ? -LENGTH_STEEPNESS * Math.cosh(relative)
      : gamma.shape * logarithm - gamma.rate * Math.exp(logarithm);
    gradient[i] = isLength
      ? -2 * LENGTH_STEEPNESS * Math.sinh(relative)
      : gamma.shape - gamma.rate * Math.exp(logarithm);
  }
  return { value, gradient };
}
