/**
 * Cold start: how long `serve` takes from process start to its first 200 of /ping, with a small trained model, compared
 * with a Python server like AWS's bring-your-own-container example.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  alternate,
  defineBench,
  makeTrainingTree,
  PYTHON_VARIABLES,
  regressionTable,
  row,
  runNode,
  startServer,
} from '@algo/bench';

const ROUNDS = 11;
const program = join(import.meta.dirname, '..', 'dist', 'main.js');
const peerScript = join(import.meta.dirname, 'serve_peer.py');

export const bench = defineBench({
  name: 'serve',
  description: 'serve, process start to the first 200 of /ping, a model of 10 features',
  pythonPackages: ['flask', 'gunicorn', 'numpy', 'scikit-learn'],
  async measure({ python, dataDirectory, workDirectory, progress }) {
    const file = regressionTable(dataDirectory, { rows: 1000, features: 10, seed: 7 });
    const variables = makeTrainingTree({
      directory: join(workDirectory, 'opt-ml'),
      hyperparameters: {},
      channels: { train: file },
    });
    await runNode({ args: [program, 'train'], variables });
    const peerModel = join(workDirectory, 'model.joblib');
    const missing = python.missing(['flask', 'gunicorn', 'numpy', 'scikit-learn']);
    if (missing === undefined) await python.run(peerScript, [peerModel]);

    const result = await alternate({
      ours: { run: () => coldStart(variables) },
      peers: { gunicorn: { missing, run: () => peerColdStart(python.binDirectory!, peerModel) } },
      rounds: ROUNDS,
      progress,
    });
    return [
      row({
        measure: 'cold start',
        unit: 'ms',
        key: 'milliseconds',
        ours: result.ours,
        peer: {
          name: `${python.label('flask')} + ${python.label('gunicorn')} + ${python.label('scikit-learn')}`,
          outcome: result.peers.gunicorn,
        },
        goal: { value: 'ours', atMost: 200 },
      }),
    ];
  },
});

// --- internal ---

async function coldStart(variables: Readonly<Record<string, string>>): Promise<{ milliseconds: number }> {
  const milliseconds = await startServer({
    command: process.execPath,
    args: () => [program, 'serve'],
    variables: (port) => ({ ...variables, SAGEMAKER_BIND_TO_PORT: String(port) }),
    path: '/ping',
  });
  return { milliseconds };
}

/** As many workers as processors, as the example's `serve` script starts them. */
async function peerColdStart(binDirectory: string, model: string): Promise<{ milliseconds: number }> {
  const milliseconds = await startServer({
    command: join(binDirectory, 'gunicorn'),
    args: (port) => ['--bind', `127.0.0.1:${port}`, '--workers', String(availableParallelism()), 'serve_peer:app'],
    variables: () => ({ ...PYTHON_VARIABLES, MODEL: model }),
    workingDirectory: import.meta.dirname,
    path: '/ping',
  });
  return { milliseconds };
}
