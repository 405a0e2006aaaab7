/** What training offers to keep for a stop that leaves no time for the last model. */
import type { ModelFiles } from '@algo/contract';
import { binaryTable, useJobs } from '@algo/contract/testing';
import { afterEach, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';

type Job = Parameters<typeof gradientBoosting.train>[0];

await gradientBoosting.loadHyperparameters();
const offers: ModelFiles[] = [];
const offerModel: Job['offerModel'] = async (make) => void offers.push(await make());
const algorithm = {
  ...gradientBoosting,
  train: (job: Job) => gradientBoosting.train({ ...job, offerModel }),
};
const { train } = useJobs(algorithm, { afterEach });
afterEach(() => void offers.splice(0));

it.each([
  ['each round', { num_round: '3' }, 3],
  ['the best round so far', { num_round: '12', early_stopping_rounds: '2', eta: '1', max_depth: '6' }, undefined],
])('offers the model of %s, and last the one that is saved', async (_, hyperparameters, count) => {
  const { failure, model } = await train({
    hyperparameters: { objective: 'binary:logistic', ...hyperparameters },
    channels: { train: { 'a.csv': binaryTable(200) }, validation: { 'b.csv': binaryTable(100, 2) } },
  });

  expect(failure).toBeUndefined();
  if (count !== undefined) expect(offers).toHaveLength(count);
  const [name, content] = Object.entries(offers.at(-1)!.files)[0]!;
  expect(model.get(name)?.equals(content as Uint8Array)).toBe(true);
});

it('offers nothing when a stop is to leave no model', async () => {
  await train({
    hyperparameters: { objective: 'binary:logistic', num_round: '3', save_model_on_termination: 'false' },
    channels: { train: { 'a.csv': binaryTable(200) } },
  });

  expect(offers).toEqual([]);
});
