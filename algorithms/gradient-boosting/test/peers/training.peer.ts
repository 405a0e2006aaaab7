/** Random runs of training in real XGBoost and here, from the same cut points: the same trees. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createPool } from '../../src/engine/threads/pool.js';
import { type CaseComparison, compareCase, deviations } from '../parity/compare-case.js';
import { trainingCases } from '../parity/training-case.js';
import { peerPython, runPython } from './python.js';

/** More of them by ALGO_PEERS_CASES. */
const CASES = Number(process.env.ALGO_PEERS_CASES ?? 200);
const SEED = process.env.ALGO_PEERS_SEED ?? '1';
/** Nodes in which rounding decided, as a share of all: more would mean that the comparison proves little. */
const MOST_TIES = 0.005;

const folder = mkdtempSync(join(tmpdir(), 'peers-'));
runPython(await peerPython(), 'parity.py', folder, '--cases', String(CASES), '--seed', SEED);
const cases = trainingCases(folder);
const pool = createPool(2);
afterAll(() => {
  pool.close();
  rmSync(folder, { recursive: true, force: true });
});

const compared: (CaseComparison & { readonly objective: string })[] = [];

it.each(cases)('$name: $settings', async (stored) => {
  const found = await compareCase(pool, stored);

  compared.push({ ...found, objective: String(stored.settings.objective) });
  expect(deviations(found, stored)).toEqual([]);
});

it('enough cases were compared, and ties are rare', () => {
  const total = (key: 'trees' | 'nodes' | 'sameRows' | 'sameGain' | 'sameWeights') =>
    compared.reduce((sum, found) => sum + found[key], 0);
  const ties = { sameRows: total('sameRows'), sameGain: total('sameGain'), sameWeights: total('sameWeights') };
  console.log({ cases: compared.length, trees: total('trees'), nodes: total('nodes'), ...ties });
  console.table(largestByObjective());

  expect(compared).toHaveLength(CASES);
  expect(ties.sameRows + ties.sameGain + ties.sameWeights).toBeLessThanOrEqual(MOST_TIES * total('nodes'));
});

function largestByObjective() {
  const keys = ['output', 'cover', 'gain', 'baseScore', 'treeWeight'] as const;
  return Object.fromEntries(
    [...Map.groupBy(compared, ({ objective }) => objective)].map(([objective, own]) => [
      objective,
      Object.fromEntries(keys.map((key) => [key, Math.max(...own.map((found) => found[key])).toExponential(1)])),
    ]),
  );
}
