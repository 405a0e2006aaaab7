/**
 * Quality of training jobs compared with the same networks in PyTorch, on the sample data of three algorithms. Each
 * seed cuts the whole table into five folds, and a job learns from four of them and is measured on the fifth: the
 * tables' own validation rows (180, 57 and 33) are too few to detect a difference of 0.005. Both sides get the same
 * folds. The seconds of a job show what the quality costs: ours read the rows as text and save a model, PyTorch's do
 * not.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BenchContext,
  bundlePrograms,
  defineBench,
  type Goal,
  type Outcome,
  type Row,
  type RowInput,
  row,
  runNode,
  type Sample,
} from '@algo/bench';

interface Task {
  /** Table below `sample-data`. */
  readonly table: string;
  readonly measure: 'accuracy' | 'rmse';
  /** Held-out accuracy that ours must have. */
  readonly goal?: number;
  /** Times that each seed cuts the table: few rows make each time's mean uncertain. */
  readonly times: number;
  readonly hyperparameters: Readonly<Record<string, string>>;
}

const SEEDS = 5;
const FOLDS = 5;
/** How much worse than PyTorch the mean may be: accuracy by so much, RMSE by such a share. */
const WORSE = 0.005;
/** Of a small table: little enough freedom that two trainings from other weights come to much the same. */
const SMALL_TABLE = {
  ...{ hidden_units: '32', dropout: '0.2', optimizer: 'adamw', weight_decay: '1' },
  ...{ learning_rate: '0.01', lr_schedule: 'cosine', epochs: '30', batch_size: '32' },
};
const DIGITS = { objective: 'multiclass', num_classes: '10', learning_rate: '0.003', lr_schedule: 'cosine' };
const folder = import.meta.dirname;
const repository = join(folder, '..', '..', '..');
export const bench = defineBench({
  name: 'neural-network-quality',
  description: `training jobs on wasm, measured on held-out rows: mean of ${SEEDS} seeds, each of ${FOLDS} folds; range of the seeds`,
  pythonPackages: ['numpy', 'torch'],
  async measure(context) {
    const programs = bundlePrograms(folder, ['folds', 'held-out'], context.workDirectory);
    const rows: Row[] = [];
    for (const [name, task] of Object.entries(tasks())) {
      rows.push(...(await taskRows(name, task, context, programs.folds, programs['held-out'])));
    }
    return rows;
  },
});

// --- internal ---

function tasks(): Readonly<Record<string, Task>> {
  return {
    'digits, dense 64-128-64-10': {
      table: 'neural-network/source/digits.csv',
      ...{ measure: 'accuracy', goal: 0.975, times: 1 },
      hyperparameters: { ...DIGITS, hidden_units: '128,64', dropout: '0.3', epochs: '60', batch_size: '32' },
    },
    'digits, convolutions, the sample job': {
      table: 'neural-network/source/digits.csv',
      ...{ measure: 'accuracy', goal: 0.985, times: 1 },
      hyperparameters: sampleJob('neural-network'),
    },
    'digits, convolutions with batch normalization': {
      table: 'neural-network/source/digits.csv',
      ...{ measure: 'accuracy', goal: 0.985, times: 1 },
      hyperparameters: { ...DIGITS, input_shape: '8,8,1', batch_normalization: 'true', dropout: '0.3', epochs: '20' },
    },
    'breast cancer, dense 30-32-1': {
      table: 'gradient-boosting/source/breast-cancer.csv',
      ...{ measure: 'accuracy', times: 8 },
      hyperparameters: { objective: 'binary', ...SMALL_TABLE },
    },
    'penguins, dense 6-32-1': {
      table: 'linear-regression/source/penguins.csv',
      ...{ measure: 'rmse', times: 8 },
      hyperparameters: { objective: 'regression', ...SMALL_TABLE },
    },
  };
}

/** Hyperparameters of the job that `npm run validate` runs; its seed gives way to those of the bench. */
function sampleJob(name: string): Readonly<Record<string, string>> {
  const profile = readFileSync(join(repository, 'sample-data', name, 'validation-profile.json'), 'utf8');
  const { trainingJob }: { trainingJob: Pick<Task, 'hyperparameters'> } = JSON.parse(profile);
  return trainingJob.hyperparameters;
}

async function taskRows(name: string, task: Task, context: BenchContext, cut: string, heldOut: string): Promise<Row[]> {
  const { python, workDirectory, progress } = context;
  const { measure, times, hyperparameters } = task;
  const table = join(repository, 'sample-data', task.table);
  const foldsFile = join(workDirectory, 'folds.json');
  writeFileSync(foldsFile, (await runNode({ args: [cut, table, ...[SEEDS, times, FOLDS].map(String)] })).output);
  const args = [table, foldsFile, JSON.stringify({ ...hyperparameters, backend: 'wasm' }), measure];

  progress(`${name}: ours`);
  const ours = samplesOf((await runNode({ args: [heldOut, ...args] })).output);
  progress(`${name}: PyTorch`);
  const outcome = await peerOutcome(context, args);
  const peer = { name: python.label('torch'), outcome };
  const jobs = row({ measure: `${name}: a job`, unit: 's', key: 'jobSeconds', ours, peer, statistic: 'mean' });
  if (measure === 'rmse') {
    const goal = { value: 'ratio', atMost: 1 + WORSE } as const;
    return [row({ measure: `${name}: RMSE`, unit: '', key: measure, ours, peer, goal, statistic: 'mean' }), jobs];
  }
  const goal: { readonly goal?: Goal } = task.goal === undefined ? {} : { goal: { value: 'ours', atLeast: task.goal } };
  const accuracy = row({
    measure: `${name}: accuracy`,
    unit: '',
    key: measure,
    ours,
    peer,
    ...goal,
    statistic: 'mean',
  });
  return [accuracy, belowRow(name, ours, peer), jobs];
}

/** How far our accuracy is below PyTorch's, seed by seed. */
function belowRow(name: string, ours: readonly Sample[], peer: NonNullable<RowInput['peer']>): Row {
  const measure = `${name}: accuracy below PyTorch's`;
  const { outcome } = peer;
  // A missing peer leaves the row with its reason, and the goal not reached.
  if ('missing' in outcome) {
    return row({ measure, unit: '', key: 'accuracy', ours, peer, goal: { value: 'ratio', atMost: 1 } });
  }
  const below = ours.map(({ accuracy }, seed) => ({ below: outcome.samples[seed]!.accuracy! - accuracy! }));
  const goal = { value: 'ours', atMost: WORSE } as const;
  return row({ measure, unit: '', key: 'below', ours: below, goal, statistic: 'mean' });
}

async function peerOutcome({ python }: BenchContext, args: readonly string[]): Promise<Outcome> {
  const missing = python.missing(['numpy', 'torch']);
  if (missing !== undefined) return { missing };
  try {
    return { samples: samplesOf((await python.run(join(folder, 'peers', 'held-out-peer.py'), args)).output) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** By seed, from the last line of a program's output. */
function samplesOf(output: string): readonly Sample[] {
  return JSON.parse(output.trimEnd().split('\n').at(-1)!) as Sample[];
}
