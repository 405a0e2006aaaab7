import { describe, expect, it } from 'vitest';
import { permutationImportance } from '../../src/report/evaluation/importance.js';
import { outcomeOf } from '../../src/report/evaluation/outcome.js';

/** Rows of three columns and the label 3·a − b + 0.5; c is noise. */
const features = Array.from({ length: 60 }, (_, i) => [
  String((i * 7) % 13),
  String((i * 5) % 11),
  String((i * 3) % 17),
]);
const score = (row: readonly string[]) => 3 * Number(row[0]) - Number(row[1]) + 0.5;
const holdOut = {
  ...{ path: 'rows.csv', channel: undefined, task: undefined, isPart: false },
  ...{ features, labels: features.map((row) => String(score(row))) },
};
const predict = async (rows: readonly (readonly string[])[]) => rows.map((row) => ({ score: score(row) }));

describe('permutation importance', () => {
  it('is nothing for a column without effect, and for others what shuffling must cost', async () => {
    const outcome = outcomeOf(holdOut, await predict(features));

    const { loss, baseline, repeats, rows, features: found } = await permutationImportance(holdOut, outcome, predict);

    expect({ loss, baseline, repeats, rows }).toEqual({ loss: 'RMSE', baseline: 0, repeats: 5, rows: 60 });
    const [a, b, c] = found;
    expect(c).toEqual({ increase: 0, deviation: 0 });
    // Two independent draws of a column differ by √2 standard deviations; a shuffle of 60 rows comes within a fifth of it.
    expect(a!.increase / (3 * Math.SQRT2 * deviationOf(0))).toBeGreaterThan(0.8);
    expect(a!.increase / (3 * Math.SQRT2 * deviationOf(0))).toBeLessThan(1.2);
    expect(b!.increase / (Math.SQRT2 * deviationOf(1))).toBeGreaterThan(0.8);
    expect(b!.increase / (Math.SQRT2 * deviationOf(1))).toBeLessThan(1.2);
  });

  it('is the same for the same model', async () => {
    const outcome = outcomeOf(holdOut, await predict(features));

    const [first, second] = [
      await permutationImportance(holdOut, outcome, predict),
      await permutationImportance(holdOut, outcome, predict),
    ];

    expect(second).toEqual(first);
  });

  it('is measured by mistakes where only classes are predicted', async () => {
    const classOf = (row: readonly string[]) => (Number(row[0]) > 6 ? 'high' : 'low');
    const classes = { ...holdOut, labels: features.map(classOf) };
    const name = async (rows: readonly (readonly string[])[]) => rows.map((row) => ({ label: classOf(row) }));

    const found = await permutationImportance(classes, outcomeOf(classes, await name(features)), name);

    expect(found.loss).toBe('error rate');
    expect(found.features[0]!.increase).toBeGreaterThan(0.3); // half of the rows are high: a shuffle misses about half
    expect(found.features[1]!.increase).toBe(0);
  });

  it('is measured by mistakes for a model that is certain of each row it knows, and unsure of others', async () => {
    const known = new Map(features.map((row, i) => [row.join(), i % 2]));
    const classes = { ...holdOut, labels: features.map((_, i) => String(i % 2)) };
    const nearest = async (rows: readonly (readonly string[])[]) =>
      rows.map((row) => ({ score: known.get(row.join()) ?? 0.4 }));

    const found = await permutationImportance(classes, outcomeOf(classes, await nearest(features)), nearest);

    expect(found).toMatchObject({ loss: 'error rate', baseline: 0 });
    for (const { increase } of found.features) {
      expect(increase).toBeGreaterThan(0.25); // rows that are not known are class 0, and few shuffled ones are known
      expect(increase).toBeLessThanOrEqual(0.5); // the share of class 1; log loss would be about 0.7
    }
  });
});

function deviationOf(column: number): number {
  const values = features.map((row) => Number(row[column]));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
