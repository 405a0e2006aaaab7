import { readFileSync } from 'node:fs';
import { fillHyperparameters } from '@algo/contract/testing';
import { expect, it } from 'vitest';
import { linearRegression } from '../src/algorithm.js';

it.each(['../README.md', '../listing/usage.md'])(
  'documents the hyperparameters of the definition in %s (vitest -u writes them)',
  async (path) => {
    const text = readFileSync(new URL(path, import.meta.url), 'utf8');

    await expect(fillHyperparameters(text, linearRegression)).toMatchFileSnapshot(path);
  },
);
