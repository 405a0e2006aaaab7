import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnsemble } from '../../src/model/index.js';
import { writeJson } from '../../src/model/write.js';
import { compilePredictor } from '../../src/predict/index.js';
import { largestDifference } from './stored-cases.js';

// Made by test/peers/train_old.py with XGBoost 1.0, 1.3 and 1.7.
const FOLDER = join(import.meta.dirname, '../fixtures/old-xgboost-models');
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.expected.json'))
  .map((file) => file.slice(0, -'.expected.json'.length));

describe.each(names)('a model of XGBoost %s', (name) => {
  const expected: { rows: (number | null)[]; margins: number[] } = JSON.parse(
    readFileSync(join(FOLDER, `${name}.expected.json`), 'utf8'),
  );
  const ensemble = readEnsemble(readFileSync(join(FOLDER, `${name}.json`)), name);
  const rows = Float32Array.from(expected.rows, (value) => value ?? Number.NaN);

  it('predicts the margins of that XGBoost version', () => {
    // Older versions added float32 leaves in another order.
    expect(largestDifference(compilePredictor(ensemble).margins(rows), expected.margins)).toBeLessThan(3e-7);
  });

  it('is written in the current format', () => {
    const again = readEnsemble(Buffer.from(writeJson(ensemble)), name);

    expect(again.numParallelTree).toBe(1);
    expect(compilePredictor(again).margins(rows)).toEqual(compilePredictor(ensemble).margins(rows));
  });
});
