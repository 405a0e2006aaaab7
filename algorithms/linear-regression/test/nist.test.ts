import { readFileSync } from 'node:fs';
import { runTraining } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { linearRegression } from '../src/algorithm.js';
import type { LinearSummary } from '../src/model/summary.js';

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

/** A training job on the file without its header line; what it writes to summary.json. */
async function train(name: string, { degree, intercept }: Certified): Promise<LinearSummary> {
  const lines = readFileSync(new URL(`${name}.csv`, folder), 'utf8').split('\n');
  const { root } = await runTraining(linearRegression, {
    hyperparameters: { polynomial_degree: String(degree ?? 1), fit_intercept: String(intercept) },
    channels: { train: { [`${name}.csv`]: lines.slice(1).join('\n') } },
  });
  try {
    return JSON.parse(readFileSync(`${root.paths.outputData}/summary.json`, 'utf8'));
  } finally {
    root.remove();
  }
}

describe('the eleven linear problems of NIST StRD', () => {
  it.each(Object.entries(certified))('%s: at least 13 correct digits in every value', async (name, problem) => {
    const summary = await train(name, problem);

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
  });
});
