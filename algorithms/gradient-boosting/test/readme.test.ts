import { readdirSync, readFileSync } from 'node:fs';
import { ERROR_CODES } from '@algo/contract';
import { fillHyperparameters } from '@algo/contract/testing';
import { expect, it } from 'vitest';
import { gradientBoosting } from '../src/algorithm.js';

const folder = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');

it.each(['README.md', 'listing/usage.md'])(
  'documents the hyperparameters of the definition in %s (vitest -u writes them)',
  async (path) => {
    await expect(fillHyperparameters(read(path), gradientBoosting)).toMatchFileSnapshot(`../${path}`);
  },
);

it('the README lists the error codes that are thrown besides the SDK’s, and no other', () => {
  const sources = readdirSync(new URL('src/', folder), { recursive: true, encoding: 'utf8' });
  const text = sources
    .filter((name) => /(?<!generated)\.ts$/.test(name))
    .map((name) => read(`src/${name}`))
    .join('\n');
  const thrown = new Set([...text.matchAll(/'(E_[A-Z_]+)'/g)].map(([, code]) => code!));
  const listed = [...read('README.md').matchAll(/^\| `(E_[A-Z_]+)` \|/gm)].map(([, code]) => code!);

  expect([...thrown].filter((code) => !(code in ERROR_CODES)).sort()).toEqual(listed.sort());
});
