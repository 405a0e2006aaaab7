/** "Bring your own model": what real XGBoost saved, alone in a model directory, is served as XGBoost predicts it. */
import { type ContainerRoot, makeContainerRoot, openInvocations } from '@algo/contract/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { readEnsemble } from '../../src/model/index.js';
import { writeJson } from '../../src/model/write.js';
import { walkMargins } from '../../src/predict/index.js';
import { storedCase, storedCases } from '../model/stored-cases.js';

let root: ContainerRoot;
beforeEach(() => {
  root = makeContainerRoot();
});
afterEach(() => root.remove());

const put = (name: string, content: string | Uint8Array) => root.write(`model/${name}`, content);
const open = (variables: Record<string, string> = {}) => openInvocations(gradientBoosting, { root }, variables);

/** One instance per row, missing values as null. */
function jsonRows({
  rows,
  features,
}: {
  readonly rows: readonly (number | null)[];
  readonly features: number;
}): string {
  const instances = Array.from({ length: rows.length / features }, (_, row) => ({
    features: rows.slice(row * features, (row + 1) * features),
  }));
  return JSON.stringify({ instances });
}

type Prediction = Record<string, number | number[]>;

async function predict(body: string, output?: string, variables?: Record<string, string>): Promise<Prediction[]> {
  const invoke = await open(variables);
  const accept = `application/json${output ? `;output="${output}"` : ''}`;
  const answer = await invoke({ contentType: 'application/json', accept, body });
  expect(answer.status, answer.body).toBe(200);
  return JSON.parse(answer.body).predictions;
}

const flat = (predictions: readonly Prediction[], name: string) => predictions.flatMap((one) => one[name] ?? []);

/** XGBoost's exp and ours differ in the last bits of a float32. */
function expectClose(actual: readonly number[], expected: readonly number[], relative: number): void {
  expect(actual).toHaveLength(expected.length);
  const worst = actual.map((value, i) => Math.abs(value - expected[i]!) / Math.max(1e-6, Math.abs(expected[i]!)));
  expect(Math.max(...worst)).toBeLessThan(relative);
}

/** What Booster.predict gives with all rounds is what the others predict; see the test of the best round. */
const plainCases = storedCases().filter(({ name }) => name !== 'early-stopped');

describe('a model of real XGBoost', () => {
  it.each(plainCases.map((stored) => [stored.name, stored] as const))(
    '%s, as xgboost-model without a manifest, predicts the same',
    async (_, { ubjson, expected }) => {
      put('xgboost-model', ubjson);

      expectClose(flat(await predict(jsonRows(expected)), 'score'), expected.predictions, 2e-6);
    },
  );

  it.each(['model.json', 'model.ubj', 'my model.bin', 'xgboost-model.json'])(
    'is found when it is stored as %s',
    async (name) => {
      const { ubjson, json, expected } = storedCase('categorical');
      put(name, name.endsWith('.json') ? json! : ubjson);
      put('README.md', 'not a model');
      put('inference.py', 'print()');

      expectClose(flat(await predict(jsonRows(expected)), 'score'), expected.predictions, 2e-6);
    },
  );

  it('explains its predictions like XGBoost', async () => {
    const { ubjson, expected } = storedCase('binary-logistic');
    put('xgboost-model', ubjson);

    const explained = await predict(jsonRows(expected), 'contributions,leaves');

    const actual = flat(explained, 'contributions');
    expect(Math.max(...actual.map((value, i) => Math.abs(value - expected.contributions[i]!)))).toBeLessThan(1e-4);
    if (expected.leaves) expect(flat(explained, 'leaves')).toEqual(expected.leaves);
  });

  it('that stopped early predicts with the rounds up to its best one, like scikit-learn’s interface', async () => {
    const { ubjson, expected, rows } = storedCase('early-stopped');
    const ensemble = readEnsemble(ubjson);
    const best = Number(ensemble.attributes.best_iteration);
    put('xgboost-model', ubjson);

    const margins = walkMargins(ensemble, rows, { range: [0, best + 1] });

    expect(best + 1).toBeLessThan(ensemble.trees.length);
    const scores = Array.from(margins, (margin) => 1 / (1 + Math.exp(-margin)));
    expectClose(flat(await predict(jsonRows(expected)), 'score'), scores, 2e-6);
  });

  it('is averaged with a second one', async () => {
    const { ubjson, expected } = storedCase('binary-logistic');
    put('xgboost-model-0', ubjson);
    put('xgboost-model-1', ubjson);

    expectClose(flat(await predict(jsonRows(expected)), 'score'), expected.predictions, 2e-6);
  });
});

describe('a model directory', () => {
  it('with models that cannot be averaged is refused, naming both', async () => {
    put('xgboost-model-0', storedCase('binary-logistic').ubjson);
    put('xgboost-model-1', storedCase('binary-hinge').ubjson);

    await expect(open()).rejects.toThrow(/xgboost-model-1 must have the same objective, features and outputs as/);
  });

  it('with models whose features are in a different order is refused, naming both', async () => {
    const ensemble = readEnsemble(storedCase('binary-logistic').ubjson);
    const names = Array.from({ length: ensemble.featureCount }, (_, column) => `c${column}`);
    put('xgboost-model-0', writeJson({ ...ensemble, featureNames: names }));
    put('xgboost-model-1', writeJson({ ...ensemble, featureNames: names.toReversed() }));

    await expect(open()).rejects.toThrow(
      /xgboost-model-1 must have its features named in the order of xgboost-model-0.*feature 1 must be "c0"; received "c\d+"/,
    );
  });

  it('with a pickle is refused, with instructions to convert it', async () => {
    put('xgboost-model', Uint8Array.of(0x80, 0x04, 0x95, 0x10));

    await expect(open()).rejects.toThrow(/xgboost-model.*pickle.*save_model\("model.json"\)/);
  });

  it('without a model is refused, naming its files', async () => {
    put('README.md', 'not a model');

    await expect(open()).rejects.toThrow(/manifest\.json; found README\.md/);
  });
});

describe('SAGEMAKER_INFERENCE_OUTPUT', () => {
  const OUTPUTS = 'predicted_label,labels,probability,probabilities,raw_score,raw_scores';

  it.each([
    ['binary-logistic', OUTPUTS],
    ['binary-logitraw', 'predicted_label,labels,raw_score,raw_scores'],
    ['binary-hinge', 'predicted_label,labels,raw_score,raw_scores'],
    ['multi-softmax', OUTPUTS],
    ['multi-softprob', OUTPUTS],
    ['reg-squarederror', 'predicted_score'],
  ])('selects the keys that fit %s, and they agree with each other', async (name, outputs) => {
    const { ubjson, expected } = storedCase(name);
    put('xgboost-model', ubjson);

    const rows = await predict(jsonRows(expected), undefined, { SAGEMAKER_INFERENCE_OUTPUT: outputs });

    for (const row of rows) {
      expect(Object.keys(row)).toEqual(outputs.split(','));
      expect(Object.values(row).flat().every(Number.isFinite)).toBe(true);
      const { predicted_label: label, labels, probability, probabilities, raw_scores: scores } = row;
      if (labels === undefined) continue;
      const best = (values: readonly number[]) => values.indexOf(Math.max(...values));
      expect(label).toBe(best(scores as number[]));
      if (probabilities === undefined) continue;
      const all = probabilities as number[];
      expect(all.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5); // float32
      expect(label).toBe(best(all));
      expect(probability).toBe(name.startsWith('binary') ? all[1] : Math.max(...all));
    }
  });

  it('returns as predicted_label of multi:softmax what XGBoost predicts', async () => {
    const { ubjson, expected } = storedCase('multi-softmax');
    put('xgboost-model', ubjson);

    const rows = await predict(jsonRows(expected), 'predicted_label');

    expect(flat(rows, 'predicted_label')).toEqual(expected.predictions);
  });

  it.each([
    ['reg-squarederror', 'probability', /must be one of score, predicted_score, leaves.*received "probability"/],
    ['binary-hinge', 'predicted_label,probabilities', /for objective "binary:hinge"; received "probabilities"/],
    ['binary-logistic', 'predicted_score', /received "predicted_score"/],
    ['binary-logistic', 'label', /received "label"/],
  ])('for %s with %s is an error at start, never NaN', async (name, outputs, message) => {
    put('xgboost-model', storedCase(name).ubjson);

    await expect(open({ SAGEMAKER_INFERENCE_OUTPUT: outputs })).rejects.toThrow(message);
  });

  it('decides the order of the keys, and is case-insensitive', async () => {
    const { ubjson, expected } = storedCase('binary-logistic');
    put('xgboost-model', ubjson);
    const outputs = 'Probability,labels, PREDICTED_LABEL';
    const invoke = await open({ SAGEMAKER_INFERENCE_OUTPUT: outputs });

    const rows = await predict(jsonRows(expected), undefined, { SAGEMAKER_INFERENCE_OUTPUT: outputs });
    const csv = await invoke({ contentType: 'application/json', accept: 'text/csv', body: jsonRows(expected) });

    expect(Object.keys(rows[0]!)).toEqual(['probability', 'labels', 'predicted_label']);
    expect(csv.body.split('\n')[0]).toBe(Object.values(rows[0]!).flat().join(','));
  });

  it('returns no leaves for a model without trees, and everything else', async () => {
    const model = readEnsemble(storedCase('reg-squarederror').ubjson);
    const none = { trees: [], treeGroup: new Int32Array(0), iterationStart: Int32Array.of(0), attributes: {} };
    put('xgboost-model.json', writeJson({ ...model, ...none }));
    const body = Array.from({ length: model.featureCount }, () => '1').join(',');
    const invoke = await open();
    const ask = (output: string) => invoke({ contentType: 'text/csv', accept: `text/csv;output=${output}`, body });

    const refused = await ask('leaves');
    const answered = await ask('"score,contributions,interactions"');

    expect(refused.status).toBe(400);
    expect(refused.body).toContain('for objective \\"reg:squarederror\\" without a tree; received \\"leaves\\"');
    expect(answered.status).toBe(200);
    await expect(open({ SAGEMAKER_INFERENCE_OUTPUT: 'leaves' })).rejects.toThrow('received "leaves"');
  });

  it('with leaves for a linear model is an error at start', async () => {
    put('xgboost-model', storedCase('linear').ubjson);

    await expect(open({ SAGEMAKER_INFERENCE_OUTPUT: 'leaves' })).rejects.toThrow(
      /must be one of score, .*contributions for objective ".*" of booster gblinear; received "leaves"/,
    );
  });

  it('is overridden by the request; an output that does not fit is a 400', async () => {
    const { ubjson, expected } = storedCase('binary-logistic');
    put('xgboost-model', ubjson);
    const invoke = await open({ SAGEMAKER_INFERENCE_OUTPUT: 'predicted_label' });
    const ask = (accept: string) => invoke({ contentType: 'application/json', accept, body: jsonRows(expected) });

    const score = await ask('application/json;output=score');
    const wrong = await ask('application/json;output=predicted_score');

    expect(Object.keys(JSON.parse(score.body).predictions[0])).toEqual(['score']);
    expect(wrong.status).toBe(400);
    expect(JSON.parse(wrong.body).error).toMatchObject({ code: 'E_REQUEST_OUTPUT' });
  });
});
