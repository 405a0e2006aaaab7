import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { suggestByModel } from '../../src/tuning/bayesian/bayesian-search.js';
import type { Hyperparameters, SearchSpace } from '../../src/tuning/search-space.js';
import type { Trial } from '../../src/tuning/trial.js';

const numeric = (count: number): SearchSpace =>
  Array.from({ length: count }, (_, i) => ({ kind: 'Continuous', name: `x${i}`, min: 0, max: 1, scaling: 'Linear' }));
const knowledge = (space: SearchSpace) => ({ space, objective: 'Minimize', staticHyperparameters: {} }) as const;
const completed = (hyperparameters: Hyperparameters, objective: number): Trial => ({
  ...{ hyperparameters, status: 'Completed', objective },
});
const bowl = (values: Hyperparameters) => Object.values(values).reduce((sum, x) => sum + (Number(x) - 0.3) ** 2, 0);

function draw(space: SearchSpace, count: number, objective: (values: Hyperparameters) => number): Trial[] {
  const random = createRandom(17);
  return Array.from({ length: count }, () => {
    const values = Object.fromEntries(space.map(({ name }) => [name, String(random.uniform())]));
    return completed(values, objective(values));
  });
}

function isWithin(space: SearchSpace, values: Hyperparameters | undefined): boolean {
  return space.every(({ name }) => Number(values?.[name]) >= 0 && Number(values?.[name]) <= 1);
}

describe('Bayesian search', () => {
  const plane = numeric(2);

  it('gives the same values for the same seed and trials, as after a restart', () => {
    const trials = draw(plane, 12, bowl);

    expect(suggestByModel(knowledge(plane), 4, structuredClone(trials))).toEqual(
      suggestByModel(knowledge(plane), 4, trials),
    );
    expect(suggestByModel(knowledge(plane), 5, trials)).not.toEqual(suggestByModel(knowledge(plane), 4, trials));
  });

  it('looks near the minimum that its observations suggest', () => {
    const next = suggestByModel(knowledge(plane), 1, draw(plane, 30, bowl))!;

    expect(bowl(next)).toBeLessThan(0.01);
  });

  it('keeps away from where jobs are running: four parallel jobs get four places', () => {
    const trials = draw(plane, 15, bowl);
    for (let job = 0; job < 4; job++) {
      trials.push({ hyperparameters: suggestByModel(knowledge(plane), 1, trials)!, status: 'InProgress' });
    }

    const places = trials
      .slice(15)
      .map(({ hyperparameters }) => [Number(hyperparameters.x0), Number(hyperparameters.x1)]);
    for (const [i, a] of places.entries()) {
      for (const b of places.slice(0, i)) expect(Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!)).toBeGreaterThan(0.01);
    }
  });

  it('starts with evenly spread values while too few jobs have a result, however many run', () => {
    const trials: Trial[] = [];
    for (let job = 0; job < 16; job++) {
      trials.push({ hyperparameters: suggestByModel(knowledge(plane), 2, trials)!, status: 'InProgress' });
    }

    const cells = new Set(
      trials.map(({ hyperparameters: { x0, x1 } }) => `${Math.floor(4 * Number(x0))} ${Math.floor(3 * Number(x1))}`),
    );
    expect(cells.size).toBeGreaterThan(9); // 16 points in 12 cells
  });

  it('finds the best of integers and categories, whose values it gives as text of the range', () => {
    const space: SearchSpace = [
      { kind: 'Integer', name: 'depth', min: 1, max: 12, scaling: 'Linear' },
      { kind: 'Integer', name: 'rounds', min: 1, max: 1000, scaling: 'Logarithmic' },
      { kind: 'Categorical', name: 'booster', values: ['gblinear', 'dart', 'gbtree', 'x'] },
    ];
    const loss = ({ depth, rounds, booster }: Hyperparameters) =>
      Math.abs(Number(depth) - 7) / 3 + Math.abs(Math.log(Number(rounds) / 60)) + (booster === 'dart' ? 0 : 1.5);
    const trials: Trial[] = [];
    for (let job = 0; job < 35; job++) {
      const next = suggestByModel(knowledge(space), 3, trials)!;
      expect(next.depth).toMatch(/^([1-9]|1[012])$/);
      expect(next.rounds).toMatch(/^\d{1,4}$/);
      trials.push(completed(next, loss(next)));
    }

    const best = trials.toSorted((a, b) => a.objective! - b.objective!)[0]!;
    // 48,000 combinations; random search of 35 jobs reaches 0.9 on average.
    expect(best.objective).toBeLessThan(0.3);
    expect(best.hyperparameters.booster).toBe('dart');
  });

  it('gives every combination of a small space once, and then ends', () => {
    const space: SearchSpace = [
      { kind: 'Integer', name: 'depth', min: 1, max: 5, scaling: 'Linear' },
      { kind: 'Categorical', name: 'booster', values: ['a', 'b', 'c'] },
    ];
    const trials: Trial[] = [];
    for (
      let next = suggestByModel(knowledge(space), 3, trials);
      next && trials.length < 20;
      next = suggestByModel(knowledge(space), 3, trials)
    ) {
      trials.push(completed(next, Number(next.depth)));
    }

    expect(new Set(trials.map(({ hyperparameters }) => JSON.stringify(hyperparameters))).size).toBe(15);
    expect(trials).toHaveLength(15);
  });

  it.each<[string, (values: Hyperparameters, index: number) => Trial]>([
    ['all equal', (values) => completed(values, 5)],
    ['all at one point', (_, index) => completed({ x0: '0.5', x1: '0.5' }, index)],
    ['equal at one point', () => completed({ x0: '0.5', x1: '0.5' }, 1)],
    ['NaN for every second job', (values, index) => completed(values, index % 2 ? Number.NaN : bowl(values))],
    ['NaN for all', (values) => completed(values, Number.NaN)],
    ['infinite for some', (values, index) => completed(values, index % 3 ? bowl(values) : Number.POSITIVE_INFINITY)],
    ['of very different size', (values, index) => completed(values, (index % 2 ? 1e308 : -1e308) * bowl(values))],
    ['very small', (values) => completed(values, 1e-310 * bowl(values))],
    [
      'missing: most jobs failed',
      (values, index) => (index < 3 ? completed(values, index) : { hyperparameters: values, status: 'Failed' }),
    ],
    ['missing: all jobs failed', (values) => ({ hyperparameters: values, status: 'Failed' })],
  ])('suggests values within the ranges where objectives are %s', (_, trialOf) => {
    const trials = draw(plane, 14, bowl).map(({ hyperparameters }, index) => trialOf(hyperparameters, index));

    expect(isWithin(plane, suggestByModel(knowledge(plane), 1, trials))).toBe(true);
  });

  it.each([
    [1, 1],
    [3, 30],
    [11, 1],
    [60, 30],
    [500, 8],
  ])('suggests values from %i observations in %i dimensions', (count, dimensions) => {
    const space = numeric(dimensions);

    expect(isWithin(space, suggestByModel(knowledge(space), 1, draw(space, count, bowl)))).toBe(true);
  });

  it('uses the jobs of a parent: its first value is near their minimum', () => {
    const parent = { name: 'parent', objective: { type: 'Minimize', metric: 'm' }, space: plane } as const;
    const parents = [{ ...parent, staticHyperparameters: {}, trials: draw(plane, 30, bowl) }];

    for (const type of ['IdenticalDataAndAlgorithm', 'TransferLearning'] as const) {
      const first = suggestByModel({ ...knowledge(plane), warmStart: { type, parents } }, 1, [])!;
      expect(bowl(first)).toBeLessThan(0.02);
    }
  });

  it("finds out that a parent's function is another one", () => {
    const misleading = (values: Hyperparameters) => (Number(values.x0) - 0.9) ** 2 + (Number(values.x1) - 0.9) ** 2;
    const parent = { name: 'parent', objective: { type: 'Minimize', metric: 'm' }, space: plane } as const;
    const warmStart = {
      type: 'TransferLearning',
      parents: [{ ...parent, staticHyperparameters: {}, trials: draw(plane, 20, misleading) }],
    } as const;

    const next = suggestByModel({ ...knowledge(plane), warmStart }, 1, draw(plane, 25, bowl))!;

    expect(bowl(next)).toBeLessThan(0.05);
  });
});
