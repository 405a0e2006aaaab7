/** The threads of a predictor: how many a serving process has, and what happens when one fails. */
import { expect, it } from 'vitest';
import { threadsOfWorker } from '../../src/inference/serve.js';
import { createMemory, startHelper } from '../../src/predict/kernel.js';

it.each([
  [undefined, 8, 1], // as many processes as processors
  [1, 8, 8],
  [3, 8, 2],
  [16, 8, 1],
])('gives a worker of %s, on %i processors, %i threads', (workers, processors, threads) => {
  expect(threadsOfWorker(workers, processors)).toBe(threads);
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
