/** Model folders as tools leave them: the one model in them is served, and what is none is named for what it is. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { makeContainerRoot, openInvocations, regressionTable, tarOf, useJobs } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { readEnsemble } from '../../src/model/index.js';
import { writeJson } from '../../src/model/write.js';
import { storedCase } from '../model/stored-cases.js';
import { ONE_THREAD } from '../support/one-thread.js';

const foreign = (name: string) => readFileSync(new URL(`../fixtures/foreign-files/${name}`, import.meta.url));
const { ubjson, expected } = storedCase('reg-squarederror');
const json = writeJson(readEnsemble(ubjson));
const row = Array.from({ length: expected.features }, () => '1').join(',');
const EXAMPLE = '{"columns":["a","b","c"],"data":[[1,2,3]]}';

const { train, keepUntilEnd } = useJobs(gradientBoosting, { afterEach, hyperparameters: ONE_THREAD });

type Files = Readonly<Record<string, string | Uint8Array>>;

async function serve(files: Files) {
  const root = keepUntilEnd(makeContainerRoot());
  for (const [name, content] of Object.entries(files)) root.write(`model/${name}`, content);
  const invoke = await openInvocations(gradientBoosting, { root });
  return (await invoke({ contentType: 'text/csv', body: row })).body;
}

describe('a model folder that is served', () => {
  it.each<[string, Files]>([
    [
      'of MLflow',
      {
        'model.ubj': ubjson,
        MLmodel: 'flavors: {}',
        'conda.yaml': '',
        'input_example.json': EXAMPLE,
        'metadata.json': '{}',
      },
    ],
    [
      'of MLflow with its model.xgb',
      { 'model.xgb': ubjson, 'input_example.json': EXAMPLE, 'python_env.yaml': 'python: 3' },
    ],
    [
      'with metrics as JSON next to it',
      { 'model.json': json, 'metrics.json': '{"auc":1}', 'manifest.json': '{"a":1}' },
    ],
    ['with a note that names a learner', { 'model.json': json, 'metadata.json': '{"learner":"xgboost"}' }],
    ['that was written again with line breaks', { 'model.json': JSON.stringify(JSON.parse(json), null, 2) }],
    ['named model.bst', { 'model.bst': json }],
    ['named my_model', { my_model: ubjson }],
    ['named anything', { 'churn-2024': json, 'notes.txt': 'mine' }],
    [
      'of the container',
      { 'xgboost-model': ubjson, 'other.json': EXAMPLE, 'label_encoder.pkl': foreign('xgboost-3.0.pickle') },
    ],
    ['with an encoder next to it', { 'model.json': json, 'label_encoder.pkl': foreign('xgboost-3.0.pickle') }],
    ['of Spark', { 'model/part-00000': `${json}\n`, 'model/_SUCCESS': '', 'metadata/part-00000': '{"class":"spark"}' }],
    ['compressed with its parent folder', { 'model/xgboost-model': ubjson, '__MACOSX/model/._xgboost-model': 'x' }],
    ['two folders down', { 'artifacts/model/model.ubj': ubjson, 'artifacts/model/MLmodel': '' }],
    ['with code in a folder', { 'model.json': json, 'code/inference.py': '', 'code/model.json': EXAMPLE }],
  ])('%s', async (_, files) => {
    expect(await serve(files)).toBe(await serve({ 'xgboost-model': ubjson }));
  });
});

describe('a model folder that is refused with the kind of its file', () => {
  it.each<[string, Files, RegExp]>([
    [
      'a pickle of XGBoost 0.90',
      { 'xgboost-model': foreign('xgboost-0.90.pickle') },
      /a Python pickle\. It is from an XGBoost version before 1\.0, .*save_model\("model\.bin"\), then with XGBoost 1\.0 to 3\.0 .*load_model\("model\.bin"\) and booster\.save_model\("model\.json"\)/,
    ],
    [
      'a newer pickle',
      { 'model.pkl': foreign('xgboost-3.0.pickle') },
      /a Python pickle\. Unpickle it .*save_model\("model\.json"\)/,
    ],
    [
      'the binary format under a name of JSON',
      { 'model.json': foreign('xgboost-0.90.bin') },
      /model\.json must be .* received XGBoost's removed binary format\. Load it with XGBoost 1\.0 to 3\.0/,
    ],
    [
      'a configuration',
      { 'model.json': foreign('config.json') },
      /a Booster's configuration \(save_config\), without its trees\. Save the model/,
    ],
    [
      'a configuration under a name of its own',
      { 'config.json': foreign('config.json') },
      /config\.json must be .* received a Booster's configuration \(save_config\)/,
    ],
    [
      'a JSON dump',
      { 'trees.json': '[\n  { "nodeid": 0, "leaf": 1 }\n]' },
      /trees\.json must be .* received a JSON dump .*booster\.save_model/,
    ],
    ['a text dump without names of trees', { 'dump.txt': '0:leaf=0.5\n' }, /dump\.txt must be .* a text dump/],
    [
      'a TensorFlow.js model',
      { 'model.json': '{"format":"layers-model","modelTopology":{},"weightsManifest":[]}' },
      /model\.json must be .* received a TensorFlow\.js model\. The algorithm neural-network serves/,
    ],
    ['a packed archive', { 'model.tgz': gzipSync('x') }, /a gzip file\. Unpack it first: tar xzf model\.tgz\./],
    [
      'LightGBM',
      { 'model.txt': 'tree\nversion=v4\n' },
      /model\.txt must .* LightGBM's text format\. Train the model with XGBoost/,
    ],
    ['CatBoost', { 'classifier.cbm': 'CBM1\0\0' }, /classifier\.cbm must .* CatBoost's format/],
    ['ONNX', { 'booster.onnx': Buffer.from('0807120b', 'hex') }, /booster\.onnx must .* an ONNX model\. .*save_model/],
    ['a packed model', { 'model.json.gz': gzipSync(json) }, /a gzip file\. Unpack it first: gunzip model\.json\.gz/],
    [
      'R',
      { 'model.rds': gzipSync(Buffer.from('580a00000003000402', 'hex')) },
      /an object of R \(RDS\)\. .*xgb\.save\(readRDS\("model\.rds"\)/,
    ],
    [
      'a SavedModel',
      { '1/saved_model.pb': 'x' },
      /In folder 1\/ of the model: saved_model\.pb must .* a TensorFlow SavedModel.*neural-network/,
    ],
    [
      'a pickle in a folder',
      { 'model/xgboost-model': foreign('xgboost-0.90.pickle') },
      /In folder model\/ of the model: xgboost-model must/,
    ],
    [
      'two models in folders',
      { 'a/model.json': json, 'b/model.json': json },
      /found one in each of the folders a\/, b\//,
    ],
    [
      'nothing that is a model',
      { 'notes.txt': 'a', 'data/x.csv': '1' },
      /must contain a model with \.manifest\.json; found data\/, notes\.txt\./,
    ],
    [
      'an archive in the archive',
      { 'model.tar.gz': gzipSync('x') },
      /model\.tar\.gz must .* a gzip file\. Unpack it first: tar xzf model\.tar\.gz\./,
    ],
  ])('%s', async (_, files, message) => {
    await expect(serve(files)).rejects.toThrow(message);
  });
});

describe('the model of a training job', () => {
  it('has only the model under names without a leading dot, as SageMaker’s XGBoost container needs', async () => {
    const trained = await train({
      hyperparameters: { num_round: '2' },
      channels: { train: { 'a.csv': regressionTable(50) } },
    });

    expect([...trained.model.keys()]).toEqual(['.manifest.json', 'xgboost-model.ubj']);
  });

  it('can continue from an archive that has the model in a folder, with other files', async () => {
    const archive = gzipSync(
      tarOf(new Map(Object.entries({ 'model/model.ubj': ubjson, 'model/input_example.json': Buffer.from(EXAMPLE) }))),
    );

    const trained = await train({
      hyperparameters: { num_round: '2' },
      channels: { train: { 'a.csv': regressionTable(50) }, model: { 'model.tar.gz': archive } },
      inputDataConfig: { model: { ContentType: 'application/x-sagemaker-model' } },
    });

    expect(trained.failure ?? '').not.toContain('must hold one model');
  });
});
