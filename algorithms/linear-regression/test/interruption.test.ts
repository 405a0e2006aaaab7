/** How much work lies between two looks at the stop, counted, and that a look ends the work. */
import { runTraining } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { linearRegression } from '../src/algorithm.js';
import { fitElasticNet } from '../src/fitting/elastic-net.js';
import { fitLeastSquares } from '../src/fitting/least-squares.js';
import { createLook, type Look } from '../src/interruption.js';
import type { ExactSums } from '../src/sums/exact-sums.js';
import { createGram } from '../src/sums/gram.js';

const FEATURES = 70;
const ROWS = 300;
const COLUMNS = FEATURES + 2;

/** Values of few digits, no two columns alike; `digits` more behind the point. */
function valueAt(row: number, column: number, digits: number): number {
  return ((row * 7919 + column * 104_729 + row * column * 13) % 1009) / 10 ** digits;
}

function makeRows(digits: number) {
  const features = Float64Array.from({ length: ROWS * FEATURES }, (_, i) =>
    valueAt(Math.floor(i / FEATURES), i % FEATURES, digits),
  );
  const labels = Float64Array.from({ length: ROWS }, (_, row) => valueAt(row, FEATURES + 1, digits));
  return { rows: ROWS, features, labels };
}

function sumsOf(digits = 2, look?: Look): ExactSums {
  const gram = createGram({ featureCount: FEATURES, degree: 1, ...(look && { look }) });
  gram.addBlock(makeRows(digits));
  return gram.sums();
}

/** Counts what is done between looks. */
function createCounter() {
  const counted = { largest: 0, total: 0 };
  const look: Look = (operations) => {
    counted.largest = Math.max(counted.largest, operations);
    counted.total += operations;
  };
  return { counted, look };
}

describe('the work between two checks for a stop is bounded', () => {
  it('while reading rows: some slices of a chunk of 256 rows, or one row of products for a row with its own grid', () => {
    const { counted, look } = createCounter();

    sumsOf(2, look);

    expect(counted.total).toBeGreaterThan((ROWS * COLUMNS ** 2) / 2);
    expect(counted.largest).toBeLessThanOrEqual((2 ** 16 + COLUMNS) * 9 * 256);
  });

  it('while solving for coefficients: one entry of a factor, or one iteration in doubles', () => {
    const sums = sumsOf();
    const { counted, look } = createCounter();

    const fit = fitLeastSquares(sums, { hasIntercept: true }, look);

    expect(fit.inference).toBeDefined();
    expect(counted.total).toBeGreaterThan(COLUMNS ** 3 / 6 + COLUMNS ** 3 / 6);
    expect(counted.largest).toBeLessThanOrEqual(COLUMNS ** 2);
  });

  it('while fitting the elastic net: one sweep in doubles', () => {
    const sums = sumsOf();
    const { counted, look } = createCounter();

    fitElasticNet(sums, { hasIntercept: true, l1: 10, l2: 1 }, look);

    expect(counted.total).toBeGreaterThan(COLUMNS ** 3 / 6);
    expect(counted.largest).toBeLessThanOrEqual(COLUMNS ** 2);
  });

  it('while describing dependent columns: one entry of a combination', () => {
    const { rows, features, labels } = makeRows(2);
    for (let row = 0; row < rows; row++) {
      for (let column = 35; column < FEATURES; column++) {
        features[row * FEATURES + column] = 2 * features[row * FEATURES + column - 35]!;
      }
    }
    const gram = createGram({ featureCount: FEATURES, degree: 1 });
    gram.addBlock({ rows, features, labels });
    const sums = gram.sums();
    const { counted, look } = createCounter();

    expect(() => fitLeastSquares(sums, { hasIntercept: true }, look)).toThrow(
      'no feature may be a linear combination of others',
    );
    expect(counted.largest).toBeLessThanOrEqual(2 * COLUMNS);
  });
});

describe('a stop', () => {
  const table = Array.from({ length: 40 }, (_, row) =>
    [valueAt(row, 9, 2), ...Array.from({ length: 5 }, (_, column) => valueAt(row, column, 2))].join(','),
  );
  const contents = { channels: { train: { 'a.csv': `${table.join('\n')}\n` } } };

  /** A stop that comes with the n-th look, and that no turn of the event loop shows before. */
  function stopAtLook(n: number) {
    let looks = 0;
    return {
      get requested() {
        return ++looks >= n;
      },
      check: async () => looks >= n,
      signal: new AbortController().signal,
    };
  }

  it.each([
    ['rows are read', {}, 1, 'after 0 rows of channel "train"'],
    ['rows are summed', {}, 2, 'while its rows were read'],
    ['coefficients are solved for', {}, 20, 'while its coefficients were solved for'],
    ['ridge is solved for', { method: 'ridge', l2: '1' }, 20, 'while its coefficients were solved for'],
    ['elastic net is solved for', { method: 'elastic-net', l1: '1' }, 20, 'while its coefficients were solved for'],
  ])('ends the job during %s', async (_, hyperparameters, looks, place) => {
    const { root, exitCode, failure, model } = await runTraining(
      linearRegression,
      { ...contents, hyperparameters },
      stopAtLook(looks),
    );
    root.remove();

    expect(exitCode).toBe(1);
    expect(failure).toBe(
      `ClientError: The job was stopped ${place}, before there was a model. Give it more time, or less data.`,
    );
    expect(model.size).toBe(0);
  });

  it('that was not requested is not reported', () => {
    expect(() => createLook({ requested: false }, 'it worked')(1)).not.toThrow();
  });
});
