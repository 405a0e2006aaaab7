/**
 * The Python that peers run in: the newest one on this machine, with a virtual environment from PyPI. It is kept outside
 * the clone, `~/.cache/algo-bench/<hash of version and packages>`; delete that folder to get newer packages.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type ProgramResult, runProgram } from './program.js';
import type { Contender } from './rounds.js';

/** A virtual environment, or the reason why there is none. */
export interface PythonEnvironment {
  /** Installed packages and `python`, with their versions. */
  readonly versions: Readonly<Record<string, string>>;
  /** Folder of the environment's programs, such as gunicorn; undefined without Python. */
  readonly binDirectory: string | undefined;
  /** Why a contender that needs these packages cannot run; undefined when it can. */
  missing(packages: readonly string[]): string | undefined;
  /** Runs a script, which may `import measured`. */
  run(script: string, args?: readonly string[]): Promise<ProgramResult>;
  /** A contender whose sample is what the script reports, and `wallSeconds` from process start to exit. */
  contender(packages: readonly string[], script: string, args?: readonly string[]): Contender;
  /** `pandas 3.1.1`; the bare name when it is not installed. */
  label(name: string): string;
}

export interface Interpreter {
  readonly path: string;
  readonly version: readonly [major: number, minor: number, patch: number];
}

/** For every Python started here: no compiled files among the sources. */
export const PYTHON_VARIABLES: Readonly<Record<string, string>> = { PYTHONDONTWRITEBYTECODE: '1' };

/**
 * The environment with the packages, made on first use.
 * @param packages as pip takes them: `numpy`, `numpy<2`
 * @param most     the newest version of Python that the packages are made for, e.g. 3.11; any when left out
 */
export async function pythonEnvironment(
  packages: readonly string[],
  progress: (line: string) => void,
  most?: readonly [major: number, minor: number],
): Promise<PythonEnvironment> {
  const found = await findInterpreters();
  const interpreter = newest(most ? found.filter(({ version }) => isUpTo(version, most)) : found);
  if (!interpreter) {
    const limit = most ? ` of version ${most.join('.')} or older` : '';
    return environment(undefined, {}, {}, `no python3${limit} that runs was found on PATH`);
  }
  const directory = join(cacheDirectory(), environmentName(interpreter, packages));
  const installed = await install(directory, interpreter, packages, progress);
  return environment(join(directory, 'bin'), installed.versions, installed.failures);
}

/** 12 hex digits that change with the interpreter's version and the set of packages, not with their order. */
export function environmentName(interpreter: Interpreter, packages: readonly string[]): string {
  const key = JSON.stringify([interpreter.version, [...new Set(packages)].sort()]);
  return createHash('sha256').update(key).digest('hex').slice(0, 12);
}

/** The highest version; of equal ones the first. */
export function newest(interpreters: readonly Interpreter[]): Interpreter | undefined {
  return interpreters.toSorted((a, b) => {
    const [left, right] = [a.version, b.version];
    return right[0] - left[0] || right[1] - left[1] || right[2] - left[2];
  })[0];
}

/** Of environments and programs of peers; it is kept between runs. */
export function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'algo-bench');
}

// --- internal ---

function isUpTo([major, minor]: Interpreter['version'], most: readonly [number, number]): boolean {
  return major < most[0] || (major === most[0] && minor <= most[1]);
}

const execute = promisify(execFile);
/** Python's own part of this package. */
const SCRIPTS = join(import.meta.dirname, '..', 'python');

/** Every python3.* that really starts: pyenv puts names on PATH that only print an error. */
async function findInterpreters(): Promise<readonly Interpreter[]> {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory && existsSync(directory));
  const pyenv = process.env.PYENV_ROOT || join(homedir(), '.pyenv');
  const candidates = [...onPath, ...globSync(join(pyenv, 'versions', '*', 'bin'))].flatMap((directory) =>
    readdirSync(directory)
      .filter((name) => /^python3(\.\d+)?$/.test(name))
      .map((name) => join(directory, name)),
  );
  const found = await Promise.all([...new Set(candidates)].map(interrogate));
  return found.filter((interpreter) => interpreter !== undefined);
}

async function interrogate(path: string): Promise<Interpreter | undefined> {
  const question = 'import sys, venv; print(*sys.version_info[:3])';
  try {
    const { stdout } = await execute(path, ['-c', question], { timeout: 60_000 });
    const [major, minor, patch] = stdout.trim().split(' ').map(Number);
    return { path, version: [major!, minor!, patch!] };
  } catch {
    return undefined; // not a usable Python: one of the candidates that this search exists to drop
  }
}

interface Installed {
  readonly versions: Readonly<Record<string, string>>;
  readonly failures: Readonly<Record<string, string>>;
}

/** Installs all in one call, or one by one if that fails, so that one bad package does not take the others along. */
async function install(
  directory: string,
  interpreter: Interpreter,
  packages: readonly string[],
  progress: (line: string) => void,
): Promise<Installed> {
  const record = join(directory, 'installed.json');
  const python = join(directory, 'bin', 'python');
  if (existsSync(record) && existsSync(python)) return JSON.parse(readFileSync(record, 'utf8')) as Installed;
  progress(`python ${interpreter.version.join('.')}: installing ${packages.join(', ')} into ${directory}`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const failures: Record<string, string> = {};
  try {
    await execute(interpreter.path, ['-m', 'venv', '--without-pip', directory]);
    await execute(python, [join(SCRIPTS, 'install_pip.py')], { env: pipVariables() });
    await pipInstall(python, packages).catch(async () => {
      for (const name of packages) {
        await pipInstall(python, [name]).catch((error: unknown) => (failures[name] = pipReason(error)));
      }
    });
    const { stdout } = await execute(python, ['-m', 'pip', 'list', '--format=json'], { env: pipVariables() });
    const listed = JSON.parse(stdout) as { name: string; version: string }[];
    const versions = Object.fromEntries(listed.map(({ name, version }) => [name.toLowerCase(), version]));
    const installed = { versions: { ...versions, python: interpreter.version.join('.') }, failures };
    // An environment with failures is created again next time: the network may be back.
    if (Object.keys(failures).length === 0) writeFileSync(record, JSON.stringify(installed));
    return installed;
  } catch (error) {
    return { versions: {}, failures: Object.fromEntries(packages.map((name) => [name, pipReason(error)])) };
  }
}

async function pipInstall(python: string, packages: readonly string[]): Promise<void> {
  const args = ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', ...packages];
  await execute(python, args, { env: pipVariables(), timeout: 600_000, maxBuffer: 16e6 });
}

/** pip keeps the caller's settings (proxy, index, certificates). */
function pipVariables(): NodeJS.ProcessEnv {
  return { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', NO_COLOR: '1' };
}

/** pip's first line that says ERROR. */
function pipReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n').find((candidate) => candidate.startsWith('ERROR')) ?? text.split('\n')[0]!;
  return `${line.slice(0, 200)} (pip)`;
}

function environment(
  binDirectory: string | undefined,
  versions: Readonly<Record<string, string>>,
  failures: Readonly<Record<string, string>>,
  noPython?: string,
): PythonEnvironment {
  const run = (script: string, args: readonly string[] = []) =>
    runProgram({
      command: join(binDirectory ?? '', 'python'),
      args: [script, ...args],
      variables: { ...PYTHON_VARIABLES, PYTHONPATH: SCRIPTS },
    });
  const missing = (packages: readonly string[]) =>
    noPython ?? packages.map((name) => failures[name]).find((reason) => reason !== undefined);
  return {
    versions,
    binDirectory,
    missing,
    run,
    contender: (packages, script, args) => ({
      missing: missing(packages),
      run: async () => {
        const result = await run(script, args);
        return { ...result.reported, wallSeconds: result.seconds };
      },
    }),
    label: (name) => (versions[name.toLowerCase()] ? `${name} ${versions[name.toLowerCase()]}` : name),
  };
}
