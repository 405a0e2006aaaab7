/**
 * Training and prediction from memory on four shapes of tables, compared with XGBoost and LightGBM, and the training
 * program on a CSV file compared with a typical Python script. Each time comes with the quality; comparing quality with
 * XGBoost's needs tables of more than one seed, which `npm run quality` makes.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  alternate,
  bundlePrograms,
  type Contender,
  defineBench,
  makeTrainingTree,
  type Row,
  row,
  runNode,
  type Sample,
} from '@algo/bench';
import { LIGHTGBM_MODES, shapeRows } from './shape-rows.ts';

interface Shape {
  readonly rows: number;
  readonly testRows: number;
  readonly columns: number;
  readonly classes: number;
  readonly rounds: number;
  readonly kind: string;
}

/** As in programs/shapes.ts. */
const SHAPES: Readonly<Record<string, Shape>> = {
  A: { rows: 1_000_000, testRows: 100_000, columns: 28, classes: 2, rounds: 100, kind: 'dense' },
  B: { rows: 100_000, testRows: 20_000, columns: 50, classes: 2, rounds: 100, kind: 'dense' },
  C: { rows: 581_012, testRows: 50_000, columns: 54, classes: 7, rounds: 20, kind: 'one-hot' },
  D: { rows: 200_000, testRows: 50_000, columns: 500, classes: 2, rounds: 100, kind: 'sparse' },
};

/** Each leaves out another block of test rows. */
const ROUNDS = 5;
const THREADS = '2';
const SEED = 7;
const folder = import.meta.dirname;
const program = join(folder, '..', 'dist', 'main.js');
const peer = (name: string) => join(folder, 'peers', `${name}.py`);

export const bench = defineBench({
  name: 'gradient-boosting',
  description:
    'train (bins included) and predict from float32 in memory, 2 threads, depth 6, 256 bins: A 1,000,000 x 28; B 100,000 x 50; C 581,012 x 54, 7 classes, 20 rounds; D 200,000 x 500, 90 % missing; then the train program on A as CSV',
  pythonPackages: ['numpy', 'pandas', 'xgboost', 'lightgbm'],
  async measure({ python, dataDirectory, workDirectory, progress }) {
    const { make, measure } = bundlePrograms(folder, ['make', 'measure'], workDirectory);
    const rows: Row[] = [];
    let filesOfA: { features: string; labels: string } | undefined;
    for (const [name, shape] of Object.entries(SHAPES)) {
      progress(`${name}: data`);
      const files: { features: string; labels: string } = JSON.parse(
        (await runNode({ args: [make, dataDirectory, JSON.stringify(shape), String(SEED)] })).output,
      );
      if (name === 'A') filesOfA = files;
      const args = [files.features, files.labels, JSON.stringify(shape)];
      const ours = (threads: string) => async (block: string) => {
        const { reported, peakMB } = await runNode({ args: [measure, ...args, threads, block] });
        return { ...reported, peakMB };
      };
      const xgboost = (block: string) =>
        python.contender(['xgboost', 'numpy'], peer('xgboost-peer'), [...args, THREADS, block]).run();
      const lightgbm = (mode: string) => (block: string) =>
        python.contender(['lightgbm', 'numpy'], peer('lightgbm-peer'), [...args, THREADS, block, mode]).run();
      const peers: Readonly<Record<string, Contender>> = {
        xgboost: { missing: python.missing(['xgboost', 'numpy']), run: eachBlock(xgboost) },
        ...Object.fromEntries(
          LIGHTGBM_MODES.map((mode) => {
            return [mode, { missing: python.missing(['lightgbm', 'numpy']), run: eachBlock(lightgbm(mode)) }];
          }),
        ),
        ...((name === 'A' || name === 'B') && { oneThread: { run: eachBlock(ours('1')) } }),
      };
      const result = await alternate({
        ours: { run: eachBlock(ours(THREADS)) },
        peers,
        rounds: ROUNDS,
        progress: (line) => progress(`${name}: ${line}`),
      });
      rows.push(...shapeRows(name, result, python.label('xgboost'), python.label('lightgbm')));
    }
    const csv = csvOf(filesOfA!, SHAPES.A!, dataDirectory);
    readFileSync(csv); // into the page cache, so that the first contender does not pay for the disk
    const whole = await alternate({
      ours: { run: () => trainProgram(csv, join(workDirectory, 'opt-ml')) },
      peers: {
        python: python.contender(['xgboost', 'pandas', 'numpy'], peer('script-peer'), [
          csv,
          '100',
          THREADS,
          join(workDirectory, 'model.ubj'),
        ]),
      },
      rounds: ROUNDS,
      progress: (line) => progress(`train program: ${line}`),
    });
    const script = { name: `${python.label('pandas')} + ${python.label('xgboost')}`, outcome: whole.peers.python };
    const program = { ours: whole.ours, peer: script };
    rows.push(
      row({
        ...program,
        measure: 'A: train program on CSV',
        unit: 's',
        key: 'wallSeconds',
        goal: { value: 'ratio', atMost: 0.55 },
      }),
      row({ ...program, measure: 'A: its peak memory', unit: 'MB', key: 'peakMB', statistic: 'max' }),
    );
    return rows;
  },
});

// --- internal ---

/** A run that leaves out another block of rows each time, so that quality is a mean over different unseen rows. */
function eachBlock(run: (block: string) => Promise<Sample>): () => Promise<Sample> {
  let block = 0;
  return () => run(String(block++));
}

/** The training rows of a shape as CSV, label first, six decimals; written unless it is there. */
function csvOf(files: { readonly features: string; readonly labels: string }, shape: Shape, directory: string): string {
  const path = join(directory, `boosting-${shape.kind}-${shape.rows}x${shape.columns}-seed-${SEED}.csv`);
  if (existsSync(path)) return path;
  const labels = new Float32Array(readFileSync(files.labels).buffer.slice(0, 4 * shape.rows));
  const source = openSync(files.features, 'r');
  const target = openSync(`${path}.partial`, 'w');
  const step = 10_000;
  const values = new Float32Array(step * shape.columns);
  for (let first = 0; first < shape.rows; first += step) {
    const count = Math.min(step, shape.rows - first);
    readSync(source, new Uint8Array(values.buffer, 0, 4 * count * shape.columns));
    const lines = Array.from({ length: count }, (_, index) => {
      const fields = Array.from(values.subarray(index * shape.columns, (index + 1) * shape.columns), (value) =>
        value.toFixed(6),
      );
      return `${labels[first + index]},${fields.join(',')}\n`;
    });
    writeSync(target, lines.join(''));
  }
  closeSync(source);
  closeSync(target);
  renameSync(`${path}.partial`, path);
  return path;
}

/** @throws Error unless the job saved a model */
async function trainProgram(file: string, directory: string): Promise<{ wallSeconds: number; peakMB: number }> {
  const hyperparameters = { objective: 'binary:logistic', num_round: '100', max_depth: '6', nthread: THREADS };
  const variables = makeTrainingTree({ directory, hyperparameters, channels: { train: file } });
  const { seconds, peakMB } = await runNode({ args: [program, 'train'], variables });
  readFileSync(join(directory, 'model', '.manifest.json'));
  return { wallSeconds: seconds, peakMB };
}
