import { checkAlgorithm, runTraining } from '@algo/contract/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exampleAlgorithm } from '../src/algorithm.js';

describe('the shared rules of algorithms', () => {
  checkAlgorithm(exampleAlgorithm, {
    test: it,
    job: {
      channels: {
        train: { 'part.csv': '0,1,1\n0,2,1\n1,10,5\n1,12,5\n' },
        validation: { 'part.csv': '0,0,0\n1,11,6\n' },
      },
    },
    rows: '1,2\n11,4\n',
    metrics: { 'validation:accuracy': { atLeast: 1 } },
  });
});

it.each([
  ['0,-1e308\n0,1e308\n', '0,1\n', 'Channel "train": the values of feature 1 must have a finite mean and variance'],
  ['0,1\n1,2\n', '0,1\n0,1e200\n', 'validation/part.csv line 2: the values must be nearer to a class'],
])(
  'a training job on %j, validated on %j, fails and says where the values are too large',
  async (train, validation, message) => {
    const channels = { train: { 'part.csv': train }, validation: { 'part.csv': validation } };

    const trained = await runTraining(exampleAlgorithm, { channels });
    onTestFinished(() => trained.root.remove());

    expect(trained.exitCode).toBe(1);
    expect(trained.failure).toContain(message);
  },
);
