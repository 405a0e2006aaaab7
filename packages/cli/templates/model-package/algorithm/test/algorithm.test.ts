import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkAlgorithm, openModel } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { exampleAlgorithm } from '../src/algorithm.js';
import { MODEL_FILE } from '../src/linear-model.js';

const ROOT = join(import.meta.dirname, '../../..');
const SAMPLE_DATA = join(ROOT, 'sample-data/example-algorithm');
const MODEL = join(SAMPLE_DATA, 'model');

describe('the shared rules of algorithms', () => {
  checkAlgorithm(exampleAlgorithm, {
    test: it,
    model: { [MODEL_FILE]: readFileSync(join(MODEL, MODEL_FILE)) },
    rows: '39.1,18.7,181\n46.5,13.5,210\n',
  });
});

it('the model that is sold predicts as its coefficients say', async () => {
  const { intercept, coefficients } = JSON.parse(readFileSync(join(MODEL, MODEL_FILE), 'utf8'));
  const invoke = await openModel(exampleAlgorithm, MODEL);

  const { body } = await invoke({ contentType: 'text/csv', body: '1,0,0\n0,0,1\n' });
  await invoke.close();

  const expected = [intercept + coefficients[0], intercept + coefficients[2]];
  expect(body).toBe(expected.map((value) => `${value}\n`).join(''));
});
