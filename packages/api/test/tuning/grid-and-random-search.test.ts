import { describe, expect, it } from 'vitest';
import { suggestFromGrid } from '../../src/tuning/grid-search.js';
import { haltonSequence } from '../../src/tuning/halton.js';
import { suggestAtRandom } from '../../src/tuning/random-search.js';
import type { Hyperparameters, SearchSpace } from '../../src/tuning/search-space.js';
import type { Trial } from '../../src/tuning/trial.js';

const grid: SearchSpace = [
  { kind: 'Categorical', name: 'a', values: ['1', '2'] },
  { kind: 'Categorical', name: 'b', values: ['x', 'y', 'z'] },
];
const launched = (hyperparameters: Hyperparameters): Trial => ({ hyperparameters, status: 'InProgress' });

function runToEnd(space: SearchSpace, seed: number, most: number): Hyperparameters[] {
  const trials: Trial[] = [];
  while (trials.length < most) {
    const next = suggestAtRandom(space, seed, trials);
    if (next === undefined) break;
    trials.push(launched(next));
  }
  return trials.map(({ hyperparameters }) => hyperparameters);
}

describe('grid search', () => {
  it('gives every combination once, the last hyperparameter changing first, and then ends', () => {
    const all = Array.from({ length: 7 }, (_, index) => suggestFromGrid(grid, index));

    expect(all.map((values) => values && `${values.a}${values.b}`)).toEqual([
      '1x',
      '1y',
      '1z',
      '2x',
      '2y',
      '2z',
      undefined,
    ]);
  });
});

describe('random search', () => {
  const space: SearchSpace = [
    { kind: 'Integer', name: 'depth', min: 1, max: 5, scaling: 'Linear' },
    { kind: 'Continuous', name: 'eta', min: 1e-4, max: 1, scaling: 'Logarithmic' },
    { kind: 'Categorical', name: 'booster', values: ['gbtree', 'dart'] },
  ];

  it('draws uniformly on the scale of each range', () => {
    const drawn = runToEnd(space, 1, 2000);

    const share = (isIn: (values: Hyperparameters) => boolean) => drawn.filter(isIn).length / drawn.length;
    // Standard deviations of the shares are 0.009 to 0.011: five of them are allowed.
    for (const depth of ['1', '2', '3', '4', '5'])
      expect(Math.abs(share((v) => v.depth === depth) - 0.2)).toBeLessThan(0.05);
    expect(Math.abs(share((v) => v.booster === 'dart') - 0.5)).toBeLessThan(0.055);
    for (const power of [-3, -2, -1]) {
      expect(Math.abs(share((v) => Number(v.eta) < 10 ** power) - (power + 4) / 4)).toBeLessThan(0.055);
    }
  });

  it('gives the same values for the same seed and number of jobs, other values for another seed', () => {
    expect(runToEnd(space, 5, 20)).toEqual(runToEnd(space, 5, 20));
    expect(runToEnd(space, 6, 20)).not.toEqual(runToEnd(space, 5, 20));
  });

  it('gives every combination of a small space once, and then ends', () => {
    const drawn = runToEnd(grid, 3, 10).map((values) => `${values.a}${values.b}`);

    expect(drawn).toHaveLength(6);
    expect(new Set(drawn).size).toBe(6);
  });
});

describe('the Halton sequence', () => {
  it('has one of every base points in each of as many equal parts of a dimension', () => {
    const sequence = haltonSequence(30, 9);

    for (const [dimension, base] of [2, 3, 5, 7].entries()) {
      const parts = Array.from({ length: base ** 2 }, (_, i) => Math.floor(sequence(i)[dimension]! * base ** 2));
      expect(parts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: base ** 2 }, (_, i) => i));
    }
    expect(sequence(4)).toEqual(haltonSequence(30, 9)(4));
    expect(sequence(4)).not.toEqual(haltonSequence(30, 10)(4));
  });

  it('stays below 1', () => {
    const sequence = haltonSequence(4, 2);

    for (let index = 0; index < 5000; index++) expect(sequence(index).every((x) => x >= 0 && x < 1)).toBe(true);
  });
});
