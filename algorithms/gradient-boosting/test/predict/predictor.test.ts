import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { compilePredictor, walkMargins } from '../../src/predict/index.js';
import { type EnsembleShape, randomEnsemble, randomRows } from './random-ensemble.js';

const PLAIN: EnsembleShape = {
  featureCount: 7,
  groupCount: 1,
  rounds: 12,
  depth: 6,
  categoricalShare: 0,
  thresholds: 60,
  isDart: false,
};

const SHAPES: readonly (readonly [string, Partial<EnsembleShape>])[] = [
  ['trees of depth 6', {}],
  ['trees of depth 3', { depth: 3 }],
  ['single leaves and stumps', { depth: 1 }],
  ['trees too deep for the flat kernel', { depth: 11 }],
  ['categorical splits', { categoricalShare: 0.5 }],
  ['deep trees with categorical splits', { categoricalShare: 0.5, depth: 9 }],
  ['several groups', { groupCount: 4 }],
  ['dropout weights', { isDart: true, groupCount: 2 }],
  ['one feature with more thresholds than a byte counts', { featureCount: 1, thresholds: 3000, rounds: 80, depth: 8 }],
  ['few thresholds', { thresholds: 3, featureCount: 30 }],
  ['many features', { featureCount: 130, rounds: 60 }],
  ['more columns than trees use', { featureCount: 400, rounds: 3 }],
];

describe.each(SHAPES)('compilePredictor on %s', (_, changes) => {
  const shape = { ...PLAIN, ...changes };

  it.each([0, 0.2, 0.9, 1])('equals walking the trees to the last bit if a share of %d is missing', (missingShare) => {
    for (let seed = 1; seed <= 8; seed++) {
      const random = createRandom(seed).uniform;
      const ensemble = randomEnsemble(shape, random);
      // Not a multiple of 16 rows, and more than one block.
      const rows = randomRows(shape, 277, missingShare, random);
      const expected = walkMargins(ensemble, rows);
      const predictor = compilePredictor(ensemble);

      expect(predictor.margins(rows)).toEqual(expected);
      for (let row = 0; row < 40; row++) {
        const one = predictor.marginsOfRow(rows.slice(row * shape.featureCount, (row + 1) * shape.featureCount));
        expect(one).toEqual(expected.slice(row * shape.groupCount, (row + 1) * shape.groupCount));
      }
    }
  });
});

describe('compilePredictor', () => {
  it('adds to the given margins', () => {
    const random = createRandom(5).uniform;
    const ensemble = randomEnsemble({ ...PLAIN, groupCount: 2 }, random);
    const rows = randomRows(PLAIN, 50, 0.1, random);
    const startMargins = Float32Array.from({ length: 100 }, random);

    const margins = compilePredictor(ensemble).margins(rows, startMargins);

    expect(margins).toEqual(walkMargins(ensemble, rows, { startMargins }));
    expect(() => compilePredictor(ensemble).margins(rows, startMargins.subarray(1))).toThrow(
      'startMargins must have 100 values; received 99.',
    );
  });

  it('predicts batches that are larger than its memory window', () => {
    const random = createRandom(6).uniform;
    const shape = { ...PLAIN, featureCount: 200, rounds: 4 };
    const ensemble = randomEnsemble(shape, random);
    const rows = randomRows(shape, 3000, 0.1, random);

    expect(compilePredictor(ensemble).margins(rows)).toEqual(walkMargins(ensemble, rows));
  });

  it('gives the same margins with any number of threads', () => {
    const random = createRandom(10).uniform;
    const shape = { ...PLAIN, groupCount: 3 };
    const ensemble = randomEnsemble(shape, random);
    const rows = randomRows(shape, 20_001, 0.1, random);
    const alone = compilePredictor(ensemble).margins(rows);
    const predictor = compilePredictor(ensemble, undefined, 3);

    for (let repeat = 0; repeat < 30; repeat++) expect(predictor.margins(rows)).toEqual(alone);
    predictor.close();
  });

  it('gives a row the same margins alone, in any order and among other rows', () => {
    const random = createRandom(7).uniform;
    const ensemble = randomEnsemble(PLAIN, random);
    const rows = randomRows(PLAIN, 64, 0.2, random);
    const reversed = Float32Array.from(
      Array.from({ length: 64 }, (_, row) => [...rows.subarray((63 - row) * 7, (64 - row) * 7)]).flat(),
    );
    const predictor = compilePredictor(ensemble);

    expect(predictor.margins(reversed)).toEqual(predictor.margins(rows).toReversed());
  });

  it('returns the base margin for a model without trees, and nothing for no rows', () => {
    const ensemble = randomEnsemble({ ...PLAIN, rounds: 0 }, createRandom(8).uniform);

    expect([...compilePredictor(ensemble).margins(new Float32Array(14))]).toEqual([
      ensemble.baseScore[0],
      ensemble.baseScore[0],
    ]);
    expect(compilePredictor(ensemble).margins(new Float32Array(0))).toHaveLength(0);
  });

  it('rejects rows with another number of columns, and rounds that the model does not have', () => {
    const ensemble = randomEnsemble(PLAIN, createRandom(9).uniform);

    expect(() => compilePredictor(ensemble).margins(new Float32Array(8))).toThrow('Rows must hold 7 values each');
    expect(() => compilePredictor(ensemble, [3, 13])).toThrow("within the model's 12 rounds; received [3, 13)");
  });
});
