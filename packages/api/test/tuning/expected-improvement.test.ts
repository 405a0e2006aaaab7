import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { logExpectedImprovement, millsRatio } from '../../src/tuning/bayesian/expected-improvement.js';

/** Written by fixtures/make-gaussian-process.py with SciPy. */
const fixture: { logImprovement: [best: number, mean: number, deviation: number, value: number][] } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures', 'gaussian-process.json'), 'utf8'),
);

describe('the logarithm of expected improvement', () => {
  it("has the values that follow from SciPy's functions, also where the improvement itself underflows", () => {
    for (const [best, mean, deviation, value] of fixture.logImprovement) {
      const { value: ours } = logExpectedImprovement(best, mean, deviation);
      // Far out, both lose digits to 1 − x·M(x): 150 deviations away 10⁻¹⁶·150² remain.
      expect(Math.abs(ours - value)).toBeLessThan(1e-11 * Math.max(1, Math.abs(value)));
    }
  });

  it('has derivatives that agree with differences of its values', () => {
    const step = 1e-6;
    for (const [best, mean, deviation] of fixture.logImprovement) {
      const { byMean, byDeviation } = logExpectedImprovement(best, mean, deviation);
      const valueAt = (dm: number, ds: number) => logExpectedImprovement(best, mean + dm, deviation + ds).value;
      const differences = [
        (valueAt(step, 0) - valueAt(-step, 0)) / (2 * step),
        (valueAt(0, step) - valueAt(0, -step)) / (2 * step),
      ];
      for (const [i, exact] of [byMean, byDeviation].entries()) {
        // Differences of values of up to 10⁴ have an error of up to 10⁴·10⁻¹⁶/10⁻⁶.
        expect(Math.abs(differences[i]! - exact)).toBeLessThan(1e-5 * Math.max(1, Math.abs(exact)));
      }
    }
  });

  it('is finite and has a slope a million deviations away', () => {
    const { value, byMean } = logExpectedImprovement(0, 1e6, 1);

    // −z²/2 − log(√(2π)) − log(z²)
    expect(value).toBeCloseTo(-0.5e12 - 0.9189385332046727 - Math.log(1e12), 3);
    expect(byMean).toBeCloseTo(-1e6, 0);
  });

  it('uses a ratio of tail to density that is continuous where its method changes', () => {
    const [below, above] = [millsRatio(2.5 - 1e-9), millsRatio(2.5 + 1e-9)];

    // R(2.5) = (1 − Φ(2.5))/φ(2.5), Φ(2.5) = 0.99379033467422384
    expect(below).toBeCloseTo(0.35427, 4);
    expect(Math.abs(below - above)).toBeLessThan(1e-9);
  });
});
