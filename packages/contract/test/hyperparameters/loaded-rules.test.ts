/** Hyperparameters, and rules between them, that a job loads from modules of their own. */
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Algorithm } from '../../src/algorithm.js';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import { describeAlgorithm } from '../../src/specification/describe.js';
import { readHyperparameters } from '../../src/testing/hyperparameters.js';
import { runTraining, type TrainingResult } from '../../src/testing/training.js';

/** The algorithm, and how often its rules were loaded. */
function withRules() {
  const loaded = { count: 0 };
  const algorithm = defineAlgorithm({
    name: 'seer',
    version: '1.0.0',
    description: 'Predicts 0.',
    loadHyperparameters: async () =>
      z.object({
        depth: z.int().min(1).default(6).meta({ description: 'Depth.' }),
        leaves: z.int().min(1).default(31).meta({ description: 'Leaves.' }),
      }),
    async loadHyperparameterRules() {
      loaded.count += 1;
      return {
        checkHyperparameters: ({ depth, leaves }) =>
          leaves > 2 ** depth ? [`Hyperparameter "leaves" must be at most ${2 ** depth}; received "${leaves}".`] : [],
        hyperparameterWarnings: ({ leaves }) => (leaves === 1 ? ['one leaf has no split.'] : []),
      };
    },
    channels: { train: { description: 'Rows.', contentTypes: ['text/csv'] } },
    contentTypes: { input: ['text/csv'], output: ['text/csv'] },
    outputs: { score: { description: 'Always 0.' } },
    train: (job) => job.saveModel({ featureCount: 1, files: {} }),
    load: () => undefined,
    predict: (_, { rows }) => ({ score: new Float64Array(rows) }),
  }) as unknown as Algorithm;
  return { algorithm, loaded };
}

const results: TrainingResult[] = [];
afterEach(() => {
  for (const { root } of results.splice(0)) root.remove();
});

async function runJob(algorithm: Algorithm, hyperparameters: Readonly<Record<string, string>>) {
  const result = await runTraining(algorithm, { hyperparameters, channels: { train: { 'a.csv': '0,1\n' } } });
  results.push(result);
  return result;
}

describe('rules that a job loads', () => {
  it('refuse and warn as those of the definition do', async () => {
    const { algorithm, loaded } = withRules();

    const refused = await runJob(algorithm, { depth: '2', leaves: '5' });
    const warned = await runJob(algorithm, { leaves: '1' });

    expect([refused.exitCode, warned.exitCode, loaded.count]).toEqual([1, 0, 2]);
    expect(refused.lines.join('\n')).toContain('Hyperparameter "leaves" must be at most 4; received "5".');
    expect(warned.lines).toContain('warning: one leaf has no split.');
  });

  it('are what texts are read by without a job, too, and must be given there', async () => {
    const { algorithm } = withRules();
    const rules = await algorithm.loadHyperparameterRules!();
    await algorithm.loadHyperparameters();

    expect(() => readHyperparameters(algorithm, { depth: '2', leaves: '5' })).toThrow(RangeError);
    expect(() => readHyperparameters(algorithm, { depth: '2', leaves: '5' }, rules)).toThrow('must be at most 4');
    expect(readHyperparameters(algorithm, { leaves: '1' }, rules).warnings).toEqual(['one leaf has no split.']);
  });

  it('are not loaded for a description', async () => {
    const { algorithm, loaded } = withRules();
    await algorithm.loadHyperparameters();

    describeAlgorithm(algorithm);

    expect(loaded.count).toBe(0);
  });
});
