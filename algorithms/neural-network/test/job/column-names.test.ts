/** Parquet whose columns are in another order, or of other names, than those the model was trained on: y = 10 a. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openInvocations } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { neuralNetwork } from '../../src/algorithm.js';
import { useJobs } from './jobs.js';

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../fixtures/column-names/${name}.parquet`, import.meta.url)));
const [train, swapped] = [{ 'a.parquet': fixture('train') }, { 'a.parquet': fixture('swapped') }];
const { trainOn } = useJobs();

function job(channels: Readonly<Record<string, Record<string, Uint8Array | string>>>) {
  const inputDataConfig = Object.fromEntries(
    Object.keys(channels).map((name) => [
      name,
      { ContentType: name === 'model' ? 'application/x-sagemaker-model' : 'application/x-parquet' },
    ]),
  );
  return trainOn({ hyperparameters: { objective: 'regression', epochs: '3' }, channels, inputDataConfig });
}

describe('Parquet columns in a different order from training', () => {
  it('give the same losses in channel validation', async () => {
    const { lines } = await job({ train, validation: swapped });

    const last = lines.findLast((line) => line.startsWith('epoch='))!;
    const [, trained, validated] = /train:rmse=(\S+) .*validation:rmse=(\S+)/.exec(last)!;
    expect(validated).toBe(trained);
  });

  it('give the same predictions in a request', async () => {
    const invoke = await openInvocations(neuralNetwork, await job({ train }));
    const ask = async (name: string) =>
      (await invoke({ contentType: 'application/x-parquet', accept: 'text/csv', body: fixture(name) })).body;

    expect(await ask('request-swapped')).toBe(await ask('request'));
    expect(await ask('swapped')).toContain(
      'the columns must have the names of the model, in any order: \\"a\\", \\"b\\"; received \\"y\\", \\"b\\", \\"a\\": extra \\"y\\".',
    );
  });

  it.each([
    ['with its manifest', () => true],
    ['without it, as tools copy folders', (name: string) => !name.startsWith('.')],
  ])('continue a model %s in the order of that model', async (_, isKept) => {
    const first = await job({ train });
    const model = Object.fromEntries([...first.model].filter(([name]) => isKept(name)));

    const [same, other] = [await job({ train, model }), await job({ train: swapped, model })];

    expect(other.failure).toBeUndefined();
    expect(other.model.get('weights.bin')).toEqual(same.model.get('weights.bin'));
    expect(other.model.get('network.json')!.toString()).toContain('"featureNames":["a","b"]');
  });
});
