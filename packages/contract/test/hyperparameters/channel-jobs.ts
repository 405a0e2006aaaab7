/** Jobs of an algorithm that reads hyperparameters from a channel, and what it saw. */
import { z } from 'zod';
import type { Algorithm } from '../../src/algorithm.js';
import type { ChannelDefinition } from '../../src/channels/channel.js';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import { describeAlgorithm as describeIt } from '../../src/specification/describe.js';
import { runTraining, type TrainingResult } from '../../src/testing/training.js';

const rows: ChannelDefinition = { description: 'Rows.', contentTypes: ['text/csv'] };

const hyperparameters = z.object({
  eta: z.number().min(0).max(1).default(0.3).meta({ description: 'Step.' }),
  layers: z.array(z.int()).optional().meta({ description: 'Layers.', tunable: false }),
  note: z.string().optional().meta({ description: 'Text.' }),
  flag: z.boolean().default(false).meta({ description: 'Flag.' }),
  rounds: z.int().min(1).default(1).meta({ description: 'Rounds.' }),
});

function create(
  seen: (job: { hyperparameters: unknown; channels: object }) => void,
  more: readonly string[],
): Algorithm {
  return defineAlgorithm({
    name: 'seer',
    version: '1.0.0',
    description: 'Looks at its job.',
    hyperparameters,
    hyperparameterAliases: { learning_rate: 'eta' },
    hyperparameterChannel: 'hyperparameters',
    channels: { train: rows, ...Object.fromEntries(more.map((name) => [name, rows])) },
    contentTypes: { input: ['text/csv'], output: ['text/csv'] },
    outputs: { score: { description: 'Always 0.' } },
    async train(job) {
      seen(job);
      await job.saveModel({ featureCount: 1, files: {} });
    },
    load: () => undefined,
    predict: (_, { rows: count }) => ({ score: new Float64Array(count) }),
  }) as unknown as Algorithm;
}

export function describeAlgorithm({ more = [] }: { readonly more?: readonly string[] }) {
  return describeIt(create(() => undefined, more));
}

export interface JobContents {
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly mode?: 'File' | 'Pipe';
}

export function openEveryJob() {
  const results: TrainingResult[] = [];
  return {
    async runJob({ hyperparameters: own, files, mode = 'File' }: JobContents) {
      let values: Record<string, unknown> = {};
      let channels: string[] = [];
      const algorithm = create((job) => {
        values = job.hyperparameters as Record<string, unknown>;
        channels = Object.keys(job.channels);
      }, []);
      const config = { ContentType: 'application/json', TrainingInputMode: mode };
      const result = await runTraining(algorithm, {
        hyperparameters: own,
        channels: { train: { 'a.csv': '1,2\n' }, ...(files && { hyperparameters: files }) },
        ...(files && { inputDataConfig: { hyperparameters: config } }),
      });
      results.push(result);
      return { ...result, values, channels };
    },
    remove() {
      for (const { root } of results.splice(0)) root.remove();
    },
  };
}
