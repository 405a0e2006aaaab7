/** The exchange of trees without their computation: a job whose hosts sum arrays as long as the histograms of a tree, tree by tree. */
import { defineAlgorithm, run } from '@algo/contract';

const TREES = 80;
const COLUMNS = 28;
const BINS = 256;
/** Of each level of a full tree of depth 6: of two children one is made from the other. */
const HISTOGRAMS = [1, 1, 2, 4, 8, 16];

const program = defineAlgorithm({
  name: 'sums-bench',
  version: '1.0.0',
  description: 'Sums arrays over hosts',
  supportsDistributedTraining: true,
  channels: { train: { description: 'Unused', required: false, contentTypes: ['text/csv'] } },
  contentTypes: { input: ['text/csv'], output: ['text/csv'] },
  outputs: { score: { description: 'Always 0' } },
  async train(job) {
    const hosts = await job.communicator();
    const levels = HISTOGRAMS.map((count) => new Float64Array(count * COLUMNS * BINS * 2).fill(1));
    for (let tree = 0; tree < TREES; tree++) {
      for (const level of levels) hosts.sum(level.fill(1));
      job.log.info(`round=${tree} `);
    }
    if (levels.some((level) => level.at(-1) !== hosts.size)) throw new Error(`A sum of ones must be ${hosts.size}.`);
    await job.saveModel({ featureCount: 1, files: {} });
  },
  load: () => null,
  predict: (_, input) => ({ score: new Float64Array(input.rows) }),
});

await run(program);
