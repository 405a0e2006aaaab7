/**
 * A Python with the newest XGBoost it can run, for checks against the real package: the environment that benches make,
 * outside the clone, or the one that `ALGO_PEERS_PYTHON` names.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON_VARIABLES, pythonEnvironment } from '@algo/bench';

const PACKAGES = ['xgboost', 'numpy', 'pandas'];

/** Path of the interpreter. @throws Error when no Python runs or PyPI cannot be reached */
export async function peerPython(): Promise<string> {
  const given = process.env.ALGO_PEERS_PYTHON;
  if (given) return given;
  const environment = await pythonEnvironment(PACKAGES, (line) => console.log(line));
  const missing = environment.missing(PACKAGES);
  if (missing !== undefined) throw new Error(`Python with ${PACKAGES.join(', ')} must be there: ${missing}.`);
  return join(environment.binDirectory!, 'python');
}

/** Runs a script, its path from this folder; its standard output. What went wrong is in the error. */
export function runPython(python: string, script: string, ...args: string[]): string {
  const measured = join(import.meta.dirname, '../../../../packages/bench/python');
  return execFileSync(python, [join(import.meta.dirname, script), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...PYTHON_VARIABLES, PYTHONWARNINGS: 'ignore', PYTHONPATH: measured },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
}

/** Version of its XGBoost, such as 3.4. */
export function xgboostVersion(python: string): number {
  const question = 'import xgboost; print(*xgboost.__version__.split(".")[:2], sep=".")';
  return Number(execFileSync(python, ['-c', question], { encoding: 'utf8' }));
}
