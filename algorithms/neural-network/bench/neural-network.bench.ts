/**
 * Training and prediction of two dense nets from memory, on the wasm and the tensorflow backend, compared with PyTorch
 * on the same CPUs: the faster of its two ways to run Adam. Each time comes with the final training loss.
 */
import { join } from 'node:path';
import {
  alternate,
  bundlePrograms,
  type Contender,
  defineBench,
  type Outcome,
  type Row,
  type RowInput,
  row,
  runNode,
} from '@algo/bench';

/** As in programs/table.ts: S is dominated by calls, L by arithmetic. */
const NETS = {
  S: { columns: 28, hidden: [128, 64], rows: 20_000, batch: 256, epochs: 3 },
  L: { columns: 64, hidden: [512, 512, 256], rows: 20_000, batch: 256, epochs: 3 },
} as const;
/** Training: ours ÷ PyTorch at most. */
const GOALS = {
  wasm: { S: 1.5, L: 2.5 },
  tensorflow: { S: 2.5, L: 1.6 },
} as const;
/** Rows a second of prediction ÷ PyTorch at least. */
const PREDICTION_GOAL = 0.7;
const ROW_GOAL_MICROSECONDS = 60;
const ADAMS = ['plain', 'fused'] as const;
const ROUNDS = 7;
const THREADS = '2';
const SEED = 7;
const folder = import.meta.dirname;

export const bench = defineBench({
  name: 'neural-network',
  description:
    'train (from float32 in memory, Adam, batch 256, 3 epochs of 20,000 rows) and predict, 2 threads: S 28-128-64-1; L 64-512-512-256-1',
  pythonPackages: ['numpy', 'torch'],
  async measure({ python, dataDirectory, workDirectory, progress }) {
    const { make, measure } = bundlePrograms(folder, ['make', 'measure'], workDirectory);
    const rows: Row[] = [];
    for (const [name, net] of Object.entries(NETS)) {
      const { output } = await runNode({ args: [make, dataDirectory, JSON.stringify(net), String(SEED)] });
      const files: { features: string; labels: string } = JSON.parse(output);
      const args = [files.features, files.labels, JSON.stringify(net)];
      for (const backend of ['wasm', 'tensorflow'] as const) {
        const run = async () => {
          const { reported, peakMB } = await runNode({ args: [measure, ...args, backend, THREADS] });
          return { ...reported, peakMB };
        };
        const torch = (adam: string): Contender =>
          python.contender(['torch', 'numpy'], join(folder, 'peers', 'torch-peer.py'), [...args, THREADS, adam]);
        try {
          const result = await alternate({
            ours: { run },
            peers: { plain: torch('plain'), fused: torch('fused') },
            rounds: ROUNDS,
            progress: (line) => progress(`${name} on ${backend}: ${line}`),
          });
          rows.push(...netRows(name as keyof typeof NETS, backend, result, python.label('torch')));
        } catch (error) {
          if (backend === 'wasm') throw error;
          progress(`${name} on ${backend} is left out, see npm run tensorflow: ${String(error)}`);
        }
      }
    }
    return rows;
  },
});

// --- internal ---

type Result = Awaited<ReturnType<typeof alternate<(typeof ADAMS)[number]>>>;

function netRows(net: keyof typeof NETS, backend: keyof typeof GOALS, { ours, peers }: Result, torch: string): Row[] {
  const fastest = ADAMS.map((adam) => ({ name: `${torch}, ${adam} Adam`, outcome: peers[adam] })).toSorted(
    (a, b) => medianTraining(a.outcome) - medianTraining(b.outcome),
  )[0]!;
  const one = (measure: string, input: Omit<RowInput, 'measure' | 'ours' | 'peer'>) =>
    row({ measure: `${net} on ${backend}: ${measure}`, ours, peer: fastest, ...input });
  return [
    one('train', { unit: 's', key: 'trainSeconds', goal: { value: 'ratio', atMost: GOALS[backend][net] } }),
    one('training loss at the end', { unit: '', key: 'loss' }),
    one('predict 1,000,000 rows', {
      unit: 's',
      key: 'predictSecondsPerMillion',
      ...(backend === 'wasm' && { goal: { value: 'ratio', atMost: 1 / PREDICTION_GOAL } as const }),
    }),
    one('predict one row', {
      unit: 'µs',
      key: 'rowMicroseconds',
      ...(net === 'S' && backend === 'wasm' && { goal: { value: 'ours', atMost: ROW_GOAL_MICROSECONDS } as const }),
    }),
    one('peak memory', { unit: 'MB', key: 'peakMB', statistic: 'max' }),
    row({
      measure: `${net} on ${backend}: tensors left behind`,
      unit: '',
      key: 'leaked',
      ours,
      goal: { value: 'ours', atMost: 0 },
    }),
  ];
}

function medianTraining(outcome: Outcome): number {
  if (!('samples' in outcome)) return Number.POSITIVE_INFINITY;
  const seconds = outcome.samples.map((sample) => sample.trainSeconds!).sort((a, b) => a - b);
  return seconds[seconds.length >> 1]!;
}
