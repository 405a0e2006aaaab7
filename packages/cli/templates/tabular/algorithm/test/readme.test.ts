import { readFileSync } from 'node:fs';
import { fillHyperparameters } from '@algo/contract/testing';
import { expect, it } from 'vitest';
import { exampleAlgorithm } from '../src/algorithm.js';

it.each(['../README.md', '../listing/usage.md'])(
  'documents the hyperparameters of the definition in %s (vitest -u writes them)',
  async (path) => {
    const text = readFileSync(new URL(path, import.meta.url), 'utf8');

    const filled = fillHyperparameters(text, exampleAlgorithm);

    await expect(filled).toMatchFileSnapshot(path);
  },
);
