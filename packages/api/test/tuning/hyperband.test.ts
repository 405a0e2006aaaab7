import { describe, expect, it } from 'vitest';
import { hyperbandBrackets, stopByHyperband } from '../../src/tuning/hyperband.js';
import { readHyperbandResources } from '../../src/tuning/hyperband-resources.js';
import type { Trial } from '../../src/tuning/trial.js';

const running = (...measurements: number[]): Trial => ({ hyperparameters: {}, status: 'InProgress', measurements });

describe("Hyperband's brackets", () => {
  it('are those of the paper for 81 epochs', () => {
    const brackets = hyperbandBrackets({ min: 1, max: 81 });

    // Li et al. 2018, table 1: n_i and r_i for s = 4 … 0. Its algorithm 1 gives n = ⌈5/4·27⌉ = 34 for s = 3, while the
    // table rounds it down to 27; 15 and 8 likewise are 9 and 6 there.
    expect(brackets.map((bracket) => bracket.map(({ jobs, resource }) => [jobs, resource]))).toEqual([
      [
        [81, 1],
        [27, 3],
        [9, 9],
        [3, 27],
        [1, 81],
      ],
      [
        [34, 3],
        [11, 9],
        [3, 27],
        [1, 81],
      ],
      [
        [15, 9],
        [5, 27],
        [1, 81],
      ],
      [
        [8, 27],
        [2, 81],
      ],
      [[5, 81]],
    ]);
    expect(brackets[0]!.map(({ survivors }) => survivors)).toEqual([27, 9, 3, 1, 0]);
  });

  it('begin at the minimal resource', () => {
    const brackets = hyperbandBrackets({ min: 5, max: 50 });

    expect(brackets.map((bracket) => bracket.map(({ resource }) => resource))).toEqual([[6, 17, 50], [17, 50], [50]]);
  });

  it('are one without stops where the resources leave no room for halving', () => {
    expect(hyperbandBrackets({ min: 10, max: 20 })).toEqual([[{ resource: 20, jobs: 1, survivors: 0 }]]);
  });
});

describe('Hyperband', () => {
  const resources = { min: 1, max: 9 };
  // Brackets: 9 jobs with rungs 1, 3, 9; 5 jobs with rungs 3, 9; 3 jobs with rung 9.

  it('leaves the best third of a bracket once all of its jobs have reached the rung', () => {
    const trials = [5, 3, 8, 1, 9, 2, 7, 6, 4].map((value) => running(value));

    expect(stopByHyperband(resources, 'Minimize', trials)).toEqual([0, 2, 4, 6, 7, 8]);
    expect(stopByHyperband(resources, 'Maximize', trials)).toEqual([0, 1, 3, 5, 7, 8]);
  });

  it('judges a job among those that have reached its rung so far', () => {
    expect(stopByHyperband(resources, 'Minimize', [running(5), running()])).toEqual([]);
    expect(stopByHyperband(resources, 'Minimize', [running(5), running(4)])).toEqual([0]);
    expect(stopByHyperband(resources, 'Minimize', [running(3, 3), running(5)])).toEqual([1]);
  });

  it('counts jobs that were stopped at the rung', () => {
    const stopped: Trial = { ...running(1), status: 'Stopped' };

    expect(stopByHyperband(resources, 'Minimize', [stopped, running(2)])).toEqual([1]);
  });

  it('stops every job at the maximal resource, and none below its first rung', () => {
    const lone = running(...Array(9).fill(1));
    const secondBracket = [
      ...Array.from({ length: 9 }, () => ({ ...running(0), status: 'Stopped' as const })),
      running(9, 9),
      running(1, 1),
    ];

    expect(stopByHyperband(resources, 'Minimize', [lone])).toEqual([0]);
    expect(stopByHyperband(resources, 'Minimize', secondBracket)).toEqual([]);
    expect(
      stopByHyperband(resources, 'Minimize', [...secondBracket.slice(0, 9), running(9, 9, 9), running(1, 1, 1)]),
    ).toEqual([9]);
  });

  it('begins again with the first bracket after the last', () => {
    const first = Array.from({ length: 17 }, () => ({ ...running(0), status: 'Stopped' as const }));

    expect(stopByHyperband(resources, 'Minimize', [...first, running(2), running(1)])).toEqual([17]);
  });

  it('keeps the last value of a job that was complete before the rung, and ranks NaN last', () => {
    const complete: Trial = { ...running(0.5), status: 'Completed' };

    expect(stopByHyperband(resources, 'Minimize', [complete, running(0.1, 1, 1)])).toEqual([1]);
    expect(stopByHyperband(resources, 'Minimize', [running(Number.NaN), running(1)])).toEqual([0]);
  });
});

describe('the resources of Hyperband', () => {
  it('are those of the configuration, or a static number of epochs', () => {
    expect(readHyperbandResources({ MinResource: 2, MaxResource: 30 }, {}).resources).toEqual({ min: 2, max: 30 });
    for (const name of ['epochs', 'numepochs', 'n-epochs', 'n_epochs', 'num_epochs']) {
      expect(readHyperbandResources(undefined, { [name]: '12' })).toEqual({
        resources: { min: 1, max: 12 },
        mistakes: [],
      });
    }
  });

  it.each([
    [undefined, { rounds: '5' }, 'Strategy Hyperband needs MaxResource'],
    [{ MaxResource: 20_001 }, {}, 'MaxResource must be at most 20000 epochs; received 20001.'],
    [{ MinResource: 9, MaxResource: 8 }, {}, 'MinResource must be in [1, MaxResource 8]; received 9.'],
  ])('%j with %j are refused', (config, statics, message) => {
    expect(readHyperbandResources(config, statics).mistakes.join(' ')).toContain(message);
  });
});
