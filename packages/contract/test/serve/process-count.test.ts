import { describe, expect, it } from 'vitest';
import { fittingProcesses, servingThreads } from '../../src/serve/process-count.js';

describe('the number of worker processes', () => {
  const MEBIBYTE = 1024 * 1024;

  it.each([
    [4, 100, 4096, 4],
    [4, 1000, 4096, 2], // 3072 usable MiB hold three, one of which is the main process
    [4, 2000, 4096, 0],
    [96, 300, 16_384, 39],
  ])('for %i wanted with %i MiB each in %i MiB is %i', (wanted, size, limit, expected) => {
    expect(fittingProcesses(wanted, size * MEBIBYTE, limit * MEBIBYTE)).toBe(expected);
  });
});

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
  expect(servingThreads({ ...NONE, ...settings }, processors)).toBe(threads);
});
