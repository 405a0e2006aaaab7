/** A model of text columns in real XGBoost: from 3.1 on it codes a data frame by the names in our model. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openInvocations, runTraining } from '@algo/contract/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { readModel } from '../../src/model/index.js';
import { writeJson } from '../../src/model/write.js';
import { peerPythons, runPython } from './python.js';

const TABLE = fileURLToPath(new URL('../../../../sample-data/penguins/penguins.csv', import.meta.url));
const HEADED = 'text/csv;header=present';
/** XGBoost computes the link with another exp. */
const TOLERANCE = 1e-6;

const folder = mkdtempSync(join(tmpdir(), 'penguins-'));
const pythons = await peerPythons();
let expected: number[][] = [];

beforeAll(async () => {
  const csv = readFileSync(TABLE, 'utf8');
  const result = await runTraining(gradientBoosting, {
    hyperparameters: { objective: 'multi:softprob', num_round: '10' },
    channels: { train: { 'penguins.csv': csv } },
    inputDataConfig: { train: { ContentType: HEADED } },
  });
  const bytes = result.model.get('xgboost-model.ubj')!;
  writeFileSync(join(folder, 'model.ubj'), bytes);
  writeFileSync(join(folder, 'model.json'), writeJson(readModel(bytes, 'model')));
  const invoke = await openInvocations(gradientBoosting, result);
  const body = csv.replaceAll(/^[^,]*,/gm, '');
  const answer = await invoke({ contentType: HEADED, accept: 'text/csv', body });
  expected = answer.body
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));
  result.root.remove();
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Answer {
  readonly names: string[];
  readonly predictions: number[][];
  readonly reversed: number[][];
  readonly unseen: string;
}

function largestDifference(one: number[][], other: number[][]): number {
  const differences = one.flatMap((row, at) => row.map((value, column) => Math.abs(value - other[at]![column]!)));
  return differences.reduce((largest, difference) => Math.max(largest, difference), 0);
}

describe.each(pythons)('XGBoost %s', (version, python) => {
  it.each(['model.ubj', 'model.json'])('predicts as our endpoint answers, from %s', (file) => {
    const answer: Answer = JSON.parse(runPython(python, 'penguins.py', join(folder, file), TABLE));

    expect(answer.names.slice(0, 2)).toEqual(['island', 'bill_length_mm']);
    expect(largestDifference(answer.predictions, expected)).toBeLessThan(TOLERANCE);
    if (Number(version) < 3.1) return;
    expect(largestDifference(answer.reversed, expected)).toBeLessThan(TOLERANCE);
    expect(answer.unseen).toContain('Found a category not in the training set');
  });
});
