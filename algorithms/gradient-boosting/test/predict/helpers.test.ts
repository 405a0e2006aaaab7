/** The threads of a predictor: how many a serving process has, and what happens when one fails. */
import { expect, it } from 'vitest';
import { threadsOfWorker } from '../../src/inference/serve.js';
import { createMemory, startHelper } from '../../src/predict/kernel.js';

const NONE = { workers: undefined, isBatch: false, maxConcurrentTransforms: undefined };

it.each([
  [{}, 8, 1], // as many processes as processors
  [{ workers: 1 }, 8, 8],
  [{ workers: 3 }, 8, 2],
  [{ workers: 16 }, 8, 1],
  [{ isBatch: true, maxConcurrentTransforms: 1 }, 8, 8],
  [{ isBatch: true, maxConcurrentTransforms: 4 }, 8, 2],
  [{ isBatch: true, maxConcurrentTransforms: 0 }, 8, 1], // 0 leaves the choice to us
  [{ isBatch: true }, 8, 1],
  [{ maxConcurrentTransforms: 1 }, 8, 1], // of batch transforms only
])('with %o, on %i processors, a process predicts with %i threads', (settings, processors, threads) => {
  expect(threadsOfWorker({ ...NONE, ...settings }, processors)).toBe(threads);
});

it('counts a helper that fails as done, so that nobody waits for it, and tells of it', async () => {
  const memory = createMemory(1);
  const batch = 512;
  const words = new Int32Array(memory.buffer);
  const [active, failed] = [batch + 8, batch + 60];
  const beyond = memory.buffer.byteLength;
  words.set([1, 0, 0, beyond, beyond, 1, beyond, 64, beyond, 1, 8], batch >> 2); // an open batch outside of the memory

  const error = await new Promise<Error>((resolve) => {
    startHelper(memory, { batch, codes: beyond, sums: beyond, active, failed }, resolve).ref();
  });

  expect(error.message).toContain('memory access out of bounds');
  expect([words[active >> 2], words[failed >> 2]]).toEqual([0, 1]);
});
