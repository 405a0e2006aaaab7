import { checkAlgorithm } from '@algo/contract/testing';
import { describe, it } from 'vitest';
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
