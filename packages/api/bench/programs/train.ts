/**
 * Runs one training job of gradient-boosting on its sample data, by its program, and prints
 * validation:logloss, the mean of three folds:
 *
 *   node train.js REPOSITORY HYPERPARAMETERS-AS-JSON
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** With folds, as the 57 rows of the validation channel alone say little: their best values are those of chance. */
const STATIC = { objective: 'binary:logistic', eval_metric: 'logloss', _kfold: '3', seed: '7' };
const CHANNELS = ['train', 'validation'];
const [repository, hyperparameters] = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), 'tuning-bench-'));
try {
  for (const folder of ['input/config', 'input/data', 'model', 'output'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const channel of CHANNELS) {
    symlinkSync(join(repository!, 'sample-data/gradient-boosting', channel), join(root, 'input/data', channel));
  }
  const channel = {
    ...{ TrainingInputMode: 'File', ContentType: 'text/csv' },
    ...{ S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' },
  };
  const files = {
    hyperparameters: { ...JSON.parse(hyperparameters!), ...STATIC },
    inputdataconfig: Object.fromEntries(CHANNELS.map((name) => [name, channel])),
    resourceconfig: { current_host: 'algo-1', hosts: ['algo-1'], network_interface_name: 'lo' },
  };
  for (const [name, value] of Object.entries(files)) {
    writeFileSync(join(root, 'input/config', `${name}.json`), JSON.stringify(value));
  }
  const program = join(repository!, 'algorithms/gradient-boosting/dist/main.js');
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, 'train'], {
    env: { PATH: process.env.PATH, SAGEMAKER_BASE_DIR: root },
    ...{ encoding: 'utf8', maxBuffer: 2 ** 26 },
  });
  const values = [...stdout.matchAll(/validation:logloss=(\S+)/g)];
  if (status !== 0 || values.length === 0) throw new Error(`The training job failed: ${stderr || stdout}`);
  console.log(values.at(-1)![1]);
} finally {
  rmSync(root, { recursive: true, force: true });
}
