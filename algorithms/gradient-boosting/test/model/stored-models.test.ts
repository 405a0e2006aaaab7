import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { readEnsemble, readModel, type XgboostModel } from '../../src/model/index.js';
import { writeJson, writeUbjson } from '../../src/model/write.js';
import { walkMargins } from '../../src/predict/index.js';
import { randomEnsemble, randomRows } from '../predict/random-ensemble.js';
import { storedCase, storedCases } from './stored-cases.js';

/** What is written back as read; a tree with vectors in its leaves becomes several. */
function comparable(model: XgboostModel): XgboostModel {
  if (model.booster === 'gblinear') return model;
  const { leafSize: _, ...rest } = model;
  return rest;
}

const cases = storedCases();

it.each(cases.filter(({ json }) => json))(
  'reads the same model $name from JSON and from UBJSON',
  ({ name, ubjson, json }) => {
    expect(readModel(json!, name)).toEqual(readModel(ubjson, name));
  },
);

// XGBoost's pruning leaves deleted nodes, which are not written again.
describe.each(cases.filter(({ name }) => name !== 'pruned'))('model $name of real XGBoost', ({ name, ubjson }) => {
  const model = readModel(ubjson, name);

  it('is unchanged after writing and reading it in both formats', () => {
    expect(readModel(Buffer.from(writeJson(model)), name)).toEqual(comparable(model));
    expect(readModel(writeUbjson(model), name)).toEqual(comparable(model));
  });

  it('is written with the same bytes each time', () => {
    expect(writeJson(readModel(ubjson, name))).toBe(writeJson(model));
    expect(Buffer.compare(writeUbjson(readModel(ubjson, name)), writeUbjson(model))).toBe(0);
  });
});

it('the category names of a data frame are kept, which XGBoost needs to recode other frames', () => {
  const { ubjson, json } = storedCase('data-frame');
  const model = readEnsemble(ubjson);

  expect(model.categoryNames).toBeDefined();
  expect(JSON.parse(writeJson(model)).learner.gradient_booster.model.cats).toEqual(
    JSON.parse(json!.toString()).learner.gradient_booster.model.cats,
  );
});

describe('writeUbjson', () => {
  it('writes the same bytes as XGBoost, except for the categories of a data frame and the version', () => {
    const { ubjson } = storedCase('reg-squarederror');

    const written = Buffer.from(writeUbjson(readModel(ubjson, 'model')));

    const inModel = (bytes: Buffer): Buffer => {
      return bytes.subarray(bytes.indexOf('gbtree_model_param'), bytes.indexOf('learner_model_param'));
    };
    expect(Buffer.compare(inModel(written), inModel(ubjson))).toBe(0);
  });
});

describe('a written model', () => {
  it.each([1, 2, 3, 4, 5])('predicts the same after its nodes are renumbered, seed %d', (seed) => {
    const random = createRandom(seed).uniform;
    const shape = {
      featureCount: 5,
      groupCount: 2,
      rounds: 5,
      depth: 8,
      categoricalShare: 0.4,
      thresholds: 30,
      isDart: seed % 2 === 0,
    };
    const ensemble = randomEnsemble(shape, random);
    const rows = randomRows(shape, 100, 0.2, random);

    const fromJson = readEnsemble(Buffer.from(writeJson(ensemble)));
    const fromUbjson = readEnsemble(writeUbjson(ensemble));

    expect(walkMargins(fromJson, rows)).toEqual(walkMargins(ensemble, rows));
    expect(fromUbjson).toEqual(fromJson);
    for (const tree of fromJson.trees) {
      tree.left.forEach((child, node) => {
        expect(tree.right[node]).toBe(child === -1 ? -1 : child + 1);
      });
    }
  });

  it('keeps the names of features and attributes, with any characters', () => {
    const ensemble = randomEnsemble(
      { featureCount: 2, groupCount: 1, rounds: 1, depth: 2, categoricalShare: 0, thresholds: 5, isDart: false },
      createRandom(1).uniform,
    );
    const named = {
      ...ensemble,
      featureNames: ['größe "a"\n', '重量'],
      featureTypes: ['float', 'c'] as const,
      attributes: { best_iteration: '0', __proto__x: '…' },
    };

    expect(readModel(Buffer.from(writeJson(named)))).toMatchObject({
      featureNames: named.featureNames,
      featureTypes: named.featureTypes,
      attributes: named.attributes,
    });
    expect(readModel(writeUbjson(named))).toEqual(readModel(Buffer.from(writeJson(named))));
  });

  it('keeps values that JSON has no notation for', () => {
    const ensemble = randomEnsemble(
      { featureCount: 1, groupCount: 1, rounds: 1, depth: 3, categoricalShare: 0, thresholds: 5, isDart: false },
      createRandom(3).uniform,
    );
    ensemble.trees[0]!.condition.set(
      [Infinity, -Infinity, 0, -0, 1e-45, 3.4028235e38].slice(0, ensemble.trees[0]!.nodeCount),
    );
    ensemble.trees[0]!.lossChange[0] = Number.NaN;

    const again = readEnsemble(Buffer.from(writeJson(ensemble)));

    expect(again.trees[0]!.lossChange[0]).toBeNaN();
    expect([...again.trees[0]!.condition].sort()).toEqual([...ensemble.trees[0]!.condition].sort());
    expect(readEnsemble(writeUbjson(ensemble))).toEqual(again);
  });
});
