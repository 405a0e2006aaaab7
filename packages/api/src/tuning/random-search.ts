/**
 * Random search: every job's values are drawn uniformly on the scales of their ranges, independent of results. A
 * combination is not drawn twice, so a space with few combinations comes to an end.
 * @see Bergstra & Bengio 2012, Random Search for Hyper-Parameter Optimization
 */
import { createRandom, type Random, streamSeed } from '@algo/numerics';
import { gridPoint } from './grid-search.js';
import {
  countPoints,
  decode,
  fromUniform,
  type Hyperparameters,
  type Point,
  type SearchSpace,
} from './search-space.js';
import type { Trial } from './trial.js';

/** Draws before the remaining combinations are looked for one by one: this many fail only where few remain. */
const DRAWS = 1000;

/**
 * The next job's hyperparameters; undefined where every combination was tried.
 * @param seed the tuning job's
 * @param trials all of its jobs so far
 */
export function suggestAtRandom(
  space: SearchSpace,
  seed: number,
  trials: readonly Trial[],
): Hyperparameters | undefined {
  const random = createRandom(streamSeed(seed, trials.length));
  const point = drawFreePoint(space, random, takenPoints(space, trials));
  return point && decode(space, point);
}

/** True for points whose values a job has. */
export type Taken = (point: Point) => boolean;

/** Which points the trials have taken. */
export function takenPoints(space: SearchSpace, trials: readonly Trial[]): Taken {
  const keys = new Set(trials.map(({ hyperparameters }) => keyOf(space, hyperparameters)));
  return (point) => keys.has(keyOf(space, decode(space, point)));
}

/** A random point that is not taken; undefined where all are. */
export function drawFreePoint(space: SearchSpace, random: Random, isTaken: Taken): Point | undefined {
  for (let draw = 0; draw < DRAWS; draw++) {
    const point = Float64Array.from(space, (range) => fromUniform(range, random.uniform()));
    if (!isTaken(point)) return point;
  }
  const count = countPoints(space);
  if (!Number.isFinite(count)) return undefined;
  for (let index = 0; index < count; index++) {
    const point = gridPoint(space, index);
    if (point && !isTaken(point)) return point;
  }
  return undefined;
}

// --- internal ---

function keyOf(space: SearchSpace, hyperparameters: Hyperparameters): string {
  return JSON.stringify(space.map(({ name }) => hyperparameters[name]));
}
