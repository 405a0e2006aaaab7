/**
 * The Python that notebooks run in: a virtual environment with the versions of python/requirements.txt, made at first use and
 * kept in `~/.cache/algo-notebooks`. Two first uses at the same time each make one, and the first that is complete is kept: a link,
 * `<hash>`, leads to it. Delete that folder to have it made again.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { JobError, systemCode } from '@algo/local';

/** Scripts of Python, and the versions of their packages. */
export const PYTHON_FOLDER = join(import.meta.dirname, '..', '..', 'python');

export interface Python {
  readonly program: string;
  /** For the programs that it starts, besides those of the caller. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * @param own variables of the caller: PATH, HOME's cache, and the settings of pip
 * @param say hears what is made, which takes a minute
 * @throws JobError without python3 3.11 or newer with venv, or when pip does not find a package
 */
export async function notebookPython(own: NodeJS.ProcessEnv, say: (line: string) => void): Promise<Python> {
  const requirements = join(PYTHON_FOLDER, 'requirements.txt');
  const version = await pythonVersion(own);
  const key = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(own.XDG_CACHE_HOME || join(homedir(), '.cache'), 'algo-notebooks', key);
  if (!existsSync(join(folder, DONE))) {
    say(`Python ${version}: installing what notebooks need into ${folder}`);
    await install(folder, requirements, own);
  }
  return {
    program: join(folder, 'bin', 'python'),
    variables: {
      PATH: `${join(folder, 'bin')}:${own.PATH}`, // cells find jupyter and python there
      MPLCONFIGDIR: join(folder, 'matplotlib'), // its list of fonts takes seconds to make
      IPYTHONDIR: join(folder, 'ipython'), // no profile or history of the user's
      PYDEVD_DISABLE_FILE_VALIDATION: '1',
    },
  };
}

// --- internal ---

const execute = promisify(execFile);
/** Made last. */
const DONE = 'complete';
/** pandas 3 and numpy 2.4 need it. */
const OLDEST = [3, 11] as const;

async function pythonVersion(env: NodeJS.ProcessEnv): Promise<string> {
  const question = 'import ensurepip, sys, venv; print("%d.%d.%d" % sys.version_info[:3])';
  const { stdout } = await execute('python3', ['-c', question], { env }).catch((error: unknown) => {
    const why = systemCode(error) === 'ENOENT' ? 'there is no python3 on PATH' : lastLine(error);
    throw new JobError(`Notebooks need Python 3.11 or newer with venv (on Debian: python3-venv): ${why}.`);
  });
  const version = stdout.trim();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return version;
  throw new JobError(`Notebooks need Python ${OLDEST.join('.')} or newer; python3 on PATH is ${version}.`);
}

/** pip keeps the caller's settings (proxy, index, certificates). An environment cannot be moved, so a link leads to it. */
async function install(link: string, requirements: string, own: NodeJS.ProcessEnv): Promise<void> {
  mkdirSync(dirname(link), { recursive: true });
  const folder = mkdtempSync(`${link}-`);
  let isKept = false;
  try {
    await makeEnvironment(folder, requirements, own);
    isKept = linkUnlessMade(link, folder);
  } finally {
    if (!isKept) rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether the link now leads to the folder: not where another process was first. What is half made there is replaced. */
function linkUnlessMade(link: string, folder: string): boolean {
  if (existsSync(join(link, DONE))) return false;
  const next = `${folder}.link`;
  symlinkSync(basename(folder), next);
  // A folder that an earlier version left half made; a link that leads nowhere is replaced by the next line.
  if (lstatSync(link, { throwIfNoEntry: false })?.isDirectory()) rmSync(link, { recursive: true, force: true });
  renameSync(next, link);
  return true;
}

async function makeEnvironment(folder: string, requirements: string, own: NodeJS.ProcessEnv): Promise<void> {
  const env = { ...own, PIP_DISABLE_PIP_VERSION_CHECK: '1', NO_COLOR: '1' };
  const pip = ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '--requirement', requirements];
  try {
    await execute('python3', ['-m', 'venv', folder], { env });
    await execute(join(folder, 'bin', 'python'), pip, { env, maxBuffer: 16e6 });
  } catch (error) {
    throw new JobError(`The environment ${folder} could not be made: ${lastLine(error)}.`, { cause: error });
  }
  mkdirSync(join(folder, DONE));
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
  const lines = (stderr || message).trim().split('\n');
  return (lines.find((line) => line.startsWith('ERROR')) ?? lines.at(-1)!).slice(0, 300);
}
