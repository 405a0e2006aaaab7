import { outputOf, runTraining } from '@algo/contract/testing';
import { describe, it } from 'vitest';
import { linearRegression } from '../src/algorithm.js';
import { certified, expectCertified, hyperparametersOf, linesOf } from './support/nist.js';

describe('the eleven linear problems of NIST StRD', () => {
  it.each(Object.entries(certified))('%s: at least 13 correct digits in every value', async (name, problem) => {
    const { root } = await runTraining(linearRegression, {
      hyperparameters: hyperparametersOf(problem),
      channels: { train: { [`${name}.csv`]: linesOf(name).join('\n') } },
    });
    try {
      expectCertified(JSON.parse(outputOf({ root }, 'summary.json')), problem);
    } finally {
      root.remove();
    }
  });
});
