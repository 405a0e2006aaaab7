/** Answers of models that were trained here, to requests of rows. */
import { binaryTable, openInvocations } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { neuralNetwork } from '../../src/algorithm.js';
import { useJobs } from '../job/jobs.js';

const { trainOn } = useJobs();

describe('a trained model', () => {
  it('reads libsvm requests with the index base of the training data', async () => {
    const rows = Array.from({ length: 200 }, (_, index) => `${index % 2} 1:${index % 2} 2:${index % 7}`).join('\n');
    const trained = await trainOn({
      hyperparameters: { objective: 'binary', epochs: '10', learning_rate: '0.02' },
      channels: { train: { 'a.libsvm': rows } },
      inputDataConfig: { train: { ContentType: 'text/libsvm;index_base=1' } },
    });
    const invoke = await openInvocations(neuralNetwork, trained, { ALGO_BACKEND: 'wasm' });

    const sparse = await invoke({ contentType: 'text/libsvm', body: '1:1 2:3\n2:3\n' });
    const dense = await invoke({ contentType: 'text/csv', body: '1,3\n0,3\n' });

    expect(sparse.status, sparse.body).toBe(200);
    expect(sparse.body).toBe(dense.body);
    expect(Number(dense.body.split('\n')[0])).toBeGreaterThan(0.8);
  });

  it('gives each of 300 concurrent requests its own rows, however they are batched', async () => {
    const trained = await trainOn({
      hyperparameters: { objective: 'binary', epochs: '3' },
      channels: { train: { 'a.csv': binaryTable(300) } },
    });
    const plain = await openInvocations(neuralNetwork, trained, { ALGO_BACKEND: 'cpu' });
    const batching = { ALGO_BATCH_MAX_DELAY_MS: '0.5', ALGO_BATCH_MAX_ROWS: '16' };
    const batched = await openInvocations(neuralNetwork, trained, { ALGO_BACKEND: 'cpu', ...batching });
    const bodies = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 1 + (i % 40) }, (_row, row) => `0.${i},${row / 40},0.5,0.${i % 7}\n`).join(''),
    );

    const answers = await Promise.all(bodies.map((body) => batched({ contentType: 'text/csv', body })));

    for (const [i, { body }] of answers.entries()) {
      const expected = (await plain({ contentType: 'text/csv', body: bodies[i]! })).body.split('\n').map(Number);
      const found = body.split('\n').map(Number);
      expect(found).toHaveLength(expected.length);
      // Rows of other batches are summed in another order, in float32.
      for (const [row, value] of found.entries()) expect(value).toBeCloseTo(expected[row]!, 5);
    }
  });
});
