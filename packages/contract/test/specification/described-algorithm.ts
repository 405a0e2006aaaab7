/** An algorithm with every kind of hyperparameter, for tests of its description. */
import { z } from 'zod';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import { tunable } from '../../src/hyperparameters/fields.js';
import { isWhole, numberList } from '../../src/hyperparameters/lists.js';

export const algorithm = defineAlgorithm({
  name: 'mean',
  version: '1.0.0',
  description: 'Predicts the mean.',
  hyperparameters: z.object({
    rounds: z.int().min(1).max(100).meta({ description: 'Rounds.', tunable: true }),
    rate: z.number().min(0).max(1).default(0.3).meta({ description: 'Rate.', tunable: true }),
    step: tunable(z.number().gt(0).max(9).optional(), 'Step.', { from: 0.000001, to: 0.1, scale: 'Logarithmic' }),
    depth: tunable(z.int().min(0).max(99).default(6), 'Depth.', { from: 1, to: 10 }),
    kind: z.enum(['a', 'b']).default('a').meta({ description: 'Kind.', tunable: true }),
    flag: z.boolean().optional().meta({ description: 'Flag.' }),
    seed: z.int().optional().meta({ description: 'Seed.' }),
    note: z.string().optional().meta({ description: 'Note.' }),
    layers: numberList({ rule: 'comma-separated widths in [1, 9], such as 4,2', holds: isWhole(1, 9) })
      .optional()
      .meta({ description: 'Layers.' }),
    share: z.number().gt(0).lt(1).default(0.5).meta({ description: 'Share.' }),
  }),
  hyperparameterAliases: { learning_rate: 'rate' },
  channels: {
    train: { description: 'Rows.', required: true, contentTypes: ['text/csv'] },
    validation: { description: 'Rows.', contentTypes: ['text/csv'], inputModes: ['File'] },
  },
  metrics: {
    'train:rmse': { goal: 'minimize', description: 'Error.' },
    'validation:r2': { goal: 'maximize', description: 'Fit.' },
  },
  contentTypes: { input: ['text/csv'], output: ['application/json'] },
  outputs: { score: { description: 'Mean.' } },
  values: { missingValues: 'refuse', infiniteValues: 'refuse' },
  train: () => {},
  load: () => 0,
  predict: () => ({ score: new Float64Array() }),
});
