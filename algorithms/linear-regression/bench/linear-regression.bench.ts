/**
 * Training: the program from process start to saved model on a large file, compared with a typical Python script; and
 * its peak memory, which must not grow with the file.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  alternate,
  defineBench,
  makeTrainingTree,
  regressionCoefficients,
  regressionTable,
  repeatFile,
  row,
  runNode,
} from '@algo/bench';

const FEATURES = 28;
/** Five standard errors of the coefficients: 1 / √1,000,000 is one. */
const COEFFICIENT_TOLERANCE = 0.005;
const ROUNDS = 5;
const TIMES_LONGER = 4;
const program = join(import.meta.dirname, '..', 'dist', 'main.js');

export const bench = defineBench({
  name: 'linear-regression',
  description: 'train, process start to saved model, 1,000,000 rows of 28 features and a label, 287 MB',
  pythonPackages: ['numpy', 'pandas'],
  async measure({ python, dataDirectory, workDirectory, progress }) {
    const file = regressionTable(dataDirectory, { rows: 1_000_000, features: FEATURES, seed: 7 });
    const longFile = repeatFile(file, TIMES_LONGER);
    readFileSync(file); // into the page cache, so that the first contender does not pay for the disk

    const peerScript = join(import.meta.dirname, 'linear-regression-peer.py');
    const contenders = (table: string) => ({
      ours: { run: () => train(table, join(workDirectory, 'opt-ml')) },
      peers: {
        python: python.contender(['numpy', 'pandas'], peerScript, [table, join(workDirectory, 'model.npz')]),
      },
    });
    const once = await alternate({ ...contenders(file), rounds: ROUNDS, progress });
    const long = await alternate({
      ...contenders(longFile),
      rounds: 1,
      progress: (line) => progress(`file ${TIMES_LONGER} times as long, ${line}`),
    });

    const peerName = `${python.label('pandas')} + ${python.label('numpy')} lstsq`;
    const memory = { unit: 'MB', key: 'peakMB', statistic: 'max', goal: { value: 'ours', atMost: 250 } } as const;
    return [
      row({
        measure: 'train',
        unit: 's',
        key: 'wallSeconds',
        ours: once.ours,
        peer: { name: peerName, outcome: once.peers.python },
        goal: { value: 'ratio', atMost: 0.5 },
      }),
      row({
        measure: `train, file ${TIMES_LONGER} times as long`,
        unit: 's',
        key: 'wallSeconds',
        ours: long.ours,
        peer: { name: peerName, outcome: long.peers.python },
      }),
      row({
        ...memory,
        measure: 'peak memory',
        ours: once.ours,
        peer: { name: peerName, outcome: once.peers.python },
      }),
      row({
        ...memory,
        measure: `peak memory, file ${TIMES_LONGER} times as long`,
        ours: long.ours,
        peer: { name: peerName, outcome: long.peers.python },
      }),
    ];
  },
});

// --- internal ---

interface Summary {
  readonly coefficients: readonly { readonly estimate: number }[];
}

/**
 * One training job.
 * @throws Error unless it saved a model and its coefficients are those of the table's law: a fast wrong answer is no result
 */
async function train(file: string, directory: string): Promise<{ wallSeconds: number; peakMB: number }> {
  const variables = makeTrainingTree({ directory, hyperparameters: { method: 'ols' }, channels: { train: file } });
  const { seconds, peakMB } = await runNode({ args: [program, 'train'], variables });
  readFileSync(join(directory, 'model', '.manifest.json'));
  const summary = JSON.parse(readFileSync(join(directory, 'output', 'data', 'summary.json'), 'utf8')) as Summary;
  const estimates = summary.coefficients.map(({ estimate }) => estimate);
  const law = regressionCoefficients(FEATURES);
  const isRight = law.every((value, j) => Math.abs(estimates[j]! - value) < COEFFICIENT_TOLERANCE);
  if (!isRight) throw new Error(`The coefficients must be about ${law.join(', ')}; received ${estimates.join(', ')}.`);
  return { wallSeconds: seconds, peakMB };
}
