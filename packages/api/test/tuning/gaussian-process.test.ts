import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { factorize, invert, logDeterminant, solve } from '../../src/tuning/gaussian-process/cholesky.js';
import { fitKernel } from '../../src/tuning/gaussian-process/fit.js';
import { matern52, squaredDistance } from '../../src/tuning/gaussian-process/kernel.js';
import { marginalLikelihood } from '../../src/tuning/gaussian-process/marginal-likelihood.js';
import { posterior, predict, predictGradient, predictJointly } from '../../src/tuning/gaussian-process/posterior.js';

/** Written by fixtures/make-gaussian-process.py with scikit-learn. */
const fixture: {
  lengthScales: number[];
  variance: number;
  noise: number;
  points: number[][];
  values: number[];
  queries: number[][];
  means: number[];
  covariance: number[][];
  likelihood: number;
  likelihoodGradient: number[];
  matern: [number, number][];
} = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', 'gaussian-process.json'), 'utf8'));

const kernel = {
  lengthScales: Float64Array.from(fixture.lengthScales),
  variance: fixture.variance,
  noise: fixture.noise,
};
const numeric = Array.from({ length: 3 }, () => ({ isCategorical: false }));
const points = fixture.points.map((point) => Float64Array.from(point));
const values = Float64Array.from(fixture.values);
const model = posterior(numeric, kernel, points, [values]);

describe('a Gaussian process', () => {
  it('has the Matérn 5/2 covariance that scikit-learn has', () => {
    for (const [distance, covariance] of fixture.matern) {
      expect(matern52(distance * distance, 1)).toBeCloseTo(covariance, 14); // the same formula in float64
    }
  });

  it('predicts the means and covariances that scikit-learn predicts', () => {
    const queries = fixture.queries.map((query) => Float64Array.from(query));

    const joint = predictJointly(model, queries);

    for (const [row, query] of queries.entries()) {
      // Both solve by Cholesky in float64; the condition number is about 10⁴.
      expect(joint.means[row]).toBeCloseTo(fixture.means[row]!, 10);
      expect(predict(model, query).means[0]).toBeCloseTo(fixture.means[row]!, 10);
      expect(predict(model, query).deviation ** 2).toBeCloseTo(fixture.covariance[row]![row]!, 10);
      for (let column = 0; column <= row; column++) {
        expect(joint.covariance[row * queries.length + column]).toBeCloseTo(fixture.covariance[row]![column]!, 10);
      }
    }
  });

  it('has the marginal likelihood and gradient that scikit-learn has', () => {
    const likelihood = marginalLikelihood(numeric, { points, values })(kernel)!;

    expect(likelihood.value).toBeCloseTo(fixture.likelihood, 9);
    for (const [i, slope] of fixture.likelihoodGradient.entries()) expect(likelihood.gradient[i]).toBeCloseTo(slope, 8);
  });

  it('predicts gradients that agree with differences of its predictions', () => {
    const query = Float64Array.from(fixture.queries[1]!);
    const step = 1e-5;

    const { meanGradients, deviationGradient } = predictGradient(model, query);

    for (let j = 0; j < query.length; j++) {
      const [after, before] = [step, -step].map((move) =>
        predict(
          model,
          query.map((coordinate, k) => (k === j ? coordinate + move : coordinate)),
        ),
      );
      // Central differences are exact to the square of the step, about 10⁻⁹ here.
      expect((after!.means[0]! - before!.means[0]!) / (2 * step)).toBeCloseTo(meanGradients[0]![j]!, 7);
      expect((after!.deviation - before!.deviation) / (2 * step)).toBeCloseTo(deviationGradient[j]!, 7);
    }
  });

  it('counts a category as one-hot vectors at distance 1', () => {
    const dimensions = [{ isCategorical: true }, { isCategorical: false }];
    const scales = { ...kernel, lengthScales: Float64Array.of(0.5, 2) };
    const distance = (a: number[], b: number[]) =>
      squaredDistance(dimensions, scales, Float64Array.from(a), Float64Array.from(b));

    expect(distance([0, 1], [3, 1])).toBe(4);
    expect(distance([3, 1], [1, 0])).toBe(4.25);
    expect(distance([2, 0.5], [2, 0.5])).toBe(0);
  });

  it('is not stopped by equal points: jitter makes their matrix positive definite', () => {
    const same = Array.from({ length: 20 }, () => Float64Array.of(0.5, 0.5, 0.5));

    const { means, deviation } = predict(
      posterior(numeric, { ...kernel, noise: 1e-300 }, same, [new Float64Array(20).fill(0.7)]),
      same[0]!,
    );

    expect(means[0]).toBeCloseTo(0.7, 5); // jitter of 10⁻⁸ of the variance shrinks the mean by as much
    expect(deviation).toBeLessThan(0.001);
  });
});

describe('the fit of a kernel', () => {
  const random = createRandom(3);
  const many = Array.from({ length: 40 }, () => Float64Array.from({ length: 3 }, () => random.uniform()));
  const options = { starts: 2, maxIterations: 50 };

  it('gives a dimension that matters a short length scale and one that does not a long one', () => {
    const wave = Float64Array.from(many, (point) => Math.SQRT2 * Math.sin(8 * point[1]!));

    const { lengthScales, noise } = fitKernel(numeric, { points: many, values: wave }, createRandom(1), options);

    expect(lengthScales[1]!).toBeLessThan(lengthScales[0]! / 3);
    expect(lengthScales[1]!).toBeLessThan(lengthScales[2]! / 3);
    expect(noise).toBeLessThan(1e-3);
  });

  it('finds noise where values have nothing to do with points', () => {
    const drawn = Float64Array.from(many, () => 3.4 * (random.uniform() - 0.5));

    const { noise } = fitKernel(numeric, { points: many, values: drawn }, createRandom(1), options);

    expect(noise).toBeGreaterThan(0.1);
  });
});

describe('a Cholesky factor', () => {
  const matrix = Float64Array.from([4, 0, 0, 2, 5, 0, -2, 1, 6]);

  it('solves, inverts and gives the determinant of its matrix', () => {
    const factor = factorize(matrix, 3)!;

    // By Cramer's rule: the determinant is 4·(30 − 1) − 2·(12 + 2) − 2·(2 + 10) = 64.
    expect(Math.exp(logDeterminant(factor))).toBeCloseTo(64, 12);
    const x = solve(factor, Float64Array.of(4, 8, 5));
    expect([4 * x[0]! + 2 * x[1]! - 2 * x[2]!, 2 * x[0]! + 5 * x[1]! + x[2]!, -2 * x[0]! + x[1]! + 6 * x[2]!]).toEqual([
      expect.closeTo(4, 12),
      expect.closeTo(8, 12),
      expect.closeTo(5, 12),
    ]);
    const adjugate = [29, 0, 0, -14, 20, 0, 12, -8, 16];
    for (const [i, minor] of adjugate.entries()) expect(invert(factor)[i]).toBeCloseTo(minor / 64, 14);
  });

  it('does not exist for a matrix that is not positive definite', () => {
    expect(factorize(Float64Array.from([1, 0, 2, 1]), 2)).toBeUndefined();
    expect(factorize(Float64Array.from([Number.NaN]), 1)).toBeUndefined();
  });
});
