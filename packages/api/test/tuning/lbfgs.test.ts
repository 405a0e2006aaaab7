import { describe, expect, it } from 'vitest';
import { minimize } from '../../src/tuning/gaussian-process/lbfgs.js';

const unbounded = (count: number) => ({
  lower: new Float64Array(count).fill(Number.NEGATIVE_INFINITY),
  upper: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
});

/** Rosenbrock's function, whose only minimum is 0 at (1, 1). */
function rosenbrock([x, y]: Float64Array) {
  const rest = y! - x! * x!;
  return {
    value: 100 * rest * rest + (1 - x!) ** 2,
    gradient: Float64Array.of(-400 * x! * rest - 2 * (1 - x!), 200 * rest),
  };
}

describe('L-BFGS', () => {
  it("finds the minimum of Rosenbrock's function from its usual start", () => {
    const { x, value } = minimize(rosenbrock, Float64Array.of(-1.2, 1), {
      ...unbounded(2),
      ...{ maxIterations: 100, tolerance: 1e-8 },
    });

    expect(value).toBeLessThan(1e-14);
    expect(x[0]).toBeCloseTo(1, 6);
    expect(x[1]).toBeCloseTo(1, 6);
  });

  it('stops at a bound that holds the minimum off', () => {
    const bounds = { lower: Float64Array.of(-2, -2), upper: Float64Array.of(0.5, 2) };

    const { x } = minimize(rosenbrock, Float64Array.of(-1.2, 1), { ...bounds, maxIterations: 100, tolerance: 1e-8 });

    // On the bound x = ½ the rest of the function is smallest at y = x² = ¼.
    expect(x[0]).toBe(0.5);
    expect(x[1]).toBeCloseTo(0.25, 6);
  });

  it('never ends at a worse value than it began with, also where the function has no value', () => {
    const cliff = ([x]: Float64Array) => ({
      value: x! > 0.3 ? Number.NaN : -x!,
      gradient: Float64Array.of(-1),
    });

    const { x } = minimize(cliff, Float64Array.of(0), { ...unbounded(1), maxIterations: 20, tolerance: 1e-8 });

    expect(x[0]).toBeGreaterThan(0);
    expect(x[0]).toBeLessThanOrEqual(0.3);
  });
});
