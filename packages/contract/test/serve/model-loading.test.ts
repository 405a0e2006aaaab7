import { afterEach, describe, expect, it } from 'vitest';
import { memoryLog } from '../../src/log.js';
import type { ModelInput } from '../../src/model/model.js';
import { loadInvocation } from '../../src/serve/model-loading.js';
import { environmentOf, makeModelRoot, sumAlgorithm } from './sum-algorithm.js';

const roots: { remove(): void }[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) root.remove();
});

it.each([
  [3, 3],
  [Number.POSITIVE_INFINITY, undefined],
])('a model that is served by at most %d processes reports %s, which survives JSON', async (most, reported) => {
  const root = makeModelRoot();
  roots.push(root);

  const loaded = await loadInvocation(sumAlgorithm({ servingProcesses: () => most }), environmentOf(root), memoryLog());

  expect(JSON.parse(JSON.stringify({ maxProcesses: loaded.maxProcesses })).maxProcesses).toBe(reported);
});

describe('rows of a model that cannot be right are refused before anybody asks', () => {
  it.each<[ModelInput, string]>([
    [{ featureCount: 1.5 }, 'featureCount must be an integer ≥ 1; received 1.5.'],
    [{ featureCount: Number.NaN }, 'featureCount must be an integer ≥ 1; received NaN.'],
    [{ featureNames: ['a', 'b'] }, 'featureNames must have a name for each of the 3 features; received 2.'],
    [{ featureNames: ['a', 'b', 'a'] }, 'featureNames must have each name once; received "a" twice.'],
    [{ exampleRow: [1, 2] }, 'exampleRow must be 3 finite numbers.'],
    [
      { categories: { labels: [], features: [['x'], undefined] } },
      'categories.features must have an entry for each of the 3 features, undefined for one of numbers; received 2.',
    ],
    [
      { categories: { labels: [], features: [undefined, ['x', 'y', 'x'], undefined] } },
      'categories.features[1] must have each name once; received "x" twice.',
    ],
    [
      { categories: { labels: [['no', 'no']], features: [undefined, undefined, undefined] } },
      'categories.labels[0] must have each name once; received "no" twice.',
    ],
    [{ unseenCategories: 'ignore' as 'other' }, 'unseenCategories must be one of error, missing, other'],
    [{ libsvmIndexBase: 2 as 1 }, 'libsvmIndexBase must be 0 or 1; received 2.'],
  ])('%j', async (input, problem) => {
    const root = makeModelRoot();
    roots.push(root);
    const algorithm = sumAlgorithm({ modelInput: () => input });

    const loading = loadInvocation(algorithm, environmentOf(root), memoryLog());

    await expect(loading).rejects.toMatchObject({
      code: 'E_MODEL',
      message: expect.stringContaining(`The rows of the model: ${problem}`),
    });
  });
});

it('takes names of columns and categories from modelInput, and matches requests with them', async () => {
  const root = makeModelRoot();
  roots.push(root);
  const modelInput = (): ModelInput => ({
    featureNames: ['size', 'colour', 'age'],
    categories: { labels: [], features: [undefined, ['red', 'blue'], undefined] },
  });
  const values = { missingValues: 'refuse', infiniteValues: 'refuse', text: 'accept' } as const;
  const { invoke } = await loadInvocation(sumAlgorithm({ modelInput, values }), environmentOf(root), memoryLog());

  const answer = await invoke({
    contentType: 'application/json',
    contentEncoding: undefined,
    accept: 'application/json',
    customAttributes: undefined,
    body: Buffer.from('{"instances":[{"colour":"blue","age":10,"size":100}]}'),
  });

  expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({ predictions: [{ score: 111 }] });
});
