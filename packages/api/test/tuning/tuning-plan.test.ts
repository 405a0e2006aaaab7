import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/index.js';
import type { Trial } from '../../src/tuning/trial.js';
import { createTuningPlan, type TuningJobConfig, type TuningPlanInput } from '../../src/tuning/tuning-plan.js';
import { nextHyperparameters, progressOf, trialsToStop } from '../../src/tuning/tuning-step.js';

const eta = { Name: 'eta', MinValue: '0.1', MaxValue: '0.5' };
const config: TuningJobConfig = {
  Strategy: 'Bayesian',
  HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:rmse' },
  ResourceLimits: { MaxNumberOfTrainingJobs: 14, MaxParallelTrainingJobs: 2 },
  ParameterRanges: { ContinuousParameterRanges: [eta] },
};
const grid: TuningJobConfig = {
  ...{ ...config, Strategy: 'Grid', ResourceLimits: { MaxParallelTrainingJobs: 1 } },
  ParameterRanges: {
    CategoricalParameterRanges: [
      { Name: 'a', Values: ['1', '2'] },
      { Name: 'b', Values: ['x', 'y', 'z'] },
    ],
  },
};
const plan = (changes: Partial<TuningJobConfig> = {}, input: Partial<TuningPlanInput> = {}) =>
  createTuningPlan({ config: { ...config, ...changes }, staticHyperparameters: {}, seed: 7, ...input });

describe('the plan of a tuning job', () => {
  it('has what its configuration asks for', () => {
    const read = plan({
      TrainingJobEarlyStoppingType: 'Auto',
      TuningJobCompletionCriteria: {
        TargetObjectiveMetricValue: 0.5,
        BestObjectiveNotImproving: { MaxNumberOfTrainingJobsNotImproving: 5 },
        ConvergenceDetected: { CompleteOnConvergence: 'Enabled' },
      },
    });

    expect(read).toMatchObject({
      ...{ strategy: 'Bayesian', maxJobs: 14, seed: 7, stopsByMedian: true },
      objective: { type: 'Minimize', metric: 'validation:rmse' },
      completion: { target: 0.5, maxNotImproving: 5, stopsOnConvergence: true },
    });
    expect(read.hyperband).toBeUndefined();
  });

  it('has as many jobs as a grid has combinations', () => {
    expect(plan(grid).maxJobs).toBe(6);
    expect(plan({ ...grid, ResourceLimits: { MaxParallelTrainingJobs: 1, MaxNumberOfTrainingJobs: 6 } }).maxJobs).toBe(
      6,
    );
  });

  const limits = (MaxNumberOfTrainingJobs: number) => ({
    ResourceLimits: { MaxParallelTrainingJobs: 1, MaxNumberOfTrainingJobs },
  });
  const many = {
    CategoricalParameterRanges: ['a', 'b'].map((Name) => ({
      Name,
      Values: Array.from({ length: 28 }, (_, i) => `${i}`),
    })),
  };
  const hyperband = { HyperbandStrategyConfig: { MinResource: 1, MaxResource: 27 } };
  it.each<[string, Partial<TuningJobConfig>, Partial<TuningPlanInput>, string]>([
    ['a grid of numbers', { Strategy: 'Grid' }, {}, 'Strategy Grid supports categorical hyperparameters only'],
    [
      'another number of jobs than the grid has',
      { ...grid, ...limits(5) },
      {},
      'must equal the 6 combinations of the grid; received 5.',
    ],
    ['a grid that is too large', { ...grid, ParameterRanges: many }, {}, 'at most 750 combinations; received 784.'],
    ['too many jobs', limits(751), {}, 'MaxNumberOfTrainingJobs must be at most 750 for Bayesian; received 751.'],
    [
      'too many random jobs',
      { Strategy: 'Random', ...limits(10_001) },
      {},
      'at most 10000 for Random; received 10001.',
    ],
    [
      'settings of Hyperband for another strategy',
      { StrategyConfig: hyperband },
      {},
      'is for strategy Hyperband only; received strategy Bayesian.',
    ],
    ['Hyperband without a number of epochs', { Strategy: 'Hyperband' }, {}, 'Strategy Hyperband needs MaxResource'],
    [
      'early stopping with Hyperband',
      { Strategy: 'Hyperband', StrategyConfig: hyperband, TrainingJobEarlyStoppingType: 'Auto' },
      {},
      'must be Off for strategy Hyperband',
    ],
    [
      'a hyperparameter that is static and searched',
      {},
      { staticHyperparameters: { eta: '0.3' } },
      'Hyperparameter "eta" must be either static or in ParameterRanges',
    ],
    [
      'warm start of a grid',
      grid,
      { warmStart: { type: 'TransferLearning', parents: [] } },
      'supported for strategies Bayesian and Random only; received Grid.',
    ],
    [
      'warm start without parents',
      {},
      { warmStart: { type: 'TransferLearning', parents: [] } },
      'must have 1 to 5 parent tuning jobs; received 0.',
    ],
  ])('refuses %s', (_, changes, input, message) => {
    try {
      plan(changes, input);
    } catch (error) {
      expect(error).toBeInstanceOf(ServiceError);
      expect((error as ServiceError).code).toBe('ValidationException');
      expect((error as ServiceError).message).toContain(message);
      return;
    }
    throw new Error('accepted');
  });
});

describe('a tuning job', () => {
  const launch = (trials: Trial[], read = plan()) => {
    const hyperparameters = nextHyperparameters(read, trials);
    if (hyperparameters) trials.push({ hyperparameters, status: 'InProgress' });
    return hyperparameters !== undefined;
  };
  const complete = (trials: Trial[], index: number) => {
    const { hyperparameters } = trials[index]!;
    trials[index] = { hyperparameters, status: 'Completed', objective: (Number(hyperparameters.eta) - 0.2) ** 2 };
  };

  it('ends at its maximal number of jobs, whatever the strategy', () => {
    for (const [strategy, read] of [
      ['Grid', plan(grid)],
      ['Random', plan({ Strategy: 'Random' })],
      ['Bayesian', plan()],
    ] as const) {
      const trials: Trial[] = [];
      while (launch(trials, read)) if (strategy !== 'Grid') complete(trials, trials.length - 1);
      expect(trials).toHaveLength(read.maxJobs);
    }
  });

  it('launches the same jobs when a restarted server resumes it from its list of jobs', () => {
    const trials: Trial[] = [];
    for (let job = 0; job < 12; job++) {
      launch(trials);
      if (job > 0) complete(trials, job - 1);
    }
    const stored: Trial[] = JSON.parse(JSON.stringify(trials));

    launch(trials);
    launch(stored, plan());

    expect(stored).toEqual(trials);
  });

  it('of strategy Hyperband draws at random and stops by its rungs; others stop by the median rule if asked to', () => {
    const running = (value: number): Trial => ({
      hyperparameters: { eta: '0.2' },
      status: 'InProgress',
      measurements: [value],
    });
    const done: Trial = { ...running(1), status: 'Completed', objective: 1 };
    const hyperband = plan({ Strategy: 'Hyperband', StrategyConfig: { HyperbandStrategyConfig: { MaxResource: 9 } } });

    expect(nextHyperparameters(hyperband, [done])).toEqual(nextHyperparameters(plan({ Strategy: 'Random' }), [done]));
    expect(trialsToStop(hyperband, [running(3), running(2)])).toEqual([0]);
    expect(trialsToStop(plan({ TrainingJobEarlyStoppingType: 'Auto' }), [done, running(2)])).toEqual([1]);
    expect(trialsToStop(plan(), [done, running(2)])).toEqual([]);
  });

  it('is complete when a criterion is met', () => {
    const read = plan({ TuningJobCompletionCriteria: { TargetObjectiveMetricValue: 0.3 } });

    expect(progressOf(read, [{ hyperparameters: {}, status: 'Completed', objective: 0.2 }]).completedBy).toBe('Target');
    expect(progressOf(read, []).completedBy).toBeUndefined();
  });
});
