/** The threads of a predictor: how many a serving process has. */
import { expect, it } from 'vitest';
import { threadsOfWorker } from '../../src/inference/serve.js';

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
])('with %o, on %i CPUs, a process predicts with %i threads', (settings, processors, threads) => {
  expect(threadsOfWorker({ ...NONE, ...settings }, processors)).toBe(threads);
});
