/**
 * How long a stopped training takes to end: seconds from SIGTERM to the exit of the program, with the signal sent while
 * rows are read and while the largest documented system, of 2,000 features, is solved. SageMaker kills after 120 s.
 */
import { join } from 'node:path';
import { alternate, defineBench, makeTrainingTree, regressionTable, row, stopProgram } from '@algo/bench';

const ROUNDS = 3;
/** Long enough to be in the middle of either phase. */
const AFTER_MS = 2_000;
const program = join(import.meta.dirname, '..', 'dist', 'main.js');

/** A phase begins with its line in the log. */
const PHASES = {
  read: { rows: 3_000_000, features: 28, begin: /train: node/ },
  solve: { rows: 4_000, features: 2_000, begin: /read rows=/ },
} as const;

export const bench = defineBench({
  name: 'linear-regression-stop',
  description: 'train, SIGTERM to exit, while 3,000,000 rows are read and while 2,000 features are solved',
  pythonPackages: [],
  async measure({ dataDirectory, workDirectory, progress }) {
    const rows = [];
    for (const [phase, { rows: count, features, begin }] of Object.entries(PHASES)) {
      progress(`${phase}: data`);
      const file = regressionTable(dataDirectory, { rows: count, features, seed: 7 });
      const run = async () => {
        const directory = join(workDirectory, 'opt-ml');
        const variables = makeTrainingTree({ directory, hyperparameters: {}, channels: { train: file } });
        return { seconds: await stopProgram({ args: [program, 'train'], variables, begin, afterMs: AFTER_MS }) };
      };
      const { ours } = await alternate({
        ours: { run },
        peers: {},
        rounds: ROUNDS,
        progress: (line) => progress(`${phase}: ${line}`),
      });
      rows.push(
        row({
          measure: `SIGTERM to exit, ${phase}`,
          unit: 's',
          key: 'seconds',
          ours,
          statistic: 'max',
          goal: { value: 'ours', atMost: 1 },
        }),
      );
    }
    return rows;
  },
});
