/** How many threads a training job has. */
import { expect, it } from 'vitest';
import { threadsOfJob } from '../../src/train.js';

it.each([
  [undefined, 8, 8],
  [3, 8, 3],
  [1024, 8, 256], // a pool has no more
  [undefined, 896, 256],
])('a job with nthread %s, on %i CPUs, trains with %i threads', (threads, processors, expected) => {
  expect(threadsOfJob({ threads }, processors)).toBe(expected);
});
