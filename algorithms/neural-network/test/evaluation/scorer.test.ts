/** Metrics against their definitions, written out in float64 from probabilities. */
import { oneHost } from '@algo/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScorer, isBetter, metricsOf, type ScorerOptions } from '../../src/evaluation/index.js';

const RUNS = { seed: 20261121, numRuns: 200 };
const base: ScorerOptions = { task: 'regression', outputCount: 1, outputScaling: undefined, classWeights: undefined };
const mean = (values: readonly number[], weights: readonly number[]) =>
  values.reduce((sum, value, i) => sum + value * weights[i]!, 0) / weights.reduce((sum, weight) => sum + weight, 0);
const logit = fc.integer({ min: -160, max: 160 }).map((eighths) => eighths / 8);
const weightOf = fc.integer({ min: 1, max: 4 });

/** Scores of all rows together, and of the same rows in two parts. */
function scoresOf(
  options: ScorerOptions,
  outputs: Float32Array,
  labels: readonly number[],
  weights: readonly number[],
) {
  const rows = { labels, weights };
  const count = weights.length;
  const whole = createScorer(options);
  whole.add(outputs, rows, 0, count);
  const cut = count >> 1;
  const parts = createScorer(options);
  parts.add(outputs.subarray(0, cut * options.outputCount), rows, 0, cut);
  parts.add(outputs.subarray(cut * options.outputCount), rows, cut, count - cut);
  expect(parts.scores(oneHost())).toEqual(whole.scores(oneHost()));
  return whole.scores(oneHost());
}

describe('the metrics of a network', () => {
  it('for two classes follow their definitions', () => {
    const row = fc.record({ logit, label: fc.integer({ min: 0, max: 1 }), weight: weightOf });

    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const classWeights = Float64Array.of(1, 2.5);
        const labels = rows.map(({ label }) => label);
        const weights = rows.map(({ weight }) => weight);
        const outputs = Float32Array.from(rows, (own) => own.logit);

        const scores = scoresOf({ ...base, task: 'binary', classWeights }, outputs, labels, weights);

        const probability = Array.from(outputs, (z) => 1 / (1 + Math.exp(-z)));
        const losses = labels.map((y, i) => -Math.log(y === 1 ? probability[i]! : 1 - probability[i]!));
        const lossWeights = labels.map((y, i) => weights[i]! * classWeights[y]!);
        const right = labels.map((y, i) => Number((probability[i]! > 0.5 ? 1 : 0) === y));
        // 1 − p loses digits where p is near 1: 2e-9 below is 16 at e^-20.
        expect(scores.loss).toBeCloseTo(mean(losses, lossWeights), 6);
        expect(scores.accuracy).toBeCloseTo(mean(right, weights), 12);
      }),
      RUNS,
    );
  });

  it('for several classes follow their definitions', () => {
    const row = fc.record({
      logits: fc.tuple(logit, logit, logit),
      label: fc.integer({ min: 0, max: 2 }),
      weight: weightOf,
    });

    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const labels = rows.map(({ label }) => label);
        const weights = rows.map(({ weight }) => weight);
        const outputs = Float32Array.from(rows.flatMap(({ logits }) => logits));

        const scores = scoresOf({ ...base, task: 'multiclass', outputCount: 3 }, outputs, labels, weights);

        const losses = rows.map(({ logits, label }) => {
          const exponentials = logits.map((z) => Math.exp(z));
          return -Math.log(exponentials[label]! / exponentials.reduce((sum, e) => sum + e, 0));
        });
        const right = rows.map(({ logits, label }) => Number(logits.indexOf(Math.max(...logits)) === label));
        expect(scores.loss).toBeCloseTo(mean(losses, weights), 9);
        expect(scores.accuracy).toBeCloseTo(mean(right, weights), 12);
      }),
      RUNS,
    );
  });

  it('for regression: errors are in the labels’ units, the loss in standardized ones', () => {
    const outputScaling = { means: Float64Array.of(7, -1), deviations: Float64Array.of(2, 10) };
    const options = { ...base, outputCount: 2, outputScaling };

    const scores = scoresOf(options, Float32Array.of(1, 2, 0, 0.5), [0, 2, 0, 0], [1, 3]);

    // Row 0 is off by 1 and 0, row 1 by 0 and 0.5: 2 and 0, 0 and 5 in units of the labels.
    expect(scores.loss).toBeCloseTo((1 * 0.5 + 3 * 0.125) / 4, 12);
    expect(scores.rmse).toBeCloseTo(Math.sqrt((1 * 2 + 3 * 12.5) / 4), 12);
    expect(scores.mae).toBeCloseTo((1 * 1 + 3 * 2.5) / 4, 12);
  });

  it('stay finite if a probability rounds to 0 or 1', () => {
    const binary = scoresOf({ ...base, task: 'binary' }, Float32Array.of(500, -500), [0, 1], [1, 1]);
    const classes = scoresOf({ ...base, task: 'multiclass', outputCount: 2 }, Float32Array.of(500, -500), [1], [1]);

    expect(binary.loss).toBe(500);
    expect(classes.loss).toBe(1000);
  });

  it('depend on the task, and know whether larger or smaller is better', () => {
    expect(metricsOf('regression')).toEqual(['loss', 'rmse', 'mae']);
    expect(metricsOf('binary')).toEqual(['loss', 'accuracy', 'auc']);
    expect(metricsOf('multiclass')).toEqual(['loss', 'accuracy']);
    expect([isBetter('loss', 1, 2), isBetter('auc', 1, 2), isBetter('loss', 2, 2)]).toEqual([true, false, false]);
  });
});

it('the area under the curve of more rows than 32 bits can number is refused on all hosts', () => {
  const scorer = createScorer({ ...base, task: 'binary' });
  scorer.add(Float32Array.of(1, -1), { labels: [1, 0], weights: undefined }, 0, 2);
  let calls = 0;
  /** The first call sums losses and weights, the second one rows. */
  const sum = (values: { [index: number]: number | bigint }) => {
    if (calls++ === 1) values[0] = 2 ** 32 + 1;
  };

  expect(() => scorer.scores({ ...oneHost(), size: 2, sum })).toThrow(
    'The area under the curve of all hosts is of at most 4294967295 rows; received 4294967297. Use fewer rows.',
  );
});
