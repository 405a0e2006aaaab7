/**
 * The stored outputs of linear regression, which its own program wrote, against least squares by another way: normal
 * equations of standardised columns, solved by elimination.
 */
import { describe, expect, it } from 'vitest';
import { lines, npyRows, numbers, openCommitted } from './committed-sample.ts';

const { read, bytes, realTime, batchRows, batch, batchOf } = openCommitted('linear-regression');
const profile = JSON.parse(read('validation-profile.json')) as { realTime: { expectedOutput: string }[] };
interface Score {
  readonly score: number;
}

const batchScores = batch().map(([score]) => score!);

describe('stored outputs of linear regression', () => {
  it('of batch are the least squares predictions of the training rows', () => {
    const predict = leastSquares(numbers(read('train/train.csv')));

    const expected = numbers(batchRows().join('\n')).map(predict);

    expect(batchScores).toHaveLength(34);
    // Standardised columns have a condition number below 10, so normal equations lose two of 16 digits.
    for (const [i, score] of batchScores.entries()) expect(Math.abs(score / expected[i]! - 1)).toBeLessThan(1e-12);
  });

  it('in real time have the scores of the same rows in batch, to the last digit in every format', () => {
    const scores = profile.realTime.flatMap(({ expectedOutput }) => scoresOf(expectedOutput));

    expect(scores).toEqual([...batchScores.slice(0, 26), ...batchScores.slice(0, 4)]);
  });

  it('of batch have the same scores in JSON, JSON Lines and .npy', () => {
    const json = batchOf('json/*.json').flatMap((text) => (JSON.parse(text) as { predictions: Score[] }).predictions);
    const jsonLines = batchOf('jsonlines/*.jsonl').flatMap((text) =>
      lines(text).map((line) => JSON.parse(line) as Score),
    );

    expect(json.map(({ score }) => score)).toEqual(batchScores.slice(0, 12));
    expect(jsonLines.map(({ score }) => score)).toEqual(batchScores.slice(0, 12));
    const npy = ['input', 'more'].flatMap((part) =>
      npyRows(bytes(`inference/batch-by-type-output/npy/${part}.npy.out`)),
    );
    expect(npy.map(([score]) => score)).toEqual(batchScores.slice(0, 12));
  });

  it('have prediction intervals around the score that are wider than the residual deviation alone', () => {
    const rows = numbers(realTime('04.csv'));

    expect(rows).toHaveLength(2);
    for (const [score, lower, upper] of rows) {
      expect(score! - lower!).toBeCloseTo(upper! - score!, 9); // Student's interval is symmetric
      expect(upper! - score!).toBeGreaterThan(1.96 * 287.58); // the normal quantile times the training error
    }
  });
});

// --- internal ---

function scoresOf(path: string): readonly number[] {
  if (path.endsWith('.npy')) return npyRows(bytes(path)).map(([score]) => score!);
  const text = read(path);
  if (path.endsWith('.csv')) return numbers(text).map(([score]) => score!);
  const predictions = path.endsWith('.jsonl')
    ? lines(text).map((line) => JSON.parse(line) as { score: number })
    : (JSON.parse(text) as { predictions: { score: number }[] }).predictions;
  return predictions.map(({ score }) => score);
}

/** The prediction function of the least squares fit with intercept. @param rows label first */
function leastSquares(rows: readonly (readonly number[])[]): (features: readonly number[]) => number {
  const columns = rows[0]!.map((_, j) => rows.map((row) => row[j]!));
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / rows.length);
  const deviations = columns.map((column, j) => Math.hypot(...column.map((value) => value - means[j]!)));
  const standard = columns.map((column, j) => column.map((value) => (value - means[j]!) / deviations[j]!));
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const [target, ...features] = standard;
  const weights = eliminate(features.map((left) => [...features.map((right) => dot(left, right)), dot(left, target!)]));
  return (row) =>
    means[0]! +
    deviations[0]! * weights.reduce((sum, w, j) => sum + (w * (row[j]! - means[j + 1]!)) / deviations[j + 1]!, 0);
}

/** Solves the system [n × (n + 1)] by Gauss–Jordan elimination; its matrix is positive definite, so no row is swapped. */
function eliminate(system: number[][]): number[] {
  for (const [k, pivotRow] of system.entries()) {
    const pivot = pivotRow[k]!;
    for (let j = k; j < pivotRow.length; j++) pivotRow[j] = pivotRow[j]! / pivot;
    for (const [i, row] of system.entries()) {
      if (i === k) continue;
      const factor = row[k]!;
      for (let j = k; j < row.length; j++) row[j] = row[j]! - factor * pivotRow[j]!;
    }
  }
  return system.map((row) => row.at(-1)!);
}
