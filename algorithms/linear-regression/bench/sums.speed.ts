/**
 * Seconds of the exact sums and of the solve, in memory: `npx vitest run --config bench/vitest.config.ts`. Each line is the fastest of
 * five runs (of 1,000 features: the only one), the sums scaled to 1,000,000 rows; `npm run bench` compares the whole program with its peer.
 */
import { createRandom } from '@algo/numerics';
import { expect, it } from 'vitest';
import { fitLeastSquares } from '../src/fitting/least-squares.js';
import { createGram, type GramOptions } from '../src/sums/gram.js';
import type { Rows } from '../src/sums/rows.js';
import { sumsOf } from '../test/support/table.js';

const BLOCK_ROWS = 5000;
const BLOCKS = 20;
const RUNS = 5;
const random = createRandom(1).uniform;
const normal = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());

function fastest(run: () => void, runs = RUNS): number {
  const seconds = Array.from({ length: runs }, () => {
    const started = performance.now();
    run();
    return (performance.now() - started) / 1000;
  });
  return Math.min(...seconds);
}

function block(columns: number, write: (value: number) => number): Rows {
  return {
    rows: BLOCK_ROWS,
    features: Float64Array.from({ length: BLOCK_ROWS * columns }, () => write(normal())),
    labels: Float64Array.from({ length: BLOCK_ROWS }, () => write(normal())),
  };
}

function secondsOfSums(rows: Rows, options: Partial<GramOptions> = {}): number {
  const seconds = fastest(() => {
    const gram = createGram({ featureCount: rows.features.length / rows.rows, degree: 1, ...options });
    for (let i = 0; i < BLOCKS; i++) gram.addBlock(rows);
    gram.sums();
  });
  return (seconds * 1e6) / (BLOCKS * BLOCK_ROWS);
}

it('prints the table of speeds', () => {
  const seven = block(28, (value) => Number(value.toFixed(6)));
  const weights = Float64Array.from({ length: BLOCK_ROWS }, () => Math.round(random() * 1000) / 1000);
  const table: Record<string, number> = {
    '28 features of 7 digits': secondsOfSums(seven),
    '28 features of 7 digits, weighted': secondsOfSums({ ...seven, weights }, { hasWeights: true }),
    '28 features of 10 digits': secondsOfSums(block(28, (value) => Number(value.toFixed(9)))),
    '28 features of 17 digits': secondsOfSums(block(28, (value) => value)),
    '28 features, float32': secondsOfSums(block(28, Math.fround)),
    '28 features of 7 digits, powers to 3': secondsOfSums(seven, { degree: 3 }),
  };
  for (const features of [30, 100, 200, 400, 1000]) {
    const rows = Array.from({ length: 2 * features }, () =>
      Array.from({ length: features + 1 }, () => Math.round(random() * 1e6) / 1e5),
    );
    const sums = sumsOf(rows);
    table[`solve for ${features} features`] = fastest(
      () => fitLeastSquares(sums, { hasIntercept: true }),
      features < 1000 ? RUNS : 1,
    );
  }
  for (const [what, seconds] of Object.entries(table)) console.log(`${what}: ${seconds.toPrecision(2)} s`);

  expect(Object.values(table).every(Number.isFinite)).toBe(true);
});
