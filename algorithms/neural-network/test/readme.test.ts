import { readFileSync } from 'node:fs';
import { checkReadme } from '@algo/contract/testing';
import { expect, it } from 'vitest';
import { neuralNetwork } from '../src/algorithm.js';

checkReadme(neuralNetwork, {
  folder: new URL('../', import.meta.url),
  test: it,
  matchesFile: (text, path) => expect(text).toMatchFileSnapshot(`../${path}`),
});

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

it('the README lists the variables of a serving container that are read, and no other', () => {
  const own = ['src/inference/settings.ts', 'src/backends/choose.ts'].flatMap((path) =>
    read(path).match(/ALGO_[A-Z_]+/g),
  );
  const ofBatching = ['ALGO_BATCH_MAX_ROWS', 'ALGO_BATCH_MAX_DELAY_MS']; // the SDK reads them
  const listed = [...read('README.md').matchAll(/^\| `(ALGO_[A-Z_]+)` \|/gm)].map(([, name]) => name!);

  expect([...new Set([...own, ...ofBatching])].sort()).toEqual(listed.sort());
});
