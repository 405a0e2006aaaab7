import { readFileSync } from 'node:fs';
import { fillHyperparameters } from '@algo/contract/testing';
import { expect, it } from 'vitest';
import { linearRegression } from '../src/algorithm.js';

it('documents the hyperparameters of the definition (vitest -u writes them)', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

  await expect(fillHyperparameters(readme, linearRegression)).toMatchFileSnapshot('../README.md');
});
