/**
 * Pythons with real XGBoost, for checks against it: environments as benches make them, outside the clone. The newest
 * XGBoost may be given by `ALGO_PEERS_PYTHON`; older ones are installed as well.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON_VARIABLES, pythonEnvironment } from '@algo/bench';

/** The package without the parts for GPUs, a tenth of the download; it begins with 2.1. */
const PACKAGES = ['xgboost-cpu', 'numpy', 'pandas'];

/** The older versions that SageMaker's XGBoost containers are at, and the last one before a list of base scores. */
const OLDER = {
  // Its numpy has no wheels for later Pythons.
  '1.7': { packages: ['xgboost==1.7.6', 'numpy<2', 'scipy', 'pandas'], most: [3, 11] },
  '2.1': { packages: ['xgboost-cpu==2.1.4', 'numpy', 'scipy', 'pandas'], most: [3, 13] },
  '3.0': { packages: ['xgboost-cpu==3.0.5', 'numpy', 'scipy', 'pandas'], most: [3, 13] },
} as const;

/** Threads of XGBoost that wait for each other leave the processors to others: with few of these it is four times as fast. */
const PATIENCE = { OMP_WAIT_POLICY: 'passive' };

/** Path of the interpreter. @throws Error when no Python runs or PyPI cannot be reached */
export async function peerPython(): Promise<string> {
  return process.env.ALGO_PEERS_PYTHON || (await interpreterWith(PACKAGES));
}

/** Interpreters by version of XGBoost, the newest last. @throws Error as `peerPython` */
export async function peerPythons(): Promise<readonly (readonly [version: string, python: string])[]> {
  const pythons: [string, string][] = [];
  for (const [version, { packages, most }] of Object.entries(OLDER)) {
    pythons.push([version, await interpreterWith(packages, most)]);
  }
  const latest = await peerPython();
  return [...pythons, [xgboostVersion(latest), latest]];
}

/** Runs a script, its path from this folder; its standard output. What went wrong is in the error. */
export function runPython(python: string, script: string, ...args: string[]): string {
  const measured = join(import.meta.dirname, '../../../../packages/bench/python');
  return execFileSync(python, [join(import.meta.dirname, script), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...PYTHON_VARIABLES, ...PATIENCE, PYTHONWARNINGS: 'ignore', PYTHONPATH: measured },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
}

/** Version of its XGBoost, such as 3.4. */
function xgboostVersion(python: string): string {
  const question = 'import xgboost; print(*xgboost.__version__.split(".")[:2], sep=".")';
  return execFileSync(python, ['-c', question], { encoding: 'utf8' }).trim();
}

// --- internal ---

async function interpreterWith(packages: readonly string[], most?: readonly [number, number]): Promise<string> {
  const environment = await pythonEnvironment(packages, (line) => console.log(line), most);
  const missing = environment.missing(packages);
  if (missing !== undefined) throw new Error(`Python with ${packages.join(', ')} must be there: ${missing}.`);
  return join(environment.binDirectory!, 'python');
}
