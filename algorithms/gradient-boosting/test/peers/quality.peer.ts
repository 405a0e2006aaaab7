/**
 * Quality compared with XGBoost's with the same parameters, on the bench's shapes: means over tables made from several
 * seeds, on rows that no training sees. `npm run quality` takes the shapes as they are, `npm run peers` a part of their
 * rows.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { SHAPES, type Shape, shapeFiles } from '../../bench/programs/shapes.js';
import { peerPython, runPython } from './python.js';

/** Share of the rows that the bench trains on. */
const SCALE = Number(process.env.ALGO_QUALITY_SCALE ?? 0.05);
const SEEDS = [1, 2, 3, 4, 5];
const THREADS = '2';
const TIMEOUT_MS = 3_600_000;
/** How much worse the mean may be: of AUC absolute, of logloss relative. */
const WORSE_AUC = 0.0005;
const WORSE_LOGLOSS = 0.001;

const python = await peerPython();
const repository = join(import.meta.dirname, '../../../..');
const folder = mkdtempSync(join(tmpdir(), 'quality-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = join(folder, 'measure.js');
const source = join(import.meta.dirname, '../../bench/programs/measure.ts');
execFileSync(process.execPath, [join(repository, 'packages/build/build-bundle.js'), source, program], {
  cwd: repository,
});

interface Quality {
  readonly aucOrError: number;
  readonly logloss: number;
}

it.each(Object.entries<Shape>(SHAPES))(
  'quality on shape %s is not below XGBoost',
  { timeout: TIMEOUT_MS },
  (name, full) => {
    const shape = { ...full, rows: Math.round(full.rows * SCALE) };

    const pairs = SEEDS.map((seed) => measure(shape, seed));

    const isBinary = shape.classes === 2;
    const auc = difference(pairs.map(({ ours, theirs }) => theirs.aucOrError - ours.aucOrError));
    const loss = difference(pairs.map(({ ours, theirs }) => ours.logloss / theirs.logloss - 1));
    console.log(
      [
        `${name} ${shape.rows} x ${shape.columns}, ${shape.rounds} rounds, ${SEEDS.length} seeds: mean (minimum to maximum)`,
        `${isBinary ? 'AUC    ' : 'error  '} ours ${spread(pairs, 'ours', 'aucOrError')}, XGBoost ${spread(pairs, 'theirs', 'aucOrError')}`,
        `logloss ours ${spread(pairs, 'ours', 'logloss')}, XGBoost ${spread(pairs, 'theirs', 'logloss')}`,
        `${isBinary ? 'AUC below' : 'error below'} by ${text(auc)}, logloss above by ${text(loss)} of it (standard error)`,
      ].join('\n  '),
    );
    // Few rows make a mean uncertain: fail only where chance does not explain it.
    if (isBinary) expect(auc.mean).toBeLessThanOrEqual(WORSE_AUC + 2 * auc.error);
    expect(loss.mean).toBeLessThanOrEqual(WORSE_LOGLOSS + 2 * loss.error);
  },
);

// --- internal ---

interface Pair {
  readonly ours: Quality;
  readonly theirs: Quality;
}

/** Both trained on the same rows, cut points found by each. */
function measure(shape: Shape, seed: number): Pair {
  const files = shapeFiles(folder, shape, seed);
  const args = [files.features, files.labels, JSON.stringify(shape), THREADS, '0'];
  const ours = lastLine(execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' }));
  const theirs = lastLine(runPython(python, '../../bench/peers/xgboost-peer.py', ...args));
  rmSync(files.features);
  rmSync(files.labels);
  return { ours, theirs };
}

function lastLine(output: string): Quality {
  return JSON.parse(output.trim().split('\n').at(-1)!);
}

/** Mean of paired differences and its standard error. */
function difference(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

function text({ mean, error }: ReturnType<typeof difference>): string {
  return `${mean.toFixed(5)} (${error.toFixed(5)})`;
}

function spread(pairs: readonly Pair[], side: 'ours' | 'theirs', key: keyof Quality): string {
  const values = pairs.map((pair) => pair[side][key]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `${mean.toFixed(5)} (${Math.min(...values).toFixed(5)} to ${Math.max(...values).toFixed(5)})`;
}
