/**
 * A stop is noticed within the long loops of metrics, losses and packing: after a bounded number of rows, or after a
 * tree.
 */
import { describe, expect, it } from 'vitest';
import { ROWS_BETWEEN_LOOKS, withLooks } from '../../src/engine/interruption.js';
import { createMetrics } from '../../src/evaluation/index.js';
import { packModels } from '../../src/job/pack.js';
import { readEnsemble } from '../../src/model/index.js';
import { writeUbjson } from '../../src/model/write.js';
import { createObjective, type LabelledRows, OBJECTIVE_NAMES, type ObjectiveName } from '../../src/objectives/index.js';
import { storedCase } from '../model/stored-cases.js';

const ROWS = 2 * ROWS_BETWEEN_LOOKS;
const CLASSES = 3;
const parameters = { classCount: CLASSES };

/** Labels that the objective takes, with weights and, for rankings, queries of 64 rows. */
function rowsFor(name: ObjectiveName, isWeighted: boolean): LabelledRows {
  const isRanking = name.startsWith('rank:');
  const classes = name.startsWith('multi:') ? CLASSES : 2;
  const labels = Float32Array.from({ length: ROWS }, (_, row) => {
    if (/^(reg:(squarederror|gamma)|count|survival)/.test(name)) return 1 + (row % 5);
    return (row * 7) % classes;
  });
  const queries = ROWS / 64;
  return {
    labels,
    ...(isWeighted && { weights: new Float32Array(isRanking ? queries : ROWS).fill(0.5) }),
    ...(isRanking && { queryStart: Uint32Array.from({ length: queries + 1 }, (_, query) => 64 * query) }),
    ...(name === 'survival:aft' && { bounds: { lower: labels, upper: labels.map((label) => label + 1) } }),
  };
}

function countLooks(work: () => void): number {
  let looks = 0;
  withLooks(() => {
    looks += 1;
  }, work);
  return looks;
}

const METRICS: readonly [ObjectiveName, string][] = [
  [
    'reg:squarederror',
    'rmse,mse,rmsle,mae,mape,mphe,r2,poisson-nloglik,gamma-nloglik,gamma-deviance,tweedie-nloglik@1.5',
  ],
  [
    'binary:logistic',
    'logloss,error,auc,aucpr,accuracy,balanced_accuracy,f1,f1_binary,f1_macro,precision,precision_macro,precision_micro,recall,recall_macro,recall_micro',
  ],
  ['multi:softprob', 'mlogloss,merror,auc,aucpr,accuracy'],
  ['reg:quantileerror', 'quantile'],
  ['reg:expectileerror', 'expectile'],
  ['survival:aft', 'aft-nloglik,interval-regression-accuracy'],
  ['survival:cox', 'cox-nloglik'],
  ['rank:ndcg', 'ndcg,map,pre,auc,aucpr'],
];

describe.each(METRICS)('computing a metric of %s checks for a stop every 2^16 rows', (name, list) => {
  const objective = createObjective(name, parameters);
  it.each(list.split(','))('%s', (entry) => {
    const [metric] = createMetrics([entry], objective, parameters);
    const predictions = Float32Array.from(
      { length: ROWS * objective.groupCount },
      (_, i) => ((i * 31) % 97) / 100 + 0.01,
    );

    for (const isWeighted of [false, true]) {
      const looks = countLooks(() => metric!.prepare(rowsFor(name, isWeighted))(predictions));

      expect(looks).toBeGreaterThanOrEqual(ROWS / ROWS_BETWEEN_LOOKS);
    }
  });
});

it.each(OBJECTIVE_NAMES)(
  'computing the loss %s checks for a stop every 2^16 rows, in label checks, estimates and gradients',
  (name) => {
    const objective = createObjective(name, parameters);
    const rows = rowsFor(name, true);
    const margins = new Float32Array(ROWS * objective.groupCount).fill(0.1);
    const out = new Float32Array(2 * margins.length);

    const checks = countLooks(() => objective.checkLabels(rows));
    const gradients = countLooks(() => objective.prepare(rows).computeGradients(margins, out, 0));

    expect(checks).toBeGreaterThanOrEqual(ROWS / ROWS_BETWEEN_LOOKS);
    expect(gradients).toBeGreaterThanOrEqual(ROWS / ROWS_BETWEEN_LOOKS);
  },
);

it('a check for a stop that throws ends the metric, and later work is not checked', () => {
  const objective = createObjective('reg:squarederror');
  const [metric] = createMetrics(['rmse'], objective);
  const rows = rowsFor('reg:squarederror', false);
  const stop = () => {
    throw new RangeError('stopped');
  };

  expect(() => withLooks(stop, () => metric!.prepare(rows)(rows.labels))).toThrow('stopped');
  expect(metric!.prepare(rows)(rows.labels)).toBe(0);
});

describe('packing a model', () => {
  const ensemble = readEnsemble(storedCase('binary-logistic').ubjson);
  /** A stop that comes at a look. */
  const stopAt = (look: number) => {
    const seen = { looks: 0 };
    const stop = {
      get requested() {
        seen.looks += 1;
        return seen.looks >= look;
      },
      check: async () => false,
      signal: new AbortController().signal,
    };
    return { stop, seen };
  };
  const pack = (look: number, savesAtStop: boolean, lines: string[] = []) => {
    const { stop, seen } = stopAt(look);
    const log = { info: (line: string) => lines.push(line) };
    return { seen, packed: () => packModels([ensemble, ensemble], { stop, log, savesAtStop }) };
  };

  it('checks for a stop at each tree', () => {
    const { packed, seen } = pack(Number.POSITIVE_INFINITY, true);

    packed();

    expect(seen.looks).toBeGreaterThanOrEqual(2 * ensemble.trees.length);
  });

  it('continues at a stop and logs it once, since the stopped job needs the model', () => {
    const lines: string[] = [];
    const { packed } = pack(5, true, lines);

    const whole = Buffer.from(writeUbjson(ensemble));
    expect(packed().map((bytes) => whole.equals(bytes))).toEqual([true, true]);
    expect(lines).toEqual(['stopped (SIGTERM) while the model was being packed: it is complete and saved']);
  });

  it('gives up at a stop if save_model_on_termination is false', () => {
    const { packed } = pack(5, false);

    expect(packed).toThrow(
      'while its model was being packed, and save_model_on_termination is false: there is no model.',
    );
  });
});
