import { checkReadme } from '@algo/contract/testing';
import { expect, it } from 'vitest';
import { linearRegression } from '../src/algorithm.js';

checkReadme(linearRegression, {
  folder: new URL('../', import.meta.url),
  test: it,
  matchesFile: (text, path) => expect(text).toMatchFileSnapshot(`../${path}`),
});
