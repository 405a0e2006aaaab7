import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../', import.meta.url);
const document = readFileSync(new URL('CONTRACT.md', folder), 'utf8');
const rows = document
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (rule|capability|what is asked for|---)/.test(line))
  .map((line) => line.slice(2, -2).split(' | '));

const FROM_ROOT = /^(?:packages|algorithms)\//;
const locate = (path: string) => new URL(FROM_ROOT.test(path) ? `../../${path}` : path, folder);
const read = (path: string) => readFileSync(locate(path), 'utf8');
const isThere = (path: string) => existsSync(locate(path));
/** Whether a title of a test, or of a group of tests, begins with a text. */
const isBeginning = (text: string, source: string) => [`'`, '"', '`'].some((quote) => source.includes(quote + text));
/** The rows of the table below a heading. */
const rowsBelow = (heading: string) =>
  document
    .split(`\n### ${heading}\n`)[1]!
    .split('\n#')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
const filesBelow = (path: string) =>
  readdirSync(new URL(path, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${path}${name}`);

describe('CONTRACT.md', () => {
  it.each(rows)('has source, code and test of the rule: %s', (_rule, source, code, test) => {
    expect(source!.length).toBeGreaterThan(0);
    if (code === 'no') return expect(test!.length, 'the reason').toBeGreaterThan(20);
    const path = /^`((?:(?:packages|algorithms)\/[\w-]+\/)?src\/[^`]+\.ts)`$/.exec(code!)?.[1] ?? 'no code path';
    const [, testPath = 'no test path', title = 'no title'] =
      /^`((?:(?:packages|algorithms)\/[\w-]+\/)?test\/[^`]+\.test\.ts)` "(.+)"$/.exec(test!) ?? [];

    expect(isThere(path), `${path} exists`).toBe(true);
    expect(isThere(testPath), `${testPath} exists`).toBe(true);
    expect(isBeginning(title, read(testPath)), `${testPath} has a test whose title begins so: ${title}`).toBe(true);
  });

  it.each([
    ['Training', 33],
    ['Inference', 35],
    ['What users ask for', 22],
  ])('has a line for each capability of other toolkits, and for each theme of their users: %s', (heading, count) => {
    expect(rowsBelow(heading)).toHaveLength(count);
    expect(new Set(rowsBelow(heading)).size).toBe(count);
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
