import { describe, expect, it } from 'vitest';
import { observe } from '../../src/tuning/bayesian/observations.js';
import type { SearchSpace } from '../../src/tuning/search-space.js';
import type { Trial } from '../../src/tuning/trial.js';
import { findWarmStartMistakes, type ParentJob } from '../../src/tuning/warm-start.js';

const eta: SearchSpace[number] = { kind: 'Continuous', name: 'eta', min: 0, max: 1, scaling: 'Linear' };
const booster: SearchSpace[number] = { kind: 'Categorical', name: 'booster', values: ['gbtree', 'dart'] };
const objective = { type: 'Minimize', metric: 'validation:rmse' } as const;
const done = (value: string, loss: number): Trial => ({
  hyperparameters: { eta: value },
  status: 'Completed',
  objective: loss,
});
const parent = (changes: Partial<ParentJob> = {}): ParentJob => ({
  ...{ name: 'first', objective, space: [eta], staticHyperparameters: { rounds: '10' } },
  trials: [done('0.1', 4), done('0.3', 2), done('0.5', 6)],
  ...changes,
});
const child = { objective, space: [eta], staticHyperparameters: { rounds: '10' } };
const mistakes = (changes: Partial<ParentJob>, own = child as Parameters<typeof findWarmStartMistakes>[1]) =>
  findWarmStartMistakes({ type: 'IdenticalDataAndAlgorithm', parents: [parent(changes)] }, own).join(' ');

describe('the rules of warm start', () => {
  it('accept a parent with the same hyperparameters and objective', () => {
    expect(mistakes({})).toBe('');
  });

  it('refuse more than five parents, and none', () => {
    const five = Array.from({ length: 5 }, () => parent());
    expect(findWarmStartMistakes({ type: 'TransferLearning', parents: five }, child)).toEqual([]);
    expect(findWarmStartMistakes({ type: 'TransferLearning', parents: [...five, parent()] }, child)[0]).toContain(
      'received 6',
    );
    expect(findWarmStartMistakes({ type: 'TransferLearning', parents: [] }, child)[0]).toContain('received 0');
  });

  it('refuse another objective, another number of hyperparameters, and another type of one', () => {
    expect(mistakes({ objective: { type: 'Maximize', metric: 'validation:auc' } })).toContain(
      'received Maximize validation:auc',
    );
    expect(mistakes({ staticHyperparameters: {} })).toContain(
      'as many static and tunable hyperparameters as the new job, 2; received 1',
    );
    expect(mistakes({ space: [{ ...eta, kind: 'Integer' }] })).toContain(
      'must have hyperparameter "eta" as Continuous; received Integer',
    );
  });

  it('refuse other hyperparameters, but in transfer learning', () => {
    const renamed = { staticHyperparameters: { depth: '10' } };

    expect(mistakes(renamed)).toBe(
      'Parent tuning job "first" must have the hyperparameters of the new job, eta, rounds; received depth, eta.',
    );
    expect(findWarmStartMistakes({ type: 'TransferLearning', parents: [parent(renamed)] }, child)).toEqual([]);
    expect(mistakes({ space: [], staticHyperparameters: { rounds: '10', eta: '0.1' } })).toBe('');
  });

  it('refuse more than ten changed values, each category of a range counting', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const statics = (value: string, count: number) =>
      Object.fromEntries(names.slice(0, count).map((name) => [name, value]));
    const five = { ...child, staticHyperparameters: statics('2', 5) };
    const six = { ...child, staticHyperparameters: statics('2', 6) };

    expect(mistakes({ staticHyperparameters: statics('1', 5) }, five)).toBe('');
    expect(mistakes({ staticHyperparameters: statics('1', 6) }, six)).toContain('received 12');
    const fixed = { ...five, staticHyperparameters: { ...statics('2', 5), booster: 'dart' } };
    expect(mistakes({ space: [eta, booster], staticHyperparameters: statics('1', 5) }, fixed)).toContain('received 12');
  });
});

describe('what a warm start learns from', () => {
  const knowledge = { space: [eta], objective: 'Minimize', staticHyperparameters: { rounds: '10' } } as const;

  it('are the jobs of parents on the same scale as its own for identical data and algorithm', () => {
    const warmStart = { type: 'IdenticalDataAndAlgorithm', parents: [parent()] } as const;

    const observations = observe({ ...knowledge, warmStart }, [done('0.7', 4)]);

    expect(observations.map(({ point: [at], context }) => [at, context])).toEqual([
      [0.7, 0],
      [0.1, 0],
      [0.3, 0],
      [0.5, 0],
    ]);
    // 4, 4, 2, 6 have mean 4 and deviation √2.
    expect(observations.map(({ loss }) => loss)).toEqual(
      [0, 0, -Math.SQRT2, Math.SQRT2].map((x) => expect.closeTo(x, 12)),
    );
  });

  it('are jobs with other static values in a context of their own', () => {
    const changed = parent({ staticHyperparameters: { rounds: '20' } });
    const warmStart = { type: 'IdenticalDataAndAlgorithm', parents: [changed, parent()] } as const;

    const observations = observe({ ...knowledge, warmStart }, []);

    expect(observations.map(({ context }) => context)).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it('take a hyperparameter that was static from the static values, and leave out jobs that have no value of it', () => {
    const space = [eta, { ...eta, name: 'rounds', min: 0, max: 100 }];
    const warmStart = {
      type: 'IdenticalDataAndAlgorithm',
      parents: [parent(), parent({ staticHyperparameters: {} })],
    } as const;

    const observations = observe({ ...knowledge, space, staticHyperparameters: {}, warmStart }, []);

    expect(observations.map(({ point }) => [...point])).toEqual([
      [0.1, 0.1],
      [0.3, 0.1],
      [0.5, 0.1],
    ]);
  });

  it('are normalized for each parent, and each has its own context, in transfer learning', () => {
    const scaled = parent({
      trials: parent().trials.map((trial) => ({ ...trial, objective: 100 * trial.objective! })),
    });
    const warmStart = { type: 'TransferLearning', parents: [parent(), scaled] } as const;

    const observations = observe({ ...knowledge, warmStart }, []);

    expect(observations.map(({ context }) => context)).toEqual([1, 1, 1, 2, 2, 2]);
    for (const i of [0, 1, 2]) expect(observations[i + 3]!.loss).toBeCloseTo(observations[i]!.loss, 12);
  });
});

describe('observations', () => {
  const knowledge = { space: [eta], objective: 'Maximize', staticHyperparameters: {} } as const;

  it('have a smaller loss where a maximized objective is larger, and the worst loss for jobs that failed', () => {
    const failed: Trial = { hyperparameters: { eta: '0.9' }, status: 'Failed' };
    const diverged: Trial = { hyperparameters: { eta: '0.8' }, status: 'Completed', objective: Number.NaN };

    const observations = observe(knowledge, [done('0.1', 1), failed, done('0.2', 3), diverged]);

    expect(observations.map(({ loss }) => loss)).toEqual(
      [0.577, 0.577, -1.732, 0.577].map((x) => expect.closeTo(x, 3)),
    );
  });

  it('are 0 where all objectives are equal', () => {
    const observations = observe(knowledge, [done('0.1', 0.1), done('0.2', 0.1), done('0.3', 0.1)]);

    expect(observations.map(({ loss }) => loss)).toEqual([0, 0, 0]);
  });
});
