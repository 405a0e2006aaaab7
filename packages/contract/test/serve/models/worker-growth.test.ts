import { expect, it } from 'vitest';
import type { PlacedModel } from '../../../src/serve/models/model-holders.js';
import { createModelMemory } from '../../../src/serve/models/model-memory.js';
import { createWorkerGrowth } from '../../../src/serve/models/worker-growth.js';

it('starts one worker at a time, while there is memory for it and a model', () => {
  const MIB = 1024 ** 2;
  let free = 1000 * MIB;
  const counts: number[] = [];
  const memory = createModelMemory(1000 * MIB, () => free);
  const growth = createWorkerGrowth({ memory, pool: () => ({ grow: (count) => counts.push(count) }) });
  const model: PlacedModel = { name: 'a', url: '/a', fileBytes: 10 * MIB, holders: new Set(), facts: undefined };

  expect(growth.addFor(model)).toBeUndefined(); // the first one is on its way
  growth.open(100 * MIB);
  expect(growth.addFor(model)).toBeUndefined();
  expect(growth.addFor(model)).toBeUndefined();
  expect(counts).toEqual([2]);
  growth.onReady();
  expect(growth.addFor(model)).toBeUndefined();
  growth.onReady();
  free = 390 * MIB;

  expect(growth.addFor(model)).toMatchObject({
    code: 'E_MODEL_MEMORY',
    message: expect.stringContaining('about 146 MiB'),
  });
  expect(counts).toEqual([2, 3]);
});
