/** What training offers to keep for a stop that leaves no time for the last model. */
import type { ModelFiles } from '@algo/contract';
import { binaryTable, useJobs } from '@algo/contract/testing';
import { afterEach, expect, it } from 'vitest';
import { neuralNetwork } from '../../src/algorithm.js';

type Job = Parameters<typeof neuralNetwork.train>[0];

const offers: ModelFiles[] = [];
const offerModel: Job['offerModel'] = async (make) => void offers.push(await make());
const algorithm = { ...neuralNetwork, train: (job: Job) => neuralNetwork.train({ ...job, offerModel }) };
const { train } = useJobs(algorithm, { afterEach });

it('offers the model after each epoch, and last the one that is saved', async () => {
  const { failure, model } = await train({
    hyperparameters: { objective: 'binary', backend: 'wasm', hidden_units: '4', epochs: '3', learning_rate: '0.01' },
    channels: { train: { 'a.csv': binaryTable(100) } },
  });

  expect(failure).toBeUndefined();
  expect(offers).toHaveLength(3);
  for (const [name, content] of Object.entries(offers.at(-1)!.files)) {
    expect(model.get(name)?.equals(Buffer.from(content as Uint8Array)), name).toBe(true);
  }
});
