import { expect, it, onTestFinished } from 'vitest';
import { openSuggestions } from '../../src/tuning/suggestions.js';
import type { Trial } from '../../src/tuning/trial.js';
import { createTuningPlan, type Strategy, type TuningPlan } from '../../src/tuning/tuning-plan.js';
import { nextHyperparameters } from '../../src/tuning/tuning-step.js';

const plan = (strategy: Strategy): TuningPlan =>
  createTuningPlan({
    config: {
      Strategy: strategy,
      HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'loss' },
      ResourceLimits: { MaxParallelTrainingJobs: 1 },
      ParameterRanges: { ContinuousParameterRanges: [{ Name: 'x', MinValue: '0', MaxValue: '1' }] },
    },
    ...{ staticHyperparameters: {}, seed: 5 },
  });
const trials = Array.from({ length: 20 }, (_, i): Trial => {
  return {
    hyperparameters: { x: `${i / 20}` },
    status: 'Completed',
    objective: (i / 20 - 0.4) ** 2,
    measurements: [i],
  };
});

function open() {
  const suggestions = openSuggestions();
  onTestFinished(() => suggestions.close());
  return suggestions;
}

it.each<Strategy>(['Bayesian', 'Random'])('gives what strategy %s decides, for each request', async (strategy) => {
  const suggestions = open();

  const given = await Promise.all([12, 20].map((count) => suggestions.next(plan(strategy), trials.slice(0, count))));

  expect(given).toEqual([12, 20].map((count) => nextHyperparameters(plan(strategy), trials.slice(0, count))));
});

it('searches while the event loop does other things', async () => {
  const suggestions = open();
  let turns = 0;
  let isDone = false;
  const turn = () => {
    turns++;
    if (!isDone) setImmediate(turn);
  };

  turn();
  await suggestions.next(plan('Bayesian'), trials);
  isDone = true;

  // In the same thread it would be done before the first turn has ended.
  expect(turns).toBeGreaterThan(1);
});

it('fails for a plan that the search cannot read, and still answers the next request', async () => {
  const suggestions = open();

  await expect(suggestions.next({ ...plan('Bayesian'), space: 5 as never }, trials)).rejects.toThrow(TypeError);

  expect(await suggestions.next(plan('Bayesian'), trials)).toHaveProperty('x');
});

it('fails what is being searched when it is closed', async () => {
  const suggestions = open();

  const search = suggestions.next(plan('Bayesian'), trials);
  suggestions.close();

  await expect(search).rejects.toThrow('The search was closed.');
});

it('ignores answers that arrive after it was closed', async () => {
  const suggestions = open();
  const ask = () => suggestions.next(plan('Bayesian'), []);

  const [first, ...others] = Array.from({ length: 100 }, ask);
  const ends = Promise.allSettled(others);
  await first!.then(() => suggestions.close());

  expect((await ends).at(-1)!.status).toBe('rejected');
  // Another thread has answered: what the first one sent has arrived, and would have been an uncaught exception.
  expect(await ask()).toHaveProperty('x');
});
