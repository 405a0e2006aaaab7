/** A model that could not be served, since it does not say how many columns a row has, fails in training. */
import { afterEach, expect, it } from 'vitest';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import { useJobs } from '../../src/testing/index.js';

const forgetful = defineAlgorithm({
  name: 'forgetful',
  version: '1.0.0',
  description: 'Forgets how many columns there were.',
  channels: { train: { description: 'Rows.', required: true, contentTypes: ['text/csv'] } },
  contentTypes: { input: ['text/csv'], output: ['text/csv'] },
  outputs: { score: { description: 'The first feature.' } },
  async train(job) {
    await job.saveModel({ files: { 'model.json': '{}' } });
  },
  load: () => undefined,
  predict: (_, { rows }) => ({ score: new Float64Array(rows) }),
});
const jobs = useJobs(forgetful, { afterEach });

it('a model without featureCount is refused when it is saved, where requests are rows', async () => {
  const { exitCode, failure, model } = await jobs.train({ channels: { train: { 'a.csv': '1,2\n' } } });

  expect(exitCode).toBe(1);
  expect(failure).toContain('saveModel: featureCount must say how many columns a row of a request has; it is missing.');
  expect(model.size).toBe(0);
});
