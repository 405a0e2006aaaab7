/** Many random models, both ways: real XGBoost's read here, ours (and ours of theirs) read by real XGBoost. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@algo/numerics';
import { afterAll, describe, expect, it } from 'vitest';
import { readEnsemble } from '../../src/model/index.js';
import { writeJson, writeUbjson } from '../../src/model/write.js';
import {
  compilePredictor,
  createExplainer,
  featureImportance,
  IMPORTANCE_TYPES,
  walkLeaves,
  walkMargins,
} from '../../src/predict/index.js';
import { largestDifference, type StoredCase, storedCases } from '../model/stored-cases.js';
import { type EnsembleShape, randomEnsemble, randomRows } from '../predict/random-ensemble.js';
import { peerPython, runPython } from './python.js';

/** More of either by ALGO_PEERS_CASES. */
const CASES = Number(process.env.ALGO_PEERS_CASES ?? 120);
const SEED = process.env.ALGO_PEERS_SEED ?? '1';

const python = await peerPython();
const folder = mkdtempSync(join(tmpdir(), 'peers-'));
const theirs = join(folder, 'theirs');
const ours = join(folder, 'ours');
runPython(python, 'train.py', theirs, '--cases', String(CASES), '--seed', SEED);
const cases = storedCases(theirs);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Results of verify.py that are above a limit. */
function failures(
  directory: string,
  marginLimit: number,
  contributionLimit: number,
): Record<string, number | string>[] {
  const lines = runPython(python, 'verify.py', directory).trim().split('\n');
  const reports: Record<string, number | string>[] = lines.map((line) => JSON.parse(line));
  expect(reports.length).toBeGreaterThan(0);
  return reports.filter((report) => {
    return Object.entries(report).some(([key, value]) => {
      return typeof value === 'number' && !(value <= (key.endsWith('Margins') ? marginLimit : contributionLimit));
    });
  });
}

/** Equal to the last bit, but that libm may round the link of a base score the other way. */
function marginLimit({ expected }: StoredCase): number {
  const hasLink = /expectile|logistic|poisson|gamma|tweedie|survival/.test(expected.objective);
  return hasLink ? 1e-6 : 0;
}

it('there are enough cases, with every booster', () => {
  expect(cases).toHaveLength(CASES);
});

describe.each(cases)('$name: $expected.settings', (stored) => {
  const { expected, rows, ubjson, json, name } = stored;
  const ensemble = readEnsemble(ubjson, name);

  it('predicts, explains and ranks features like XGBoost', () => {
    const margins = walkMargins(ensemble, rows);

    expect(readEnsemble(json!, name)).toEqual(ensemble);
    expect(largestDifference(margins, expected.margins)).toBeLessThanOrEqual(marginLimit(stored));
    expect(compilePredictor(ensemble).margins(rows)).toEqual(margins);
    expect([...walkLeaves(ensemble, rows)]).toEqual(expected.leaves);
    const explainer = createExplainer(ensemble);
    // XGBoost sums contributions in float32; with shares near 0 its terms are large and cancel.
    expect(largestDifference(explainer.contributions(rows), expected.contributions)).toBeLessThan(1e-4);
    if (expected.interactions) {
      const few = rows.subarray(0, 3 * ensemble.featureCount);
      expect(largestDifference(explainer.interactions(few), expected.interactions)).toBeLessThan(1e-4);
    }
    for (const type of IMPORTANCE_TYPES) {
      expect([...featureImportance(ensemble, type)]).toEqual([...Float32Array.from(expected.importance![type]!)]);
    }
  });

  it('is written in a form that XGBoost reads', () => {
    writeFileSync(join(theirs, `${name}.ours.json`), writeJson(ensemble));
    writeFileSync(join(theirs, `${name}.ours.ubj`), writeUbjson(ensemble));
  });
});

it('XGBoost predicts the same with its own models after we rewrite them', () => {
  expect(failures(theirs, 0, 1e-5)).toEqual([]);
});

it('XGBoost predicts the same with models trained here', () => {
  runPython(python, 'train.py', ours, '--cases', '0');
  for (let index = 0; index < CASES; index++) {
    const random = createRandom(index + 1).uniform;
    const shape: EnsembleShape = {
      featureCount: 1 + Math.floor(random() * 12),
      groupCount: 1 + (index % 3),
      rounds: 1 + Math.floor(random() * 10),
      depth: Math.floor(random() * 10),
      categoricalShare: index % 2 === 0 ? 0 : 0.4,
      thresholds: 1 + Math.floor(random() * 300),
      isDart: index % 5 === 0,
    };
    const ensemble = randomEnsemble(shape, random);
    const rows = finiteRows(shape, random);
    const name = join(ours, `case-${index}`);
    writeFileSync(`${name}.ours.json`, writeJson(ensemble));
    writeFileSync(`${name}.ours.ubj`, writeUbjson(ensemble));
    const values = Array.from(rows, (value) => (Number.isNaN(value) ? null : value));
    const margins = Array.from(walkMargins(ensemble, rows));
    const contributions = Array.from(createExplainer(ensemble).contributions(rows));
    writeFileSync(
      `${name}.expected.json`,
      JSON.stringify({ features: shape.featureCount, rows: values, margins, contributions }),
    );
  }

  expect(failures(ours, 0, 1e-4)).toEqual([]);
});

/** XGBoost refuses infinite values and, in a categorical column, negative ones. */
function finiteRows(shape: EnsembleShape, random: () => number): Float32Array {
  return randomRows(shape, 40, 0.2, random).map((value) =>
    Number.isNaN(value) ? value : Math.min(Math.abs(value), 60),
  );
}
