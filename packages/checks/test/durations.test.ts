/** No test compares a duration. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparedDurations } from '../src/durations.ts';
import { ROOT } from '../src/workspaces.ts';

const TESTS = globSync('{algorithms,packages}/*/test/**/*.ts', { cwd: ROOT, exclude: ['**/node_modules/**'] })
  .concat(globSync('sample-data/test/**/*.ts', { cwd: ROOT }))
  .filter((path) => !path.endsWith('checks/test/durations.test.ts'));

describe('the tests of the repository', () => {
  it('compare no durations', () => {
    const found = TESTS.flatMap((path) =>
      comparedDurations(readFileSync(join(ROOT, path), 'utf8')).map(({ line, text }) => `${path}:${line}: ${text}`),
    );

    expect(found).toEqual([]);
    expect(TESTS.length).toBeGreaterThan(200);
  });
});

describe('a comparison of a duration', () => {
  it.each([
    ['the clock in expect', 'expect(Date.now() - start).toBeLessThan(100);'],
    [
      'a difference of two readings',
      'const a = performance.now();\nf();\nconst b = performance.now() - a;\nexpect(b).toBe(1);',
    ],
    [
      'a value computed from one',
      'const a = Date.now();\nconst b = a / 1000;\nconst rate = 10 / b;\nexpect(rate > 5).toBe(true);',
    ],
    ['the clock as what is expected', 'const before = Date.now();\nexpect(file.mtimeMs).toBeGreaterThan(before);'],
    ['a measured time by its name', 'expect(result.seconds).toBeLessThan(5);'],
    ['a measured time with another', 'expect(first.elapsedMs).toBeGreaterThan(second.elapsedMs * 2);'],
  ])('is found: %s', (_, text) => {
    expect(comparedDurations(text)).toHaveLength(1);
  });

  it.each([
    ['a time that must only have been measured', 'expect(result.seconds).toBeGreaterThan(0);'],
    ['a setting', 'expect(timeoutMs(settings)).toBe(seconds * 1000);'],
    [
      'a clock that the code under test is given',
      'const now = performance.now() + 1;\nrun({ now });\nexpect(done).toBe(true);',
    ],
    ['a name that meant the clock in an earlier test', "let a = Date.now();\nlet a = 'text';\nexpect(a).toBe('text');"],
    ['a function that reads the clock', 'const now = () => Date.now();\nexpect(run(now)).toBe(1);'],
  ])('is not: %s', (_, text) => {
    expect(comparedDurations(text)).toEqual([]);
  });
});
