import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetrics, METRIC_KINDS } from '../../src/evaluation/index.js';
import { createObjective, type ObjectiveName } from '../../src/objectives/index.js';

const runs = { seed: 20261121, numRuns: 150 };
const weight = fc.integer({ min: 1, max: 8 });
const prediction = fc.integer({ min: 1, max: 12 }).map((step) => step / 16); // many ties

/** Objectives that between them can be measured by every metric. */
const HOSTS: readonly ObjectiveName[] = [
  'binary:logistic',
  'multi:softprob',
  'reg:squarederror',
  'reg:quantileerror',
  'reg:expectileerror',
  'survival:aft',
  'survival:cox',
];
const classCount = 3;

function hostOf(name: string): ObjectiveName {
  const kind = METRIC_KINDS.find((candidate) => candidate.name === name)!;
  const isFit = (host: ObjectiveName) => {
    try {
      createMetrics([kind.name === 'tweedie-nloglik' ? `${name}@1.5` : name], createObjective(host, { classCount }), {
        classCount,
      });
      return true;
    } catch {
      return false;
    }
  };
  return HOSTS.find(isFit)!;
}

describe.each(METRIC_KINDS.map((kind) => kind.name))('%s', (name) => {
  const host = name === 'mape' ? 'reg:squarederror' : hostOf(name); // mape divides by the label
  const objective = createObjective(host, { classCount });
  const [metric] = createMetrics([name === 'tweedie-nloglik' ? `${name}@1.5` : name], objective, { classCount });
  const width = objective.groupCount;
  const label =
    host === 'multi:softprob'
      ? fc.nat(classCount - 1)
      : host === 'binary:logistic'
        ? fc.nat(1)
        : fc.integer({ min: 1, max: 5 });
  const isGrouped = ['ndcg', 'map', 'pre'].includes(name);
  const row = fc.tuple(label, weight, fc.uniqueArray(prediction, { minLength: width, maxLength: width }));
  // Rank metrics leave the order of equal scores open, so their scores differ.
  const rows = isGrouped
    ? fc.uniqueArray(row, { minLength: 1, maxLength: 12, selector: ([, , scores]) => scores[0] })
    : fc.array(row, { minLength: 1, maxLength: 20 });

  const evaluate = (given: readonly (readonly [number, number, readonly number[]])[], isWeighted: boolean) =>
    metric!.prepare({
      labels: Float32Array.from(given, ([y]) => y),
      ...(isWeighted && { weights: Float32Array.from(given, ([, w]) => w) }),
    })(Float32Array.from(given.flatMap(([, , scores]) => scores)));
  const expectSame = (actual: number, expected: number) => {
    if (Number.isNaN(expected)) expect(actual).toBeNaN();
    else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(expected)));
  };

  it('does not depend on the order of rows', () => {
    const shuffled = rows.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => expectSame(evaluate(other, !isGrouped), evaluate(list, !isGrouped))),
      runs,
    );
  });

  // Weights of groups and of Cox regression mean something else.
  if (!isGrouped && name !== 'cox-nloglik') {
    it('treats a weight of n like n equal rows', () => {
      fc.assert(
        fc.property(rows, (list) => {
          const repeated = list.flatMap((entry) => Array.from({ length: entry[1] }, () => entry));
          expectSame(evaluate(list, true), evaluate(repeated, false));
        }),
        runs,
      );
    });
  }

  it('is the same with all weights 1 as without weights', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const ones = list.map(([y, , scores]) => [y, 1, scores] as const);
        expectSame(evaluate(ones, !isGrouped), evaluate(ones, false));
      }),
      runs,
    );
  });
});

describe('the metric auc', () => {
  it('is the fraction of pairs in the right order, with ties as half, weighted by both rows', () => {
    const [auc] = createMetrics(['auc'], createObjective('binary:logistic'));
    const row = fc.record({ y: fc.nat(1), w: weight, p: prediction });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 25 }), (list) => {
        let sum = 0;
        let total = 0;
        for (const a of list) {
          for (const b of list) {
            if (a.y <= b.y) continue;
            total += a.w * b.w;
            sum += a.w * b.w * (a.p > b.p ? 1 : a.p === b.p ? 0.5 : 0);
          }
        }
        const actual = auc!.prepare({
          labels: Float32Array.from(list, ({ y }) => y),
          weights: Float32Array.from(list, ({ w }) => w),
        })(Float32Array.from(list, ({ p }) => p));
        if (total === 0) expect(actual).toBeNaN();
        else expect(actual).toBeCloseTo(sum / total, 12);
      }),
      runs,
    );
  });

  it('treats a fractional label as a positive and a negative row that share the weight', () => {
    const [auc, aucpr] = createMetrics(['auc', 'aucpr'], createObjective('reg:logistic'));
    const row = fc.record({ y: fc.integer({ min: 0, max: 4 }).map((step) => step / 4), p: prediction });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 25 }), (list) => {
        const predictions = Float32Array.from(list, ({ p }) => p);
        const labels = Float32Array.from(list, ({ y }) => y);
        const twice = Float32Array.from([...predictions, ...predictions]);
        const split = {
          labels: Float32Array.from({ length: 2 * list.length }, (_, i) => (i < list.length ? 1 : 0)),
          weights: Float32Array.from([...labels, ...labels.map((y) => 1 - y)]),
        };
        for (const metric of [auc!, aucpr!]) {
          const expected = metric.prepare(split)(twice);
          const actual = metric.prepare({ labels })(predictions);
          if (Number.isNaN(expected)) expect(actual).toBeNaN();
          else expect(actual).toBeCloseTo(expected, 10);
        }
      }),
      runs,
    );
  });
});
