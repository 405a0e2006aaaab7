import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../src/log.js';
import { definedValues, historyReport } from '../../src/training/history.js';
import { createMetricsWriter, metricRegex } from '../../src/training/metrics.js';

const definitions = {
  'train:rmse': { goal: 'minimize', description: 'Error.' },
  'validation:rmse': { goal: 'minimize', description: 'Error.' },
  'validation:ndcg@10': { goal: 'maximize', description: 'Rank.' },
} as const;

it('writes lines in which each derived expression finds its own value and no other', () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });

  fc.assert(
    fc.property(value, value, value, (train, validation, ndcg) => {
      const log = memoryLog();
      const metrics = createMetricsWriter(definitions, log);
      metrics.write({ 'train:rmse': train, 'validation:rmse': validation, 'validation:ndcg@10': ndcg }, { round: 3 });

      const found = Object.keys(definitions).map((name) =>
        Number(new RegExp(metricRegex(name)).exec(log.lines[0]!)?.[1]),
      );

      expect(found).toEqual([train, validation, ndcg].map((number) => Number(number.toPrecision(8))));
    }),
    { seed: 2 },
  );
});

it('puts the step before the metrics, on one line without a tab', () => {
  const log = memoryLog();

  createMetricsWriter(definitions, log).write({ 'train:rmse': 0.4312, 'validation:rmse': 0.448 }, { round: 10 });

  expect(log.lines).toEqual(['round=10 train:rmse=0.4312 validation:rmse=0.448']);
});

it('refuses a metric that is not declared', () => {
  const metrics = createMetricsWriter(definitions, memoryLog());

  expect(() => metrics.write({ 'train:mae': 1 })).toThrow('Metric "train:mae" is not declared');
});

it('refuses a value that SageMaker cannot read', () => {
  const metrics = createMetricsWriter(definitions, memoryLog());

  expect(() => metrics.write({ 'train:rmse': Number.NaN })).toThrow(
    'Metric "train:rmse" must be finite; received NaN.',
  );
});

describe('an entry of a history', () => {
  it('is one line, what is not declared first', () => {
    const log = memoryLog();

    createMetricsWriter(definitions, log).writeEntry({
      epoch: 3,
      'train:rmse': 0.5,
      'train:error@0.7': 0.25,
      rate: 0.1,
    });

    expect(log.lines).toEqual(['epoch=3 train:error@0.7=0.25 rate=0.1 train:rmse=0.5']);
  });

  it('without a metric has no line', () => {
    const log = memoryLog();

    createMetricsWriter(definitions, log).writeEntry({ round: 3 });

    expect(log.lines).toEqual([]);
  });

  it('leaves out values that the rows do not define, and the log says once which', () => {
    const log = memoryLog();
    const metrics = createMetricsWriter(definitions, log);

    metrics.writeEntry({ round: 0, 'train:rmse': 1, 'validation:rmse': Number.NaN });
    metrics.writeEntry({ round: 1, 'train:rmse': 1, 'validation:rmse': Number.NaN });

    expect(log.lines).toEqual([
      'validation:rmse: not defined for these rows (are they all of one class?), so not reported',
      'round=0 train:rmse=1',
      'round=1 train:rmse=1',
    ]);
  });
});

it('a history is reported as JSON, one object per entry', () => {
  const history = [{ round: 0, 'train:rmse': 1.5 }, definedValues({ round: 1, 'train:rmse': Number.NaN })];

  expect(historyReport(history)).toBe(`${JSON.stringify(history, null, 2)}\n`);
  expect(history[1]).toEqual({ round: 1 });
});
