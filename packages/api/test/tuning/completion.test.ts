import { describe, expect, it } from 'vitest';
import { type CompletionCriteria, measureProgress } from '../../src/tuning/completion.js';
import { findBestTrial, type Trial } from '../../src/tuning/trial.js';

const completed = (objective: number, endedAt?: number): Trial => ({
  ...{ hyperparameters: {}, status: 'Completed', objective },
  ...(endedAt !== undefined && { endedAt }),
});
const none: CompletionCriteria = { stopsOnConvergence: false };
const progress = (criteria: Partial<CompletionCriteria>, objectives: readonly number[]) =>
  measureProgress(
    { ...none, ...criteria },
    'Minimize',
    2,
    objectives.map((objective) => completed(objective)),
  );

describe('completion criteria', () => {
  it('are met by the first job that reaches the target', () => {
    expect(progress({ target: 0.5 }, [3, 0.6]).completedBy).toBeUndefined();
    expect(progress({ target: 0.5 }, [3, 0.5]).completedBy).toBe('Target');
    expect(measureProgress({ ...none, target: 0.5 }, 'Maximize', 2, [completed(0.4)]).completedBy).toBeUndefined();
    expect(measureProgress({ ...none, target: 0.5 }, 'Maximize', 2, [completed(0.6)]).completedBy).toBe('Target');
  });

  it('count jobs that are not more than 1 % better than the best before them', () => {
    expect(progress({}, [100, 99.5, 98.9, 101]).notImproving).toBe(3);
    expect(progress({}, [100, 98.9, 98.8]).notImproving).toBe(1);
    expect(progress({}, [-100, -101.1]).notImproving).toBe(0);
    expect(progress({}, [0, 0, -1e-9]).notImproving).toBe(0);
    expect(progress({}, []).notImproving).toBe(0);
  });

  it('are met by enough jobs that do not improve', () => {
    expect(progress({ maxNotImproving: 3 }, [1, 2, 2]).completedBy).toBeUndefined();
    expect(progress({ maxNotImproving: 3 }, [1, 2, 2, 2]).completedBy).toBe('NotImproving');
  });

  it('count jobs in the order in which they ended', () => {
    const trials = [completed(1, 300), completed(5, 100), completed(4, 200)];

    expect(measureProgress(none, 'Minimize', 2, trials).notImproving).toBe(0);
    expect(
      measureProgress(
        none,
        'Minimize',
        2,
        trials.map(({ endedAt: _, ...trial }) => trial),
      ).notImproving,
    ).toBe(2);
  });

  it('see convergence after 20 jobs without improvement, or three for each hyperparameter', () => {
    const still = Array.from({ length: 21 }, () => 1);

    expect(progress({ stopsOnConvergence: true }, still.slice(1)).completedBy).toBeUndefined();
    expect(progress({ stopsOnConvergence: true }, still).completedBy).toBe('Convergence');
    expect(progress({}, still)).toEqual({ notImproving: 20, hasConverged: true });
    expect(
      measureProgress(
        none,
        'Minimize',
        7,
        still.map((o) => completed(o)),
      ).hasConverged,
    ).toBe(false);
  });

  it('leave out jobs without a result', () => {
    const trials: Trial[] = [completed(1), { hyperparameters: {}, status: 'Failed' }, completed(Number.NaN)];

    expect(measureProgress(none, 'Minimize', 2, trials).notImproving).toBe(0);
  });
});

describe('the best training job', () => {
  it('has the smallest or largest objective, and is the first of equal ones', () => {
    const trials = [completed(3), completed(1), completed(1), completed(4)];

    expect(findBestTrial('Minimize', trials)).toBe(1);
    expect(findBestTrial('Maximize', trials)).toBe(3);
  });

  it('may be one that was stopped, but none that runs, failed, or has no finite objective', () => {
    const trials: Trial[] = [
      { hyperparameters: {}, status: 'InProgress', objective: 0 },
      { hyperparameters: {}, status: 'Failed', objective: 0 },
      completed(Number.NEGATIVE_INFINITY),
      { hyperparameters: {}, status: 'Completed' },
      { hyperparameters: {}, status: 'Stopped', objective: 2 },
    ];

    expect(findBestTrial('Minimize', trials)).toBe(4);
    expect(findBestTrial('Minimize', trials.slice(0, 4))).toBeUndefined();
  });
});
