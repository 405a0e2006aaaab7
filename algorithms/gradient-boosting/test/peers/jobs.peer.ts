/**
 * Whole jobs: what a training job saves, real XGBoost loads, and predicts as our endpoint answers; its versions from 1.7
 * on, from UBJSON and from JSON. README's table of versions is based on this.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvTable, openInvocations, runTraining } from '@algo/contract/testing';
import { createRandom } from '@algo/numerics';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { readModel } from '../../src/model/index.js';
import { writeJson } from '../../src/model/write.js';
import { peerPythons, runPython } from './python.js';

type Label = (features: readonly number[]) => string;
type Case = readonly [name: string, hyperparameters: Readonly<Record<string, string>>, label: Label];

/** The first version of XGBoost that has the objective. */
const SINCE: Readonly<Record<string, number>> = {
  quantileerror: 2.0,
  expectileerror: 3.3,
  'one-quantile': 2.0,
};

const number: Label = ([a, b]) => `${10 * a! + b!}`;
const two: Label = ([a]) => `${Number(a! > 0.5)}`;
const three: Label = ([a]) => `${Math.floor(3 * a!)}`;
const time: Label = ([a]) => `${(a! > 0.8 ? -1 : 1) * (1 + a!)}`;
const ranked: Label = ([a]) => `${Math.floor(3 * a!)},1`;
const category: Label = ([a]) => `${Math.floor(10 * a!) % 3},${Math.floor(10 * a!)}`;

const CASES: readonly Case[] = [
  ['squarederror', {}, number],
  ['absoluteerror', { objective: 'reg:absoluteerror' }, number],
  ['quantileerror', { objective: 'reg:quantileerror', quantile_alpha: '0.1,0.5,0.9' }, number],
  ['one-quantile', { objective: 'reg:quantileerror', quantile_alpha: '0.3' }, number],
  ['expectileerror', { objective: 'reg:expectileerror', expectile_alpha: '0.2,0.8' }, number],
  ['pseudohubererror', { objective: 'reg:pseudohubererror', huber_slope: '2' }, number],
  ['squaredlogerror', { objective: 'reg:squaredlogerror' }, number],
  ['reg-logistic', { objective: 'reg:logistic' }, ([a]) => `${a}`],
  ['gamma', { objective: 'reg:gamma' }, ([a]) => `${1 + a!}`],
  ['tweedie', { objective: 'reg:tweedie', tweedie_variance_power: '1.3' }, three],
  ['poisson', { objective: 'count:poisson' }, three],
  ['logistic', { objective: 'binary:logistic', scale_pos_weight: '2', base_score: '0.3' }, two],
  ['logitraw', { objective: 'binary:logitraw' }, two],
  ['hinge', { objective: 'binary:hinge' }, two],
  ['softmax', { objective: 'multi:softmax', num_class: '3' }, three],
  ['softprob-forest', { objective: 'multi:softprob', num_class: '3', num_parallel_tree: '2', subsample: '0.5' }, three],
  ['cox', { objective: 'survival:cox' }, time],
  ['aft', { objective: 'survival:aft', aft_loss_distribution: 'extreme' }, time],
  ['rank-ndcg', { objective: 'rank:ndcg', lambdarank_unbiased: 'true' }, ranked],
  ['rank-pairwise', { objective: 'rank:pairwise', lambdarank_pair_method: 'mean' }, ranked],
  ['rank-map', { objective: 'rank:map' }, ([a]) => `${Number(a! > 0.6)},1`],
  [
    'two-labels',
    { objective: 'binary:logistic', base_score: '0.4' },
    ([a, b]) => `${Number(a! > 0.5)},${Number(b! > 0.3)}`,
  ],
  ['dart', { booster: 'dart', rate_drop: '0.4', one_drop: '1' }, number],
  ['dart-forest', { booster: 'dart', rate_drop: '0.4', normalize_type: 'forest', num_parallel_tree: '2' }, number],
  ['categorical', { categorical_features: '0', max_cat_to_onehot: '2' }, category],
  ['two-targets', {}, ([a, b]) => `${a},${b}`],
  ['lossguide', { grow_policy: 'lossguide', max_leaves: '7', max_depth: '0', monotone_constraints: '(1,-1)' }, number],
  ['gradient-based', { sampling_method: 'gradient_based', subsample: '0.3', colsample_bynode: '0.5' }, number],
];

const pythons = await peerPythons();
const folder = mkdtempSync(join(tmpdir(), 'jobs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Trains, and leaves the model, rows with gaps, and the endpoint's answers for them in the folder. */
async function prepare([name, hyperparameters, label]: Case): Promise<void> {
  const csv = csvTable({ rows: 400, seed: 5, label });
  const hasTwoLabels = label([0.5, 0.5]).includes(',') && name !== 'categorical';
  const trained = await runTraining(gradientBoosting, {
    hyperparameters: { num_round: '15', ...hyperparameters },
    channels: { train: { 'a.csv': csv } },
    inputDataConfig: { train: { ContentType: `text/csv;label_size=${hasTwoLabels ? 2 : 1}` } },
  });
  expect(trained.failure, name).toBeUndefined();
  const random = createRandom(6);
  const gaps = (field: string) => (random.uniform() < 0.1 ? '' : field);
  const features = csv
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').slice(hasTwoLabels ? 2 : 1));
  const rows = features.map((row) => row.map(gaps).join(',')).join('\n');
  const invoke = await openInvocations(gradientBoosting, trained);
  const put = (suffix: string, content: string | Uint8Array) =>
    writeFileSync(join(folder, `${name}.${suffix}`), content);
  const model = trained.model.get('xgboost-model.ubj')!;
  put('ubj', model);
  put('json', writeJson(readModel(model)));
  put('rows.csv', rows);
  for (const output of ['score', 'contributions']) {
    const answer = await invoke({ contentType: 'text/csv', accept: `text/csv;output=${output}`, body: rows });
    expect(answer.status, answer.body).toBe(200);
    put(`${output}.csv`, answer.body);
  }
  trained.root.remove();
}

beforeAll(async () => {
  for (const one of CASES) await prepare(one);
});

it.each(pythons)('XGBoost %s predicts with the model of a job the same as the endpoint', (version, python) => {
  const known = CASES.map(([name]) => name).filter((name) => Number(version) >= (SINCE[name] ?? 0));

  const lines = runPython(python, 'answers.py', folder, ...known)
    .trim()
    .split('\n');
  const reports: { name: string; scores: number; contributions: number }[] = lines.map((line) => JSON.parse(line));

  expect(reports.map(({ name }) => name)).toEqual(known.flatMap((name) => [`${name}.ubj`, `${name}.json`]));
  // exp differs by a bit of float32 between the two; contributions are summed in another order
  expect(reports.filter(({ scores, contributions }) => !(scores <= 1e-6 && contributions <= 1e-4))).toEqual([]);
});
