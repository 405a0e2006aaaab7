/**
 * The measured side of the csv and npy benches: an algorithm that reads its channel to the end and does nothing with it but look
 * at every block once. It goes through the public interface only, as any algorithm does.
 */
import { performance } from 'node:perf_hooks';
import { defineAlgorithm, run } from '@algo/contract';
import { z } from 'zod';

const program = defineAlgorithm({
  name: 'csv-bench',
  version: '1.0.0',
  description: 'Reads its training channel and reports how long that took',
  hyperparameters: z.object({
    precision: z
      .enum(['float64', 'float32'])
      .default('float64')
      .meta({ description: 'Element type of the blocks', tunable: false }),
  }),
  channels: { train: { description: 'Rows to read', required: true, contentTypes: ['text/csv', 'application/x-npy'] } },
  metrics: {
    'train:seconds': { goal: 'minimize', description: 'From the first block asked for to the last one seen' },
  },
  contentTypes: { input: ['text/csv'], output: ['text/csv'] },
  outputs: { score: { description: 'Always 0' } },
  values: { missingValues: 'accept', infiniteValues: 'accept', text: 'accept' },
  async train(job) {
    const start = performance.now();
    let rows = 0;
    let checksum = 0;
    for await (const block of job.channels.train.blocks({ precision: job.hyperparameters.precision })) {
      rows += block.rows;
      checksum += block.labels[block.rows - 1]! + block.features[block.rows * block.columns - 1]!;
    }
    const seconds = (performance.now() - start) / 1000;
    job.saveModel({ featureCount: 1, files: {} });
    job.writeOutput('bench.json', JSON.stringify({ seconds, rows, checksum }));
  },
  load: () => null,
  predict: (_, input) => ({ score: new Float64Array(input.rows) }),
});

await run(program);
