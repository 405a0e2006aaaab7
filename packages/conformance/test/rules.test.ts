/** Rules as they are listed, and the profile that they are tried with. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listRules, readConformanceProfile, schemaOf } from '../src/index.js';
import { PLATFORM_LIMITS } from '../src/lab/limits.js';
import { FAULTS } from './faults.js';
import { checkReference } from './scene.js';

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

  it.each([
    ['ping.within-2-s', PLATFORM_LIMITS.pingMs, 's'],
    ['ping.ready', PLATFORM_LIMITS.startServerMs / 60, 'minutes'],
    ['stop.server', PLATFORM_LIMITS.stopServerMs, 's'],
    ['stop.training', PLATFORM_LIMITS.stopTrainingMs, 's'],
  ])('say the limit that they are tried with: %s', (id, limit, unit) => {
    expect(rules.find((rule) => rule.id === id)?.rule).toContain(`within ${limit / 1000} ${unit}`);
  });
});

it('the README names every kind of rule', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const kinds = new Set(listRules().map(({ id }) => id.split('.')[0]!));

  expect([...kinds].filter((kind) => !readme.includes(`\`${kind}\``))).toEqual([]);
});

it('the README counts the rules and the faulty programs', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');

  expect(readme).toContain(`prints all ${listRules().length} rules`);
  expect(readme).toContain(`lists ${FAULTS.length} places`);
});

it('the README describes every member of a profile', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const { properties } = schemaOf('profile') as { readonly properties: Readonly<Record<string, unknown>> };
  const rows = new Set(readme.split('\n').flatMap((line) => [...(/^\| `(\w+)` \|/.exec(line)?.slice(1) ?? [])]));

  expect(Object.keys(properties).filter((name) => name !== '$schema' && !rows.has(name))).toEqual([]);
});

describe('a choice of rules', () => {
  it.each([
    [{ rules: ['execution-parameters'], skip: ['execution-parameters.product'] }, ['answer', 'values']],
    [{ rules: ['execution-parameters.values'] }, ['values']],
    [{ rules: ['execution-parameters', 'ping'], skip: ['ping', 'execution-parameters.values'] }, ['answer', 'product']],
  ])('%j is of ids, and of all that begin with a part of them', async (choice, names) => {
    const report = await checkReference(undefined, choice);

    expect(report.results.map(({ id }) => id.split('.')[1])).toEqual(names);
  });

  it.each([
    [{ rules: ['error'] }, 'There is no rule "error".'],
    [{ skip: ['ping.'] }, 'There is no rule "ping.".'],
    [{ rules: ['ping.ready'], skip: ['ping'] }, 'No rule is left to try'],
  ])('%j is refused', async (choice, message) => {
    await expect(checkReference(undefined, choice)).rejects.toThrow(message);
  });
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
      ...{ environment: {}, requests: [], badRequests: [], streamRequests: [], messages: [] },
      claims: { multiModel: false, bidirectional: false, bindToPort: false, arbitraryUser: false },
    });
  });
});
