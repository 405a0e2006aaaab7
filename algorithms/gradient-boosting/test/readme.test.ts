import { checkReadme } from '@algo/contract/testing';
import { expect, it } from 'vitest';
import { gradientBoosting } from '../src/algorithm.js';

checkReadme(gradientBoosting, {
  folder: new URL('../', import.meta.url),
  test: it,
  matchesFile: (text, path) => expect(text).toMatchFileSnapshot(`../${path}`),
});
