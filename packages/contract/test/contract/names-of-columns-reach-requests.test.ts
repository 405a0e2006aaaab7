/** Names of the training data's columns go into the model's manifest, whatever the algorithm does, and match requests. */
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { Algorithm } from '../../src/algorithm.js';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import { openInvocations, runTraining } from '../../src/testing/index.js';
import { parquetFixture } from '../channels/job.js';

/** Predicts the first feature; knows nothing of names. */
const first: Algorithm = defineAlgorithm({
  name: 'first',
  version: '1.0.0',
  description: 'Predicts the first feature.',
  hyperparameters: z.object({}),
  channels: { train: { description: 'Rows.', required: true, contentTypes: ['application/x-parquet'] } },
  metrics: {},
  contentTypes: { input: ['application/x-parquet', 'text/csv'], output: ['text/csv'] },
  outputs: { score: { description: 'The first feature.' } },
  values: { missingValues: 'refuse', infiniteValues: 'refuse' },
  async train(job) {
    let featureCount = 1;
    for await (const { columns } of job.channels.train.blocks()) featureCount = columns;
    job.saveModel({ files: { 'model.json': '{}' }, featureCount });
  },
  load: () => ({}),
  predict: (_, { rows, columns, features }) => ({
    score: Float64Array.from({ length: rows }, (_, row) => features[row * columns]!),
  }),
});

const roots: { remove(): void }[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) root.remove();
});

it('a model trained on named columns accepts requests by column name', async () => {
  const inputDataConfig = { train: { ContentType: 'application/x-parquet;label_size=0' } };
  const trained = await runTraining(first, {
    channels: { train: { 'a.parquet': parquetFixture('plain') } },
    inputDataConfig,
  });
  roots.push(trained.root);
  const invoke = await openInvocations(first, trained);
  const ask = async (body: Buffer | string, contentType = 'application/x-parquet') =>
    (await invoke({ contentType, body })).body.trim().split('\n');

  expect(JSON.parse(trained.model.get('.manifest.json')!.toString()).input.featureNames).toEqual(['y', 'x']);
  expect(await ask(parquetFixture('plain'))).toEqual(['1', '2', '3', '4']);
  expect(await ask(parquetFixture('swapped'))).toEqual(['1', '2', '3', '4']);
  expect(await ask('7,8\n', 'text/csv')).toEqual(['7']);
  expect((await ask(parquetFixture('other-names')))[0]).toContain('missing \\"x\\", extra \\"a\\", \\"b\\"');
});
