/** The measured side of the bench of the communicator: a job that sums arrays over its hosts and reports how long that took. */
import { performance } from 'node:perf_hooks';
import { type Communicator, defineAlgorithm, run } from '@algo/contract';

/** As in communicator-peer.c. */
const SUMS = 101;

const program = defineAlgorithm({
  name: 'communicator-bench',
  version: '1.0.0',
  description: 'Sums arrays over hosts and reports how long that took',
  supportsDistributedTraining: true,
  channels: { train: { description: 'Unused', required: false, contentTypes: ['text/csv'] } },
  contentTypes: { input: ['text/csv'], output: ['text/csv'] },
  outputs: { score: { description: 'Always 0' } },
  async train(job) {
    const communicator = await job.communicator();
    const longMilliseconds = medianOfSums(communicator, 1_000_000);
    const shortMilliseconds = medianOfSums(communicator, 1);
    await job.saveModel({ featureCount: 1, files: {} });
    job.writeOutput('bench.json', JSON.stringify({ longMilliseconds, shortMilliseconds }));
  },
  load: () => null,
  predict: (_, input) => ({ score: new Float64Array(input.rows) }),
});

/** Each sum begins when all hosts are there. */
function medianOfSums(communicator: Communicator, length: number): number {
  const values = new Float64Array(length);
  const times = Array.from({ length: SUMS }, () => {
    values.fill(1);
    communicator.barrier();
    const start = performance.now();
    communicator.sum(values);
    return performance.now() - start;
  });
  if (values[length - 1] !== communicator.size) throw new Error(`A sum of ones must be ${communicator.size}.`);
  return times.sort((a, b) => a - b)[SUMS >> 1]!;
}

await run(program);
