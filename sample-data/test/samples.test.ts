/** The committed sample data of every algorithm against its source table. scripts.test.ts compares it with its script. */
import { describe, expect, it } from 'vitest';
import * as gradientBoosting from '../gradient-boosting/prepare.ts';
import * as linearRegression from '../linear-regression/prepare.ts';
import * as neuralNetwork from '../neural-network/prepare.ts';
import { labelOf, lines, openCommitted, testSample } from './committed-sample.ts';

const LABELLED = ['train/train.csv', 'validation/validation.csv'];

describe('the sample data of linear-regression', () => {
  testSample('linear-regression', {
    ...linearRegression,
    source: 'penguins.csv',
    rows: 333,
    maxSourceBytes: 200_000,
    maxBytes: 200_000,
  });
});

describe('the sample data of gradient-boosting', () => {
  testSample('gradient-boosting', {
    ...gradientBoosting,
    source: 'breast-cancer.csv',
    rows: 569,
    maxSourceBytes: 200_000,
    maxBytes: 300_000,
  });

  it('has both classes in each labelled part, about as often as in the whole', () => {
    const { read } = openCommitted('gradient-boosting');
    for (const path of LABELLED) {
      const labels = lines(read(path)).map(labelOf);
      const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;

      expect(share).toBeGreaterThan(0.55); // 357 of 569 are benign, 0.627
      expect(share).toBeLessThan(0.7);
    }
  });
});

describe('the sample data of neural-network', () => {
  testSample('neural-network', {
    ...neuralNetwork,
    source: 'digits.csv',
    rows: 1797,
    maxSourceBytes: 300_000,
    maxBytes: 700_000,
  });

  it('has every digit in each labelled part, about as often as the others', () => {
    const { read } = openCommitted('neural-network');
    for (const path of LABELLED) {
      const digits = lines(read(path)).map(labelOf);
      const counts = Array.from({ length: 10 }, (_, digit) => digits.filter((own) => own === digit).length);

      expect(Math.min(...counts)).toBeGreaterThan(digits.length / 10 / 2);
      expect(Math.max(...counts)).toBeLessThan((digits.length / 10) * 1.6);
    }
  });
});
