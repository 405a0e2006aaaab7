/**
 * Random runs of training here, chance included (samples of rows and columns, dart): real XGBoost loads what they save
 * and predicts the margins that training followed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@algo/numerics';
import { afterAll, expect, it } from 'vitest';
import { createPool } from '../../src/engine/threads/pool.js';
import { writeJson, writeUbjson } from '../../src/model/write.js';
import { baseMargins, compilePredictor } from '../../src/predict/index.js';
import { fitCase, trainingCases } from '../parity/training-case.js';
import { peerPython, runPython } from './python.js';

/** More of them by ALGO_PEERS_CASES. */
const CASES = Number(process.env.ALGO_PEERS_CASES ?? 100);
const SEED = Number(process.env.ALGO_PEERS_SEED ?? 1) + 1000;
const ROWS = 200;

const folder = mkdtempSync(join(tmpdir(), 'peers-'));
const python = await peerPython();
runPython(python, 'parity.py', folder, '--cases', String(CASES), '--seed', String(SEED));
const pool = createPool(2);
afterAll(() => {
  pool.close();
  rmSync(folder, { recursive: true, force: true });
});

it('XGBoost predicts with a saved model the margins of its training', async () => {
  for (const [index, stored] of trainingCases(folder).entries()) {
    const { ensemble, margins } = await fitCase(pool, stored, chances(index));
    const count = Math.min(ROWS, stored.rows);
    const rows = stored.features.subarray(0, count * stored.columns);
    const predicted = compilePredictor(ensemble).margins(rows);
    expect(predicted, stored.name).toEqual(margins.slice(0, predicted.length));
    const put = (suffix: string, content: string | Uint8Array) =>
      writeFileSync(join(folder, `${stored.name}.${suffix}`), content);
    put('ours.json', writeJson(ensemble));
    put('ours.ubj', writeUbjson(ensemble));
    const values = Array.from(rows, (value) => (Number.isNaN(value) ? null : value));
    // A margin is rounded at the size of what it starts from, whose logarithm another libm may round the other way.
    const least = Math.max(1e-3, ...baseMargins(ensemble).map(Math.abs));
    const expected = { features: stored.columns, rows: values, margins: [...predicted], least };
    put('expected.json', JSON.stringify(expected));
  }

  const lines = runPython(python, 'verify.py', folder).trim().split('\n');
  const reports: { name: string; jsonMargins: number; ubjMargins: number }[] = lines.map((line) => JSON.parse(line));

  expect(reports).toHaveLength(CASES);
  expect(reports.filter(({ jsonMargins, ubjMargins }) => !(jsonMargins <= 1e-6 && ubjMargins <= 1e-6))).toEqual([]);
});

/** Hyperparameters that draw by chance, of which runs that are compared split for split have none. */
function chances(index: number): Record<string, unknown> {
  const random = createRandom(index);
  const isLikely = (share: number) => random.uniform() < share;
  return {
    seed: index,
    ...(isLikely(0.5) && { subsample: 0.6, sampling_method: isLikely(0.5) ? 'uniform' : 'gradient_based' }),
    ...(isLikely(0.3) && { colsample_bytree: 0.7 }),
    ...(isLikely(0.3) && { colsample_bylevel: 0.7, colsample_bynode: 0.7 }),
    ...(isLikely(0.3) && { num_parallel_tree: 3 }),
    ...(isLikely(0.3) && { booster: 'dart', rate_drop: 0.4, sample_type: isLikely(0.5) ? 'uniform' : 'weighted' }),
  };
}
