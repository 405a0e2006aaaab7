/** Metrics of rows that are on several hosts: the bits of one host's, whatever rows each has. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/evaluation/index.js';
import { createObjective, type LabelledRows, type ObjectiveName } from '../../src/objectives/index.js';
import { cutsOf, divided, dividedRows, queriesOf } from '../support/divided-rows.js';
import { onHosts } from '../support/hosts.js';
import { runs } from '../support/runs.js';

const CLASSES = 3;
const parameters = { classCount: CLASSES };
const options = { seed: 20261130, numRuns: runs(25, 500), endOnFailure: true };

const METRICS: readonly [ObjectiveName, fc.Arbitrary<number>, string][] = [
  [
    'reg:squarederror',
    fc.double({ min: 0.01, max: 100, noNaN: true }).map(Math.fround),
    'rmse,mse,rmsle,mae,mape,mphe,r2,poisson-nloglik,gamma-nloglik,gamma-deviance,tweedie-nloglik@1.5',
  ],
  [
    'binary:logistic',
    fc.nat(1),
    'logloss,error,auc,aucpr,accuracy,balanced_accuracy,f1,f1_binary,precision,recall,ndcg,map,pre',
  ],
  ['reg:logistic', fc.double({ min: 0, max: 1, noNaN: true }).map(Math.fround), 'logloss,auc,aucpr'],
  ['multi:softprob', fc.nat(CLASSES - 1), 'mlogloss,merror,auc,aucpr,accuracy,f1_macro,precision_micro'],
  ['reg:quantileerror', fc.integer({ min: -9, max: 9 }), 'quantile'],
  ['reg:expectileerror', fc.integer({ min: -9, max: 9 }), 'expectile'],
  ['survival:aft', fc.constantFrom(-3, -1, 0.5, 2, 7), 'aft-nloglik,interval-regression-accuracy'],
  ['survival:cox', fc.constantFrom(-3, -2, -1, 1, 2, 3), 'cox-nloglik'],
];

/** Many ties, and probabilities whatever the metric wants. */
const score = fc.integer({ min: 1, max: 12 }).map((step) => Math.fround(step / 13));

function expectSame(name: string, rows: LabelledRows, predictions: Float32Array, cuts: readonly number[]) {
  const objective = nameOf(name);
  const [metric] = createMetrics([name.split(' ')[1]!], createObjective(objective, parameters), parameters);
  const expected = metric!.prepare(rows)(predictions);
  const width = predictions.length / rows.labels.length;
  const values = onHosts(cuts.length + 1, (hosts) => {
    const own = dividedRows(rows, cuts, hosts);
    metric!.checkRows(own);
    const evaluate = metric!.prepare(own);
    const ownPredictions = divided(predictions, cuts, hosts.rank, width);
    return [evaluate(ownPredictions), evaluate(ownPredictions)];
  });
  for (const value of values) expect(value).toEqual([expected, expected]);
}

const nameOf = (name: string) => name.split(' ')[0] as ObjectiveName;

describe.each(METRICS)('metrics of %s over up to four hosts', (objective, label, list) => {
  const width = createObjective(objective, parameters).groupCount;
  const row = fc.tuple(
    label,
    fc.double({ min: 0.01, max: 9, noNaN: true }),
    fc.array(score, { minLength: width, maxLength: width }),
  );

  it.each(list.split(','))('%s has the same bits', (name) => {
    const isGrouped = ['ndcg', 'map', 'pre'].includes(name);
    fc.assert(
      fc.property(
        fc
          .array(row, { minLength: 1, maxLength: 90, size: 'max' })
          .chain((all) => fc.tuple(fc.constant(all), cutsOf(all.length))),
        fc.boolean(),
        ([all, cuts], isWeighted) => {
          const rows = {
            labels: Float32Array.from(all, ([y]) => y),
            ...(isWeighted && !isGrouped && { weights: Float32Array.from(all, ([, w]) => w) }),
          };
          expectSame(`${objective} ${name}`, rows, Float32Array.from(all.flatMap(([, , scores]) => scores)), cuts);
        },
      ),
      options,
    );
  });
});

describe('metrics of query groups over up to four hosts', () => {
  it.each(['ndcg', 'ndcg@3-', 'map@5', 'pre@2', 'auc', 'aucpr'])(
    '%s has the same bits, groups divided or not',
    (name) => {
      const row = fc.tuple(fc.nat(1), score);
      fc.assert(
        fc.property(
          fc
            .array(row, { minLength: 1, maxLength: 90, size: 'max' })
            .chain((all) => fc.tuple(fc.constant(all), cutsOf(all.length), cutsOf(all.length, 12))),
          fc.boolean(),
          ([all, cuts, starts], isWeighted) => {
            const rows = { labels: Float32Array.from(all, ([y]) => y), ...queriesOf(all.length, starts, isWeighted) };
            expectSame(
              `rank:ndcg ${name}`,
              rows,
              Float32Array.from(all, ([, s]) => s),
              cuts,
            );
          },
        ),
        options,
      );
    },
  );
});
