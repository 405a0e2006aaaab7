/**
 * The point with the largest expected improvement: a sweep of the whole space and of the neighborhoods of the best
 * points, then local searches from the best and from some others, drawn by their improvement. A local search moves along
 * the gradient in numeric dimensions, then tries every other value of integers with few values and of categories.
 */
import type { Random } from '@algo/numerics';
import { normal } from '@algo/numerics';
import { minimize } from '../gaussian-process/lbfgs.js';
import { haltonSequence } from '../halton.js';
import {
  coordinates,
  countValues,
  fromUniform,
  type Point,
  type Range,
  type SearchSpace,
  snap,
} from '../search-space.js';
import type { Acquisition } from './acquisition.js';

export interface SearchInput {
  readonly space: SearchSpace;
  readonly acquisition: Acquisition;
  /** The best observed points, around which the search also looks. */
  readonly centers: readonly Point[];
  readonly random: Random;
  /** True for points that were tried. They are not returned. */
  isTaken(point: Point): boolean;
}

const SWEEP_POINTS = 1024;
const POINTS_PER_CENTER = 64;
/** Deviations of the neighbors around a center: each point takes one of them. */
const NEIGHBORHOODS = [0.2, 0.05, 0.01];
const LOCAL_SEARCHES = 8;
const MAX_ITERATIONS = 40;
const TOLERANCE = 1e-5;
/** Integers with more values than this are moved along the gradient and rounded. */
const MAX_ENUMERATED = 32;
const MAX_CYCLES = 4;

/** The best point that is not taken; undefined where the search met none. */
export function searchAcquisition(input: SearchInput): Point | undefined {
  const candidates = [...sweep(input), ...neighbors(input)]
    .map((point) => ({ point, value: input.acquisition.value(point) }))
    .toSorted((left, right) => right.value - left.value);
  const refined = chooseStarts(candidates, input.random).map((start) => refine(input, start.point, start.value));
  return [...refined, ...candidates]
    .toSorted((left, right) => right.value - left.value)
    .find(({ point }) => !input.isTaken(point))?.point;
}

// --- internal ---

interface Candidate {
  readonly point: Point;
  readonly value: number;
}

function sweep({ space, random }: SearchInput): Point[] {
  const sequence = haltonSequence(space.length, random.bits());
  return Array.from({ length: SWEEP_POINTS }, (_, i) =>
    sequence(i).map((uniform, j) => fromUniform(space[j]!, uniform)),
  );
}

function neighbors({ space, centers, random }: SearchInput): Point[] {
  return centers.flatMap((center) =>
    Array.from({ length: POINTS_PER_CENTER }, (_, i) => {
      const deviation = NEIGHBORHOODS[i % NEIGHBORHOODS.length]!;
      // In half of the points all dimensions move, in the others one in three.
      const share = i % 2 === 0 ? 1 : 1 / 3;
      return center.map((coordinate, j) => {
        const range = space[j]!;
        if (random.uniform() >= share) return snap(range, coordinate);
        if (range.kind !== 'Categorical') return snap(range, coordinate + deviation * normal(random));
        return random.uniform() < deviation ? fromUniform(range, random.uniform()) : coordinate;
      });
    }),
  );
}

/** The best candidate, and others drawn without repetition, each with a probability that grows with its improvement. */
function chooseStarts(sorted: readonly Candidate[], random: Random): readonly Candidate[] {
  const best = sorted[0]!;
  // The largest of log(weight) + Gumbel noise are a sample without replacement by weight.
  const drawn = sorted.slice(1).map((candidate) => {
    const noise = -Math.log(-Math.log(1 - random.uniform()));
    return { candidate, key: candidate.value + noise };
  });
  const others = drawn.toSorted((left, right) => right.key - left.key).slice(0, LOCAL_SEARCHES - 1);
  return [best, ...others.map(({ candidate }) => candidate)];
}

function refine({ space, acquisition }: SearchInput, start: Point, value: number): Candidate {
  const enumerated = space.map((range) => range.kind === 'Categorical' || countValues(range) <= MAX_ENUMERATED);
  const hasGradient = enumerated.some((isEnumerated) => !isEnumerated);
  let best: Candidate = { point: start, value };
  for (let cycle = 0; cycle < MAX_CYCLES; cycle++) {
    const before = best.value;
    if (hasGradient) best = better(best, climb(space, acquisition, best.point, enumerated));
    for (const [j, range] of space.entries()) {
      if (enumerated[j] && countValues(range) > 1) best = tryValues(acquisition, best, j, range);
    }
    // One climb is enough where nothing else can move, and a cycle without progress is the last.
    if (!enumerated.some(Boolean) || best.value - before < TOLERANCE) break;
  }
  return best;
}

function climb(space: SearchSpace, acquisition: Acquisition, start: Point, held: readonly boolean[]): Candidate {
  const descend = (x: Float64Array) => {
    const { value, gradient } = acquisition.valueAndGradient(x);
    return { value: -value, gradient: gradient.map((slope, j) => (held[j] ? 0 : -slope)) };
  };
  const lower = start.map((coordinate, j) => (held[j] ? coordinate : 0));
  const upper = start.map((coordinate, j) => (held[j] ? coordinate : 1));
  const top = minimize(descend, start, { lower, upper, maxIterations: MAX_ITERATIONS, tolerance: TOLERANCE });
  const point = top.x.map((coordinate, j) => snap(space[j]!, coordinate));
  return { point, value: acquisition.value(point) };
}

function tryValues(acquisition: Acquisition, from: Candidate, dimension: number, range: Range): Candidate {
  return coordinates(range).reduce((best, coordinate) => {
    if (coordinate === from.point[dimension]) return best;
    const point = Float64Array.from(from.point);
    point[dimension] = coordinate;
    return better(best, { point, value: acquisition.value(point) });
  }, from);
}

function better(left: Candidate, right: Candidate): Candidate {
  return right.value > left.value ? right : left;
}
