/**
 * The measured side of the formats bench: an algorithm that reads its channel to the end, whatever its format, and looks at
 * every block once, as it is stored.
 */
import { performance } from 'node:perf_hooks';
import { defineAlgorithm, isSparse, run, TRAINING_TYPES } from '@algo/contract';

const program = defineAlgorithm({
  name: 'formats-bench',
  version: '1.0.0',
  description: 'Reads its training channel and reports how long that took',
  channels: { train: { description: 'Rows to read', required: true, contentTypes: TRAINING_TYPES } },
  contentTypes: { input: ['text/csv'], output: ['text/csv'] },
  outputs: { score: { description: 'Always 0' } },
  values: { missingValues: 'accept', infiniteValues: 'accept' },
  async train(job) {
    const start = performance.now();
    let rows = 0;
    let checksum = 0;
    for await (const block of job.channels.train.blocksAsStored()) {
      rows += block.rows;
      const values = isSparse(block) ? block.values : block.features;
      checksum += block.labels[block.rows - 1]! + values[0]!;
    }
    const seconds = (performance.now() - start) / 1000;
    job.saveModel({ featureCount: 1, files: {} });
    job.writeOutput('bench.json', JSON.stringify({ seconds, rows, checksum }));
  },
  load: () => null,
  predict: (_, input) => ({ score: new Float64Array(input.rows) }),
});

await run(program);
