import { expect, it } from 'vitest';
import { memoryLog } from '../../src/log.js';
import { createProgress } from '../../src/training/progress.js';

it('progress is printed at most every five seconds, for the first time after five', () => {
  const log = memoryLog();
  let now = 0;
  const progress = createProgress(log, () => now);

  for (; now < 16_000; now += 100) progress(`at ${now} ms`);

  expect(log.lines).toEqual(['at 5000 ms', 'at 10000 ms', 'at 15000 ms']);
});
