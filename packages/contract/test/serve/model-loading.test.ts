import { afterEach, expect, it } from 'vitest';
import { memoryLog } from '../../src/log.js';
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
