/** No test compares a duration, or waits for a time. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparedDurations } from '../src/durations.ts';
import { timedWaits } from '../src/waits.ts';
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

  it('wait for no time', () => {
    const found = TESTS.flatMap((path) =>
      timedWaits(readFileSync(join(ROOT, path), 'utf8')).map(
        ({ line, text, instead }) => `${path}:${line}: ${text} (instead: ${instead})`,
      ),
    );

    expect(found).toEqual([]);
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

describe('a wait for a time', () => {
  it.each([
    ['a limit of one second', 'await vi.waitFor(() => expect(lines).toHaveLength(3));'],
    ['a condition with a limit', 'await vi.waitUntil(() => existsSync(path), { timeout: 5000 });'],
    ['a poll with a limit of its own', 'await expect.poll(() => lines.filter(isNew(0)), { timeout: 30_000 }).toBe(2);'],
    ['a pause in which something is to happen', 'send();\nawait delay(100);\nexpect(received).toBe(1);'],
    ['a pause by its value', "await setTimeout(50, 'late');"],
    ['a pause of a promise', 'await new Promise((resolve) => setTimeout(resolve, 1_000));'],
    ['a limit of a test', "it('ends', async () => {\n  await end({\n    a: 1,\n  });\n}, 120_000);"],
    ['a limit of a hook', 'describe(() => {\n  beforeAll(async () => {\n    await build();\n  }, 60_000);\n});'],
    ['a limit of a hook on one line', "beforeAll(() => build('probe'), 120_000);"],
    ['a limit of cases', "it.each([\n  'a',\n])('ends: %s', async () => {\n  await end();\n}, 5000);"],
    ['a limit among options', "it('ends', { timeout: 300_000 }, async () => {\n  await end();\n});"],
  ])('is found: %s', (_, text) => {
    expect(timedWaits(text)).toHaveLength(1);
  });

  it.each([
    ['a poll', 'await expect.poll(() => isAlive(pid), { interval: 5 }).toBe(false);\nstart({ timeout: 5 });'],
    ['a pause between two looks', 'while (!isDone()) await delay(LOOK_MS);'],
    ['another turn of the event loop', 'await new Promise((resolve) => setTimeout(resolve));\nawait setTimeout(0);'],
    ['a moment by chance', 'await delay(300 + random.below(1000));'],
    ['a timer that nothing waits for', 'const timer = setTimeout(stop, 100);'],
    ['an argument on one line', "it('ends', () => keep(look, 60_000));"],
    ['an argument of another call', "it('ends', async () => {\n  keep(async () => {\n    look();\n  }, 60_000);\n});"],
  ])('is not: %s', (_, text) => {
    expect(timedWaits(text)).toEqual([]);
  });
});
