import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createGram } from '../src/gram.js';
import { fitLeastSquares } from '../src/least-squares.js';

interface Certified {
  readonly intercept: boolean;
  readonly degree: number | null;
  readonly observations: number;
  readonly coefficients: readonly string[];
  readonly standardErrors: readonly string[];
  readonly residualStandardDeviation: string;
  readonly rSquared: string;
}

const folder = new URL('./nist/', import.meta.url);
const certified: Record<string, Certified> = JSON.parse(readFileSync(new URL('certified.json', folder), 'utf8'));

/** Correct digits; of a certified 0, the digits before the first wrong one of the absolute value. At most 15. */
function correctDigits(estimate: number, value: string): number {
  const truth = Number(value);
  const error = truth === 0 ? Math.abs(estimate) : Math.abs(estimate - truth) / Math.abs(truth);
  return Math.min(15, error === 0 ? 15 : -Math.log10(error));
}

function fit(name: string, problem: Certified) {
  const lines = readFileSync(new URL(`${name}.csv`, folder), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const rows = lines.map((line) => line.split(',').map(Number));
  const gram = createGram({ featureCount: rows[0]!.length - 1, degree: problem.degree ?? 1 });
  gram.addBlock({
    rows: rows.length,
    features: Float64Array.from(rows.flatMap((row) => row.slice(1))),
    labels: Float64Array.from(rows.map((row) => row[0]!)),
  });
  return fitLeastSquares(gram.sums(), { hasIntercept: problem.intercept });
}

describe('the eleven linear problems of NIST StRD', () => {
  it.each(Object.entries(certified))('%s: at least 13 correct digits everywhere', (name, problem) => {
    const result = fit(name, problem);

    expect(result.rows).toBe(problem.observations);
    problem.coefficients.forEach((value, i) => {
      expect(correctDigits(result.coefficients[i]!, value), `coefficient ${i}`).toBeGreaterThanOrEqual(13);
    });
    problem.standardErrors.forEach((value, i) => {
      const digits = correctDigits(result.inference!.standardErrors[i]!, value);
      expect(digits, `standard error ${i}`).toBeGreaterThanOrEqual(13);
    });
    const deviation = correctDigits(result.inference!.residualStandardDeviation, problem.residualStandardDeviation);
    expect(deviation, 'residual standard deviation').toBeGreaterThanOrEqual(13);
    expect(correctDigits(result.rSquared, problem.rSquared), 'R squared').toBeGreaterThanOrEqual(13);
  });
});
