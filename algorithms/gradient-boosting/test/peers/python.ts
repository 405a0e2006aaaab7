/**
 * A Python with the newest XGBoost, for checks against the real package. `ALGO_PEERS_PYTHON` names one that is there;
 * otherwise a virtual environment is made from PyPI outside the clone, in `~/.cache/algo-peers`, and kept.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The newest XGBoost needs Python 3.12; older ones get the last XGBoost that they can run. */
const INTERPRETERS = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3'];
const PACKAGES = ['xgboost', 'numpy', 'pandas'];

/** Path of the interpreter. @throws Error when no Python runs or PyPI cannot be reached */
export function peerPython(): string {
  const given = process.env.ALGO_PEERS_PYTHON;
  if (given) return given;
  const interpreter = INTERPRETERS.find(runs);
  if (!interpreter) throw new Error(`one of ${INTERPRETERS.join(', ')} must run here`);
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'algo-peers', interpreter);
  const python = join(folder, 'bin/python');
  if (!existsSync(join(folder, 'complete'))) {
    rmSync(folder, { recursive: true, force: true });
    execFileSync(interpreter, ['-m', 'venv', folder], { stdio: 'inherit' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES], { stdio: 'inherit' });
    mkdirSync(join(folder, 'complete'));
  }
  return python;
}

/** Runs a script of this folder; its standard output. */
export function runPython(python: string, script: string, ...args: string[]): string {
  const path = join(import.meta.dirname, script);
  const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore' };
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  return execFileSync(python, [path, ...args], {
    encoding: 'utf8',
    env: environment,
    stdio: [...stdio],
    maxBuffer: 1 << 28,
  });
}

// --- internal ---

/** Some machines have a `python3.x` on the path that only tells how to install it. */
function runs(interpreter: string): boolean {
  try {
    execFileSync(interpreter, ['-c', 'import venv'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
