import { describe, expect, it } from 'vitest';
import { fittingProcesses } from '../../src/serve/process-count.js';

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
