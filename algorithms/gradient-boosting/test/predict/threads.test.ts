/** How many threads a training job and a serving process have. */
import { expect, it } from 'vitest';
import { threadsOfWorker } from '../../src/inference/serve.js';
import { threadsOfJob } from '../../src/train.js';

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
  [{ workers: 1 }, 896, 256], // a pool has no more
])('with %o, on %i CPUs, a process predicts with %i threads', (settings, processors, threads) => {
  expect(threadsOfWorker({ ...NONE, ...settings }, processors)).toBe(threads);
});

it.each([
  [undefined, 8, 8],
  [3, 8, 3],
  [1024, 8, 256], // a pool has no more
  [undefined, 896, 256],
])('a job with nthread %s, on %i CPUs, trains with %i threads', (threads, processors, expected) => {
  expect(threadsOfJob({ threads }, processors)).toBe(expected);
});
