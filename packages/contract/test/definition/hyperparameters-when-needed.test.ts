import { expect, it } from 'vitest';
import { z } from 'zod';
import { declareAlgorithm, defineAlgorithm } from '../../src/index.js';

const DATA = {
  ...{ name: 'mean', version: '1.0.0', description: 'Predicts the mean.' },
  channels: { train: { description: 'Rows.', required: true, contentTypes: ['text/csv'] } },
  contentTypes: { input: ['text/csv'], output: ['text/csv'] },
  outputs: { score: { description: 'The mean.' } },
} as const;
const FUNCTIONS = { train() {}, load: () => 0, predict: () => ({ score: new Float64Array(0) }) };

/** A schema that is made by a function, and how often it has been. */
function counted() {
  const made = { count: 0 };
  const hyperparameters = () => {
    made.count += 1;
    return z.object({ rounds: z.int().default(3) });
  };
  return { made, hyperparameters };
}

it('a function makes the schema of the hyperparameters once, when it is asked for', () => {
  const { made, hyperparameters } = counted();
  const declared = declareAlgorithm({ ...DATA, hyperparameters, checkHyperparameters: ({ rounds }) => [`${rounds}`] });
  const algorithm = defineAlgorithm(declared, FUNCTIONS);
  const together = defineAlgorithm({ ...DATA, hyperparameters, ...FUNCTIONS });

  expect([algorithm.channels, together.name, made.count]).toEqual([DATA.channels, 'mean', 0]);
  expect(algorithm.hyperparameters.parse({})).toEqual({ rounds: 3 });
  expect(algorithm.hyperparameters).toBe(declared.hyperparameters);
  expect(made.count).toBe(1);
  expect(together.hyperparameters.parse({})).toEqual({ rounds: 3 });
  expect(algorithm.checkHyperparameters?.({ rounds: 4 })).toEqual(['4']);
});

it('a definition whose schema is loaded has it when it has been asked to, once', async () => {
  const { made, hyperparameters } = counted();
  const loadHyperparameters = async () => hyperparameters();
  const declared = declareAlgorithm({
    ...DATA,
    loadHyperparameters,
    checkHyperparameters: ({ rounds }) => [`${rounds}`],
  });
  const algorithm = defineAlgorithm(declared, FUNCTIONS);

  expect(() => algorithm.hyperparameters).toThrow('The hyperparameters of mean are loaded by loadHyperparameters');
  expect(made.count).toBe(0);
  const schema = await algorithm.loadHyperparameters();
  expect(schema.parse({})).toEqual({ rounds: 3 });
  expect(algorithm.hyperparameters).toBe(schema);
  expect(await declared.loadHyperparameters()).toBe(schema);
  expect(made.count).toBe(1);
});

it('a definition has its schema as it is given, and an empty one where there is none', () => {
  const schema = z.object({ rounds: z.int() });

  const given = declareAlgorithm({ ...DATA, hyperparameters: schema });

  expect(given.hyperparameters).toBe(schema);
  expect(defineAlgorithm({ ...DATA, ...FUNCTIONS }).hyperparameters.parse({})).toEqual({});
});
