import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readHistory, reportVersion } from '../../src/versions/history.js';
import { parsePublished, publishedText } from '../../src/versions/published.js';
import type { Raise } from '../../src/versions/version-number.js';
import { DESCRIBED, type Described, definitionOf } from '../support/definition.js';
import { changedProduct } from '../support/product.js';

const product = changedProduct(/^title: .*/m, 'title: Sums').product!;

const COMPATIBLE = () => undefined;
const addition = (one: Described) => one.Capabilities.Outputs.push({ Name: 'lower', IsOptional: true });
const breaking = (one: Described) => one.Capabilities.Outputs.shift();

function reportOf(from: string, to: string, change: (described: Described) => unknown, pending: Raise = 'none') {
  const described = structuredClone({ ...DESCRIBED, Version: to });
  change(described);
  const text = publishedText(definitionOf({ ...DESCRIBED, Version: from }), product, 'First version.');
  return reportVersion(parsePublished(text, 'published.json'), {
    definition: definitionOf(described),
    product,
    pending,
  });
}

describe('a version after the published one', () => {
  it.each([
    ['1.2.3', '1.2.3', COMPATIBLE],
    ['1.2.3', '1.2.4', COMPATIBLE],
    ['1.2.3', '1.3.0', addition],
    ['1.2.3', '2.0.0', addition],
    ['1.2.3', '2.0.0', breaking],
    ['0.2.3', '0.2.4', addition],
    ['0.2.3', '0.3.0', breaking],
  ])('may follow %s as %s where it is high enough: %o', (from, to, change) => {
    expect(reportOf(from, to, change).problem).toBeUndefined();
  });

  it.each([
    [
      '1.2.3',
      '1.3.0',
      breaking,
      'must be 2.0.0 or higher; it is 1.3.0 without a changeset, and what changed breaks buyers since 1.2.3: output "score" is gone',
    ],
    [
      '1.2.3',
      '1.2.4',
      addition,
      'must be 1.3.0 or higher; it is 1.2.4 without a changeset, and buyers get more since 1.2.3: output "lower" is new',
    ],
    ['1.2.3', '1.2.2', COMPATIBLE, 'must be 1.2.3 or higher; it is 1.2.2 without a changeset, and 1.2.3 is published'],
    ['0.2.3', '0.2.4', breaking, /^must be 0\.3\.0 or higher/],
    ['1.2.3', 'latest', COMPATIBLE, 'must be MAJOR.MINOR.PATCH; received "latest"'],
    ['one', '1.2.3', COMPATIBLE, 'must be MAJOR.MINOR.PATCH; received "one"'],
  ])('cannot follow %s as %s where it is too low: %o', (from, to, change, problem) => {
    const found = reportOf(from, to, change).problem;

    if (problem instanceof RegExp) expect(found).toMatch(problem);
    else expect(found).toBe(problem);
  });

  it('counts the changesets that wait', () => {
    expect(reportOf('1.2.3', '1.2.3', breaking, 'major')).toMatchObject({ after: '2.0.0', problem: undefined });
    expect(reportOf('1.2.3', '1.2.3', breaking, 'minor').problem).toMatch(
      /^must be 2\.0\.0 or higher; it is 1\.3\.0 with the changesets, which are minor, and/,
    );
  });
});

describe('published.json', () => {
  it('keeps what is compared, and no descriptions', () => {
    const described = { ...structuredClone(DESCRIBED), Description: 'Adds numbers' };
    const text = publishedText(definitionOf(described), product, 'First version.');

    expect(text).not.toContain('Adds numbers');
    expect(
      reportVersion(parsePublished(text, 'a'), { definition: definitionOf(described), product, pending: 'none' }),
    ).toEqual({ before: '1.2.3', after: '1.2.3', pending: 'none', changes: [], needed: 'none', problem: undefined });
  });

  it('may be the output of algo describe', () => {
    expect(parsePublished(JSON.stringify(DESCRIBED), 'a.json')).toMatchObject({
      ...{ definition: { Version: '1.2.3' }, instances: {}, releaseNotes: undefined },
    });
  });

  it.each([
    ['{', /^a\.json must be a published\.json that algo listing release wrote, .*; .*JSON/],
    ['[]', /expected object/],
    ['{"releaseNotes":"a","instances":{"realTime":[],"batch":[]},"definition":{}}', /Name/],
    ['{"InferenceSpecification":{}}', /Version/],
  ])('is refused with its name and what is wrong: %s', (text, message) => {
    expect(() => parsePublished(text, 'a.json')).toThrow(message);
  });
});

describe('the history of an algorithm', () => {
  const folderWith = (files: Readonly<Record<string, string>>) => {
    const root = mkdtempSync(join(tmpdir(), 'algo-history-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    for (const [file, text] of Object.entries({ 'algorithms/sum/package.json': '{"name":"@algo/sum"}', ...files })) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return readHistory(join(root, 'algorithms/sum'), root);
  };

  it('is empty where there is none', () => {
    expect(folderWith({})).toEqual({
      ...{ publishedFile: 'algorithms/sum/listing/published.json', published: undefined, publishedProblem: undefined },
      ...{ changelogFile: 'algorithms/sum/CHANGELOG.md', changelog: undefined, pending: 'none' },
    });
  });

  it('has the highest raise of the changesets of its package', () => {
    const history = folderWith({
      '.changeset/config.json': '{}',
      '.changeset/README.md': "---\n'@algo/sum': major\n---\n",
      '.changeset/a.md': "---\n'@algo/sum': patch\n'@algo/other': major\n---\n\nFaster.\n",
      '.changeset/b.md': '---\r\n"@algo/sum": minor\r\n---\r\n\r\nMore.\r\n',
      '.changeset/c.md': '---\n---\n\nNobody notices.\n',
      '.changeset/d.md': '---\n{ "@algo/sum": major\n---\n\nNo YAML.\n',
      '.changeset/e.md': 'No head.\n',
    });

    expect(history.pending).toBe('minor');
  });

  it('names a published.json that is none', () => {
    expect(folderWith({ 'algorithms/sum/listing/published.json': '{}' })).toMatchObject({
      published: undefined,
      publishedProblem: expect.stringMatching(/^algorithms\/sum\/listing\/published\.json must be /),
    });
  });
});
