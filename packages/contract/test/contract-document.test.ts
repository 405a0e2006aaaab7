import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../', import.meta.url);
const document = readFileSync(new URL('CONTRACT.md', folder), 'utf8');
const rows = document
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (rule|---)/.test(line))
  .map((line) => line.slice(2, -2).split(' | '));

const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const isThere = (path: string) => existsSync(new URL(path, folder));
const filesBelow = (path: string) =>
  readdirSync(new URL(path, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${path}${name}`);

describe('CONTRACT.md', () => {
  it.each(rows)('has source, code and test of the rule: %s', (_rule, source, code, test) => {
    const path = /^`(src\/[^`]+\.ts)`$/.exec(code!)?.[1] ?? 'no code path';
    const [, testPath = 'no test path', title = 'no title'] = /^`(test\/[^`]+\.test\.ts)` "(.+)"$/.exec(test!) ?? [];

    expect(source!.length).toBeGreaterThan(0);
    expect(isThere(path), `${path} exists`).toBe(true);
    expect(isThere(testPath), `${testPath} exists`).toBe(true);
    expect(read(testPath), `${testPath} has a test named so`).toContain(title);
  });

  it('names every contract test', () => {
    const tests = filesBelow('test/contract/').filter((path) => path.endsWith('.test.ts'));

    expect(tests.filter((path) => !document.includes(path))).toEqual([]);
  });

  it('names every source file of the contract', () => {
    const isExempt = (path: string) => /^src\/(index|testing\/.*|formats\/\w+\/kernel\.generated)\.ts$/.test(path);
    const sources = filesBelow('src/').filter((path) => path.endsWith('.ts') && !isExempt(path));

    expect(sources.filter((path) => !document.includes(`\`${path}\``))).toEqual([]);
  });
});
