import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTrainingTree } from '../src/training-tree.js';

it('creates /opt/ml around the channel file without copying it, and empties it first', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bench-test-'));
  const file = join(directory, 'table.csv');
  const tree = join(directory, 'opt-ml');
  writeFileSync(file, '1,2\n');

  makeTrainingTree({ directory: tree, hyperparameters: {}, channels: { train: file } });
  writeFileSync(join(tree, 'model', 'old.json'), '{}');
  const variables = makeTrainingTree({ directory: tree, hyperparameters: { l2: '1' }, channels: { train: file } });

  const read = (path: string) => JSON.parse(readFileSync(join(tree, path), 'utf8')) as unknown;
  expect(variables.SAGEMAKER_BASE_DIR).toBe(tree);
  expect(statSync(join(tree, 'input/data/train/table.csv')).ino).toBe(statSync(file).ino);
  expect(read('input/config/hyperparameters.json')).toEqual({ l2: '1' });
  expect(read('input/config/inputdataconfig.json')).toMatchObject({ train: { ContentType: 'text/csv' } });
  expect(() => statSync(join(tree, 'model', 'old.json'))).toThrow('ENOENT');
  rmSync(directory, { recursive: true });
});
