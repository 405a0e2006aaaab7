import { describe, expect, it } from 'vitest';
import { createScorer } from '../../src/evaluation/scorer.js';

function scoresOf(rows: readonly (readonly [prediction: number, label: number, weight?: number])[]) {
  const scorer = createScorer();
  for (const [prediction, label, weight = 1] of rows) scorer.add(prediction, label, weight);
  return scorer.scores();
}

describe('the scores of a model', () => {
  it('follow their definitions', () => {
    const { rmse, mae, r2 } = scoresOf([
      [1, 2],
      [3, 3],
      [5, 2],
      [0, 1],
    ]);

    // errors -1, 0, 3, -1; labels 2, 3, 2, 1 about their mean 2
    expect(rmse).toBeCloseTo(Math.sqrt(11 / 4), 15);
    expect(mae).toBeCloseTo(5 / 4, 15);
    expect(r2).toBeCloseTo(1 - 11 / 2, 14);
  });

  it('treat a weight of 2 like two rows and 0 like none', () => {
    const weighted = scoresOf([
      [1, 2, 2],
      [3, 1, 1],
      [99, 0, 0],
    ]);
    const repeated = scoresOf([
      [1, 2],
      [1, 2],
      [3, 1],
    ]);

    expect(weighted.rmse).toBeCloseTo(repeated.rmse, 15);
    expect(weighted.mae).toBeCloseTo(repeated.mae, 15);
    expect(weighted.r2).toBeCloseTo(repeated.r2, 14);
  });

  it('for equal labels are 1 without errors and 0 with errors', () => {
    expect(
      scoresOf([
        [4, 4],
        [4, 4],
      ]).r2,
    ).toBe(1);
    expect(
      scoresOf([
        [4, 4],
        [5, 4],
      ]).r2,
    ).toBe(0);
  });

  it('for equal labels are 0 with errors whatever the weights are', () => {
    expect(
      scoresOf([
        [4, 0.75, 3.8],
        [4, 0.75, 0.3],
      ]).r2,
    ).toBe(0);
  });

  it('keep their digits with a large mean', () => {
    const r2 = scoresOf([
      [1e9 + 1, 1e9],
      [1e9 + 1, 1e9 + 2],
      [1e9 + 4, 1e9 + 4],
    ]).r2;

    expect(r2).toBeCloseTo(1 - 2 / 8, 12);
  });
});
