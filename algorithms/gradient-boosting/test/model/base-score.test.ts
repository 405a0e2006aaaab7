/** How base scores are written: XGBoost before 3.1 takes a list of them for 0.5. `npm run peers` tries those versions. */
import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import type { Ensemble } from '../../src/ensemble/tree.js';
import { readEnsemble } from '../../src/model/index.js';
import { writeJson, writeUbjson } from '../../src/model/write.js';
import { baseMargins, walkLeaves, walkMargins } from '../../src/predict/index.js';
import { randomEnsemble, randomRows } from '../predict/random-ensemble.js';

const shape = {
  featureCount: 3,
  groupCount: 3,
  rounds: 4,
  depth: 3,
  categoricalShare: 0.2,
  thresholds: 9,
  isDart: false,
};
const ensembleOf = (changes: Partial<Ensemble>, isDart = false): Ensemble => ({
  ...randomEnsemble({ ...shape, isDart }, createRandom(4).uniform),
  ...changes,
});

/** The parts of a written model that other versions of XGBoost predict with. */
function written(ensemble: Ensemble) {
  const { learner } = JSON.parse(writeJson(ensemble));
  const { model } = learner.gradient_booster.gbtree ?? learner.gradient_booster;
  return { score: learner.learner_model_param.base_score, attributes: learner.attributes, model, learner };
}

describe('the base scores in a model file', () => {
  it.each([
    ['one value', [0.25], '0.25'],
    ['a value per output, all equal', [2, 2, 2], '2E0'],
  ])('of %s are a plain number, without an extra round', (_, baseScore, text) => {
    const { score, model, attributes } = written(ensembleOf({ baseScore }));

    expect(score).toBe(text);
    expect(model.trees).toHaveLength(12);
    expect(attributes).toEqual({});
  });

  it.each([
    ['reg:squarederror', [0.5, -2, 7], '0E0'],
    ['binary:logistic', [0.1, 0.5, 0.9], '0.5'],
    ['reg:gamma', [0.1, 1, 30], '1E0'],
  ])(
    'of %s that differ are stored as a first round of single-leaf trees with a margin of 0',
    (objective, baseScore, text) => {
      const scores = baseScore.map(Math.fround);
      const ensemble = ensembleOf({ objective, baseScore: scores });

      const { score, model, attributes } = written(ensemble);

      expect(score).toBe(text);
      expect(model.trees).toHaveLength(15);
      expect(model.iteration_indptr).toEqual([0, 3, 6, 9, 12, 15]);
      expect(model.tree_info.slice(0, 6)).toEqual([0, 1, 2, 0, 1, 2]);
      const leaves = model.trees.slice(0, 3).map((tree: { split_conditions: number[] }) => tree.split_conditions);
      expect(Float32Array.from(leaves.flat())).toEqual(baseMargins(ensemble));
      expect(JSON.parse(attributes.base_score).map(Math.fround)).toEqual(scores);
    },
  );

  it.each([
    ['a plain ensemble', ensembleOf({})],
    ['dart', ensembleOf({}, true)],
    ['the best round of early stopping', ensembleOf({ attributes: { best_iteration: '2', best_score: '1' } })],
    [
      'a forest',
      ensembleOf({
        numParallelTree: 2,
        iterationStart: Int32Array.of(0, 6, 12),
        treeGroup: Int32Array.from({ length: 12 }, (_, at) => Math.floor((at % 6) / 2)),
      }),
    ],
    [
      'expectiles, whose outputs depend on each other',
      ensembleOf({ objective: 'reg:expectileerror', baseScore: [1, 2, 3] }),
    ],
  ])('of %s are read back unchanged, with the number of rounds that were grown', (_, ensemble) => {
    const rows = randomRows(shape, 20, 0.2, createRandom(2).uniform);

    const again = readEnsemble(writeUbjson(ensemble));

    expect(again).toEqual(readEnsemble(Buffer.from(writeJson(ensemble))));
    expect(again.baseScore).toEqual(ensemble.baseScore);
    expect(again.attributes).toEqual(ensemble.attributes);
    expect([...again.iterationStart]).toEqual([...ensemble.iterationStart]);
    expect(walkMargins(again, rows)).toEqual(walkMargins(ensemble, rows));
    expect(walkLeaves(again, rows)).toHaveLength(20 * 12);
  });

  it('shift the best round by one for XGBoost', () => {
    expect(written(ensembleOf({ attributes: { best_iteration: '2' } })).attributes.best_iteration).toBe('3');
  });

  it('remain an ordinary round if XGBoost has sliced the model since', () => {
    const { learner, model } = written(ensembleOf({}));
    model.trees.splice(0, 3);
    model.tree_info.splice(0, 3);
    model.iteration_indptr = [0, 3, 6, 9, 12];
    model.gbtree_model_param.num_trees = '12';

    const cut = readEnsemble(Buffer.from(JSON.stringify({ learner, version: [3, 1, 0] })));

    expect(cut.trees).toHaveLength(12);
    expect(cut.baseScore).toEqual([0]);
  });

  it('of objectives whose parameters older versions require have them', () => {
    expect(written(ensembleOf({ objective: 'rank:ndcg' })).learner.objective).toMatchObject({
      lambda_rank_param: { num_pairsample: '1' },
      lambdarank_param: { lambdarank_pair_method: 'topk' },
    });
    expect(written(ensembleOf({ objective: 'reg:squaredlogerror' })).learner.objective).toMatchObject({
      reg_loss_param: { scale_pos_weight: '1' },
    });
  });
});
