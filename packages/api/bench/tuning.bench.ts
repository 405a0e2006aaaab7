/**
 * Tuning jobs: the best objective after 40 training jobs, one after the other, on Branin's function, Hartmann's of six
 * variables and training jobs of gradient-boosting with cross-validation, compared with random search and with Optuna. A round has a seed of
 * its own, the same for all.
 */
import { join } from 'node:path';
import {
  alternate,
  type BenchContext,
  bundlePrograms,
  defineBench,
  median,
  type Outcome,
  type Row,
  row,
  runNode,
  type Sample,
} from '@algo/bench';

interface Task {
  readonly name: string;
  /** What the programs call it: a function, or a command as JSON. */
  readonly argument: string;
  readonly ranges: object;
  /** What 40 training jobs take is not the strategies' own time. */
  readonly isTimed: boolean;
}

const SEEDS = 10;
/** Of what Optuna's median is better than that of random search, the share that may be missing. */
const MISSING = 0.1;
const PEERS = ['optuna', 'scipy', 'torch'];
const folder = import.meta.dirname;
const repository = join(folder, '..', '..', '..');

export const bench = defineBench({
  name: 'tuning',
  description: `best objective of a tuning job of 40 training jobs: median and range of ${SEEDS} seeds; smaller is better`,
  pythonPackages: PEERS,
  async measure(context) {
    const { train, tune } = bundlePrograms(folder, ['train', 'tune'], context.workDirectory);
    const rows: Row[] = [];
    for (const task of tasks(train)) rows.push(...(await taskRows(task, context, tune)));
    return rows;
  },
});

// --- internal ---

function tasks(train: string): readonly Task[] {
  const unit = (Name: string, MinValue = '0', MaxValue = '1', ScalingType = 'Linear') => ({
    ...{ Name, MinValue, MaxValue, ScalingType },
  });
  return [
    {
      ...{ name: 'Branin', argument: 'branin', isTimed: true },
      ranges: { ContinuousParameterRanges: [unit('x0', '-5', '10'), unit('x1', '0', '15')] },
    },
    {
      ...{ name: 'Hartmann 6', argument: 'hartmann6', isTimed: true },
      ranges: { ContinuousParameterRanges: [0, 1, 2, 3, 4, 5].map((i) => unit(`x${i}`)) },
    },
    {
      ...{ name: 'gradient-boosting, logloss of 3 folds', isTimed: false },
      argument: JSON.stringify([process.execPath, train, repository]),
      ranges: {
        IntegerParameterRanges: [unit('num_round', '10', '100', 'Logarithmic'), unit('max_depth', '1', '10')],
        ContinuousParameterRanges: [
          unit('eta', '0.01', '0.5', 'Logarithmic'),
          unit('lambda', '0.001', '100', 'Logarithmic'),
          unit('alpha', '0.0001', '10', 'Logarithmic'),
          unit('min_child_weight', '0', '20'),
          unit('subsample', '0.5', '1'),
          unit('colsample_bytree', '0.3', '1'),
        ],
      },
    },
  ];
}

async function taskRows(task: Task, { python, progress }: BenchContext, tune: string): Promise<Row[]> {
  const args = [task.argument, JSON.stringify(task.ranges)];
  const ours = (strategy: string) =>
    eachSeed(async (seed) => (await runNode({ args: [tune, ...args, strategy, seed] })).reported);
  const optuna = (sampler: string) => ({
    missing: python.missing(PEERS),
    ...eachSeed((seed) =>
      python.contender(PEERS, join(folder, 'peers', 'optuna-peer.py'), [...args, sampler, seed]).run(),
    ),
  });
  const { ours: bayesian, peers } = await alternate({
    ours: ours('Bayesian'),
    peers: { random: ours('Random'), gp: optuna('gp'), tpe: optuna('tpe') },
    rounds: SEEDS,
    progress: (line) => progress(`${task.name}: ${line}`),
  });
  const best = { measure: `${task.name}, best of 40`, unit: '', key: 'best', ours: bayesian };
  const names = { gp: `${python.label('optuna')} GPSampler`, tpe: `${python.label('optuna')} TPESampler` };
  return [
    row({ ...best, peer: { name: 'our random search', outcome: peers.random }, ...below(peers.random, peers.random) }),
    row({ ...best, peer: { name: names.gp, outcome: peers.gp }, ...below(peers.gp, peers.random) }),
    row({ ...best, peer: { name: names.tpe, outcome: peers.tpe }, ...below(peers.tpe, peers.random) }),
    ...(task.isTimed
      ? [
          row({
            ...{ measure: `${task.name}, 40 suggestions`, unit: 's', key: 'seconds', ours: bayesian },
            peer: { name: names.gp, outcome: peers.gp },
          }),
        ]
      : []),
  ];
}

/** A contender that runs with seed 0, 1, 2, … */
function eachSeed<Result>(run: (seed: string) => Promise<Result>): { run(): Promise<Result> } {
  let seed = 0;
  return { run: () => run(String(seed++)) };
}

/**
 * The goal to reach 90 % of what the peer's median is better than that of random search; none where the peer is missing.
 * Random search itself is to be reached.
 */
function below(peer: Outcome, random: Outcome): { goal?: { value: 'ours'; atMost: number } } {
  if ('missing' in peer || 'missing' in random) return {};
  const [reached, start] = [medianOf(peer), medianOf(random)];
  return { goal: { value: 'ours', atMost: Number((reached + MISSING * (start - reached)).toPrecision(4)) } };
}

function medianOf({ samples }: { readonly samples: readonly Sample[] }): number {
  return median(samples.map(({ best }) => best!));
}
