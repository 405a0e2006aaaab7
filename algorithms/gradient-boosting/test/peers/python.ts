/**
 * A Python with the newest XGBoost it can run, for checks against the real package. `ALGO_PEERS_PYTHON` names one that is
 * there; otherwise a virtual environment is made from PyPI outside the clone, in `~/.cache/algo-peers`, and kept.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The newest XGBoost needs Python 3.12; with 3.11 the checks run on XGBoost 3.2. */
const VERSIONS = ['3.14', '3.13', '3.12', '3.11'];
const PACKAGES = ['xgboost', 'numpy', 'pandas'];

/** Path of the interpreter. @throws Error when no Python runs or PyPI cannot be reached */
export function peerPython(): string {
  const given = process.env.ALGO_PEERS_PYTHON;
  if (given) return given;
  const found = findInterpreter();
  if (!found) throw new Error(`A Python of version ${VERSIONS.join(', ')} must run here, with its module venv.`);
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'algo-peers', found.version);
  const python = join(folder, 'bin/python');
  if (!existsSync(join(folder, 'complete'))) {
    rmSync(folder, { recursive: true, force: true });
    execFileSync(found.interpreter, ['-m', 'venv', '--without-pip', folder], { stdio: 'inherit' });
    execFileSync(python, [join(import.meta.dirname, 'install.py'), ...PACKAGES], { stdio: 'inherit' });
    mkdirSync(join(folder, 'complete'));
  }
  return python;
}

/** Runs a script, its path from this folder; its standard output. What went wrong is in the error. */
export function runPython(python: string, script: string, ...args: string[]): string {
  const measured = join(import.meta.dirname, '../../../../packages/bench/python');
  return execFileSync(python, [join(import.meta.dirname, script), ...args], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore', PYTHONPATH: measured },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
}

/** Version of its XGBoost, such as 3.4. */
export function xgboostVersion(python: string): number {
  const question = 'import xgboost; print(*xgboost.__version__.split(".")[:2], sep=".")';
  return Number(execFileSync(python, ['-c', question], { encoding: 'utf8' }));
}

// --- internal ---

/** The newest on the path or of pyenv. */
function findInterpreter(): { readonly interpreter: string; readonly version: string } | undefined {
  const pyenv = process.env.PYENV_ROOT || join(homedir(), '.pyenv');
  for (const version of VERSIONS) {
    const candidates = [`python${version}`, 'python3', ...globSync(join(pyenv, `versions/${version}.*/bin/python`))];
    const interpreter = candidates.find((candidate) => runs(candidate, version));
    if (interpreter) return { interpreter, version };
  }
  return undefined;
}

/** Some machines have a `python3.x` on the path that only tells how to install it. */
function runs(interpreter: string, version: string): boolean {
  try {
    const question = 'import sys, venv; print("%d.%d" % sys.version_info[:2])';
    const answer = execFileSync(interpreter, ['-c', question], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return answer.trim() === version;
  } catch {
    return false;
  }
}
