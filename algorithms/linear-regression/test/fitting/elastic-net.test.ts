import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { fitElasticNet } from '../../src/fitting/elastic-net.js';
import { fitLeastSquares } from '../../src/fitting/least-squares.js';
import { elasticNets, table } from '../support/reference.js';
import { sumsOf } from '../support/table.js';

const rows = table.map(([label, , ...features]) => [label!, ...features]);
const weights = table.map((row) => row[1]!);

describe('elastic net', () => {
  it.each(elasticNets)('agrees with scikit-learn for l1 $l1 and l2 $l2', ({ l1, l2, coefficients }) => {
    const fit = fitElasticNet(sumsOf(rows), { hasIntercept: true, l1, l2 });

    coefficients.forEach((value, i) => {
      expect(fit.coefficients[i]).toBeCloseTo(value, 8); // scikit-learn stops at a duality gap
    });
    expect(fit.coefficients.map((value) => value === 0)).toEqual(coefficients.map((value) => value === 0));
  });

  it('without l1 equals ridge', () => {
    const options = { hasIntercept: true, l1: 0, l2: 2.5 };

    expect(fitElasticNet(sumsOf(rows), options)).toEqual(fitLeastSquares(sumsOf(rows), options));
  });

  it('treats a weight of 2 like two rows', () => {
    const doubled = table.flatMap(([label, , ...x], i) =>
      i % 2 === 0
        ? [
            [label!, ...x],
            [label!, ...x],
          ]
        : [[label!, ...x]],
    );
    const options = { hasIntercept: true, l1: 20, l2: 1 };
    const weighted = fitElasticNet(sumsOf(rows, { weights: rows.map((_, i) => (i % 2 === 0 ? 2 : 1)) }), options);

    expect(weighted.coefficients).toEqual(fitElasticNet(sumsOf(doubled), options).coefficients);
  });

  it.each([
    { hasIntercept: true, features: 30, l1: 40, l2: 0 },
    { hasIntercept: false, features: 30, l1: 5, l2: 3 },
    { hasIntercept: true, features: 60, l1: 8, l2: 0.5 },
  ])('satisfies the optimality conditions on random data, $features features', ({ hasIntercept, features, l1, l2 }) => {
    const random = createRandom(features).uniform;
    const data = Array.from({ length: 50 }, () => {
      const x = Array.from({ length: features }, () => Math.round(random() * 1000) / 100);
      return [Math.round((x[0]! * 3 - x[1]! + random() * 4) * 1000) / 1000, ...x];
    });
    const { coefficients } = fitElasticNet(sumsOf(data), { hasIntercept, l1, l2 });
    const [intercept, w] = hasIntercept ? [coefficients[0]!, coefficients.slice(1)] : [0, coefficients];
    const residuals = data.map(([y, ...x]) => y! - x.reduce((sum, v, j) => sum + v * w[j]!, intercept));

    if (hasIntercept) expect(residuals.reduce((sum, r) => sum + r, 0)).toBeCloseTo(0, 9);
    w.forEach((value, j) => {
      const gradient = 2 * residuals.reduce((sum, r, i) => sum + r * data[i]![j + 1]!, 0) - 2 * l2 * value;
      if (value === 0) expect(Math.abs(gradient)).toBeLessThanOrEqual(l1 * (1 + 1e-8));
      else expect(gradient).toBeCloseTo(l1 * Math.sign(value), 7); // 50 rounded terms of size 100
    });
    expect(w.filter((value) => value === 0).length).toBeGreaterThan(0);
  });

  it('gives duplicated columns together the coefficient of one', () => {
    const twins = rows.map(([y, a, b]) => [y!, a!, a!, b!]);
    const fit = fitElasticNet(sumsOf(twins), { hasIntercept: true, l1: 5, l2: 0 });
    const single = fitElasticNet(sumsOf(rows.map(([y, a, b]) => [y!, a!, b!])), { hasIntercept: true, l1: 5, l2: 0 });

    expect(fit.coefficients[1]! + fit.coefficients[2]!).toBeCloseTo(single.coefficients[1]!, 12);
  });

  it('keeps constant columns at 0', () => {
    const data = rows.map(([y, a]) => [y!, a!, 7]);
    const fit = fitElasticNet(sumsOf(data), { hasIntercept: true, l1: 1, l2: 0 });

    expect(fit.coefficients[2]).toBe(0);
    expect(fit.coefficients[1]).not.toBe(0);
  });

  it('weighted, through the origin and with a huge penalty predicts 0', () => {
    const fit = fitElasticNet(sumsOf(rows, { weights }), { hasIntercept: false, l1: 1e9, l2: 0 });

    expect(fit.coefficients).toEqual([0, 0, 0, 0]);
    expect(fit.rSquared).toBe(0);
    expect(fit.conditionNumber).toBe(1);
  });
});
