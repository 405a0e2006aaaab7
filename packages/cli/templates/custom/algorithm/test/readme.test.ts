import { checkReadme } from '@algo/contract/testing';
import { expect, it } from 'vitest';
import { exampleAlgorithm } from '../src/algorithm.js';

checkReadme(exampleAlgorithm, {
  folder: new URL('../', import.meta.url),
  test: it,
  matchesFile: (text, path) => expect(text).toMatchFileSnapshot(`../${path}`),
});
