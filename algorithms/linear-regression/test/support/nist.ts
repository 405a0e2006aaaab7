/** The eleven linear problems of NIST's Statistical Reference Datasets, and the digits of a result that are right. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { LinearSummary } from '../../src/model/summary.js';

export interface Certified {
  readonly intercept: boolean;
  readonly degree: number | null;
  readonly observations: number;
  readonly coefficients: readonly string[];
  readonly standardErrors: readonly string[];
  readonly residualStandardDeviation: string;
  readonly rSquared: string;
}

const folder = new URL('../nist/', import.meta.url);
export const certified: Record<string, Certified> = JSON.parse(readFileSync(new URL('certified.json', folder), 'utf8'));

/** Rows of a problem as lines of CSV, the label first. */
export function linesOf(name: string): readonly string[] {
  return readFileSync(new URL(`${name}.csv`, folder), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
}

export function hyperparametersOf({ degree, intercept }: Certified): Readonly<Record<string, string>> {
  return { polynomial_degree: String(degree ?? 1), fit_intercept: String(intercept) };
}

/** Correct digits; of a certified 0, the digits before the first wrong one of the absolute value. At most 15. */
function correctDigits(estimate: number, value: string): number {
  const truth = Number(value);
  const error = truth === 0 ? Math.abs(estimate) : Math.abs(estimate - truth) / Math.abs(truth);
  return Math.min(15, error === 0 ? 15 : -Math.log10(error));
}

/** Every value of the summary has at least 13 correct digits. */
export function expectCertified(summary: LinearSummary, problem: Certified): void {
  expect(summary.rows).toBe(problem.observations);
  expect(summary.coefficients).toHaveLength(problem.coefficients.length);
  problem.coefficients.forEach((value, i) => {
    const digits = correctDigits(summary.coefficients[i]!.estimate, value);
    expect(digits, `coefficient ${i}`).toBeGreaterThanOrEqual(13);
  });
  problem.standardErrors.forEach((value, i) => {
    const digits = correctDigits(summary.coefficients[i]!.standardError!, value);
    expect(digits, `standard error ${i}`).toBeGreaterThanOrEqual(13);
  });
  const deviation = correctDigits(summary.residualStandardDeviation!, problem.residualStandardDeviation);
  expect(deviation, 'residual standard deviation').toBeGreaterThanOrEqual(13);
  expect(correctDigits(summary.rSquared, problem.rSquared), 'R squared').toBeGreaterThanOrEqual(13);
}
