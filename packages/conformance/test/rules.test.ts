/** Rules as they are listed, and the profile that they are tried with. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listRules, readConformanceProfile } from '../src/index.js';

describe('the rules', () => {
  const rules = listRules();

  it('have each an id of its own, one sentence and a source', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { id, rule, source } of rules) {
      expect(id).toMatch(/^[a-z-]+\.[a-z0-9-]+$/);
      expect(rule, id).toMatch(/^[A-Z/][^\n]+\.$/);
      expect(source, id).not.toBe('');
    }
  });
});

it('the README names every kind of rule', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const kinds = new Set(listRules().map(({ id }) => id.split('.')[0]!));

  expect([...kinds].filter((kind) => !readme.includes(`\`${kind}\``))).toEqual([]);
});

describe('a profile', () => {
  function profileFile(value: unknown): string {
    const folder = mkdtempSync(join(tmpdir(), 'algo-profile-'));
    onTestFinished(() => removeTree(folder));
    writeFileSync(join(folder, 'profile.json'), typeof value === 'string' ? value : JSON.stringify(value));
    return join(folder, 'profile.json');
  }

  it.each([
    ['what is unknown', { request: [] }, /Unrecognized key: "request"/],
    ['a file that is not there', { requests: [{ body: 'no.csv', contentType: 'text/csv' }] }, /there is no .*no\.csv/],
    [
      'a request with two bodies',
      { requests: [{ body: 'a', text: 'b', contentType: 'text/csv' }] },
      /either body or text/,
    ],
    [
      'a pattern that is none',
      { longJob: { afterLine: '(' } },
      /must be a regular expression\s+→ at longJob\.afterLine/,
    ],
    ['what is no JSON', '{', /must be JSON/],
  ])('is refused with its place for %s', (_, value, message) => {
    const path = profileFile(value);

    expect(() => readConformanceProfile(path)).toThrow(message);
    expect(() => readConformanceProfile(path)).toThrow(path);
  });

  it('may be empty: all that needs data is not tried', () => {
    expect(readConformanceProfile(profileFile({}))).toEqual({
      ...{ environment: {}, requests: [], badRequests: [] },
      claims: { multiModel: false, bidirectional: false, bindToPort: false, arbitraryUser: false },
    });
  });
});
