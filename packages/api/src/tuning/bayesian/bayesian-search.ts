/**
 * Bayesian optimization: a few evenly spread points, then the point with the largest expected improvement under a
 * Gaussian process that is fitted to all results again for each job. Everything follows from the seed and the trials.
 */
import { createRandom, permutation, type Random, streamSeed } from '@algo/numerics';
import { fitKernel } from '../gaussian-process/fit.js';
import type { Dimensions, Kernel } from '../gaussian-process/kernel.js';
import { haltonSequence } from '../halton.js';
import { drawFreePoint, takenPoints } from '../random-search.js';
import {
  decode,
  encode,
  fromUniform,
  type Hyperparameters,
  type Point,
  type SearchSpace,
  snap,
} from '../search-space.js';
import type { Trial } from '../trial.js';
import { type Acquisition, createAcquisition } from './acquisition.js';
import { searchAcquisition } from './acquisition-search.js';
import { type Knowledge, type Observation, observe } from './observations.js';

/** Evenly spread points before the model is used: as many as Optuna's. */
const INITIAL = 10;
/** With parallel jobs, these have to be measured before the model is used. */
const MIN_MEASURED = 3;
/** A fit takes time with the cube of its observations; beyond this number it sees the best half and a random half. */
const MAX_FITTED = 200;
/** Observations up to which the fit has more than one start, and its iterations. */
const MANY = 100;
const CENTERS = 4;
/** Who gives a parent expects a similar function: at this length scale, values of two contexts have a correlation of 0.95. */
const CONTEXT_LENGTH = 4;

/**
 * The next job's hyperparameters; undefined where every combination was tried.
 * @param trials all jobs of the tuning job so far; 1 to 500 with a result are what the model is made for
 */
export function suggestByModel(
  knowledge: Knowledge,
  seed: number,
  trials: readonly Trial[],
): Hyperparameters | undefined {
  const { space } = knowledge;
  const random = createRandom(streamSeed(seed, trials.length));
  const isTaken = takenPoints(space, trials);
  const observations = observe(knowledge, trials);
  const point = isModelUsable(trials, observations)
    ? modelPoint(knowledge, trials, observations, random)
    : initialPoint(space, seed, trials.length);
  const free = point && !isTaken(point) ? point : drawFreePoint(space, random, isTaken);
  return free && decode(space, free);
}

// --- internal ---

function isModelUsable(trials: readonly Trial[], observations: readonly Observation[]): boolean {
  const running = trials.filter(({ status }) => status === 'InProgress').length;
  return observations.length >= MIN_MEASURED && observations.length + running >= INITIAL;
}

function initialPoint(space: SearchSpace, seed: number, index: number): Point {
  return haltonSequence(space.length, seed)(index).map((uniform, j) => fromUniform(space[j]!, uniform));
}

function modelPoint(
  knowledge: Knowledge,
  trials: readonly Trial[],
  observations: readonly Observation[],
  random: Random,
): Point | undefined {
  const { space } = knowledge;
  const hasContexts = observations.some(({ context }) => context !== 0);
  const place = (point: Point, context: number) => (hasContexts ? Float64Array.from([...point, context]) : point);
  const dimensions = dimensionsOf(space, hasContexts);
  const known = {
    points: observations.map(({ point, context }) => place(point, context)),
    values: Float64Array.from(observations, ({ loss }) => loss),
  };
  const kernel = fit(dimensions, known, random);
  const running = trials
    .filter(({ status }) => status === 'InProgress')
    .flatMap(({ hyperparameters }) => encode(space, hyperparameters) ?? []);
  const acquisition = createAcquisition({
    ...{ dimensions, kernel, observations: known, random },
    running: running.map((point) => place(point, 0)),
    best: bestOwn(observations),
    incumbents: observations.map(({ point }) =>
      place(
        point.map((coordinate, j) => snap(space[j]!, coordinate)),
        0,
      ),
    ),
  });
  const isTaken = takenPoints(space, trials);
  const centers = bestPoints(space, observations);
  return searchAcquisition({ space, acquisition: inContext(acquisition, place), centers, random, isTaken });
}

function dimensionsOf(space: SearchSpace, hasContexts: boolean): Dimensions {
  const own = space.map(({ kind }) => ({ isCategorical: kind === 'Categorical' }));
  return hasContexts ? [...own, { isCategorical: true, typicalLength: CONTEXT_LENGTH }] : own;
}

function fit(
  dimensions: Dimensions,
  known: { readonly points: readonly Point[]; readonly values: Float64Array },
  random: Random,
): Kernel {
  const chosen = chooseFitted(known.values, random);
  const fitted = {
    points: chosen.map((index) => known.points[index]!),
    values: Float64Array.from(chosen, (index) => known.values[index]!),
  };
  const options = chosen.length <= MANY ? { starts: 3, maxIterations: 50 } : { starts: 1, maxIterations: 30 };
  return fitKernel(dimensions, fitted, random, options);
}

function chooseFitted(values: Float64Array, random: Random): number[] {
  const order = Array.from(values.keys()).toSorted((left, right) => values[left]! - values[right]!);
  if (order.length <= MAX_FITTED) return order;
  const rest = order.slice(MAX_FITTED / 2);
  const drawn = Array.from(permutation(random, rest.length).subarray(0, MAX_FITTED / 2), (index) => rest[index]!);
  return [...order.slice(0, MAX_FITTED / 2), ...drawn];
}

function bestOwn(observations: readonly Observation[]): number | undefined {
  const losses = observations.filter(({ context }) => context === 0).map(({ loss }) => loss);
  return losses.length === 0 ? undefined : losses.reduce((left, right) => Math.min(left, right));
}

function bestPoints(space: SearchSpace, observations: readonly Observation[]): Point[] {
  return observations
    .toSorted((left, right) => left.loss - right.loss)
    .slice(0, CENTERS)
    .map(({ point }) => point.map((coordinate, j) => snap(space[j]!, coordinate)));
}

/** The acquisition at points of the space, in the tuning job's own context. */
function inContext(acquisition: Acquisition, place: (point: Point, context: number) => Point): Acquisition {
  return {
    value: (point) => acquisition.value(place(point, 0)),
    valueAndGradient: (point) => {
      const { value, gradient } = acquisition.valueAndGradient(place(point, 0));
      return { value, gradient: gradient.subarray(0, point.length) };
    },
  };
}
