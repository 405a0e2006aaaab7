import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMetrics, METRIC_KINDS } from '../../src/evaluation/index.js';
import { createObjective } from '../../src/objectives/index.js';
import { float32, type ObjectiveCase, parametersOf, rowsOf } from '../objectives/fixture.js';

/** What real XGBoost and scikit-learn measured (peers/metric_fixtures.py); null is NaN, which JSON lacks. */
interface MetricCase extends ObjectiveCase {
  readonly values: Readonly<Record<string, number | null>>;
  readonly default: readonly (readonly [string, number | null])[];
}

const path = new URL('../fixtures/metrics.json', import.meta.url);
const cases: readonly MetricCase[] = JSON.parse(readFileSync(path, 'utf8')).cases;

function expectValue(actual: number, expected: number | null, name: string) {
  if (expected === null) {
    expect(actual, name).toBeNaN();
    return;
  }
  // XGBoost takes each row's loss in float32, sums in float64.
  expect(Math.abs(actual - expected), `${name}: ${actual} instead of ${expected}`).toBeLessThanOrEqual(
    1e-6 * Math.max(Math.abs(expected), 1e-3),
  );
}

describe.each(cases.map((given) => [given.name, given] as const))('%s', (_, given) => {
  const parameters = parametersOf(given);
  const objective = createObjective(given.objective, parameters);
  const rows = rowsOf(given);
  const predictions = objective.transformForMetrics(float32(given.margins));

  it.each(Object.entries(given.values))('computes %s like XGBoost', (name, expected) => {
    const [metric] = createMetrics([name], objective, parameters);

    metric!.checkRows(rows);
    expect(metric!.name).toBe(name);
    expectValue(metric!.prepare(rows)(predictions), expected, name);
  });

  it("reports XGBoost's default metric if none is set", () => {
    const [name, expected] = given.default[0]!;

    const metrics = createMetrics([], objective, parameters);

    expect(metrics.map((metric) => metric.name)).toEqual([name]);
    expectValue(metrics[0]!.prepare(rows)(predictions), expected, name);
  });
});

it('every metric is compared with XGBoost', () => {
  const compared = new Set(
    cases.flatMap((given) => Object.keys(given.values)).map((name) => name.replace(/@.*|-$/, '')),
  );

  expect(METRIC_KINDS.map((kind) => kind.name).filter((name) => !compared.has(name))).toEqual([]);
});
