import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { environmentName, type Interpreter, newest, pythonEnvironment } from '../src/python.js';

const python = (path: string, ...version: [number, number, number]): Interpreter => ({ path, version });

describe('newest Python', () => {
  it('is compared as numbers, not as text', () => {
    expect(newest([python('a', 3, 9, 18), python('b', 3, 13, 0), python('c', 3, 12, 11)])?.path).toBe('b');
  });

  it('is the first on PATH of equal versions', () => {
    expect(newest([python('first', 3, 13, 1), python('second', 3, 13, 1)])?.path).toBe('first');
  });

  it('is undefined if no interpreter runs', () => {
    expect(newest([])).toBeUndefined();
  });
});

describe('environmentName', () => {
  const interpreter = python('/usr/bin/python3', 3, 13, 0);

  it('is the same for the same packages in any order, with or without duplicates', () => {
    const name = environmentName(interpreter, ['numpy', 'pandas']);

    expect(name).toMatch(/^[0-9a-f]{12}$/);
    expect(environmentName(interpreter, ['pandas', 'numpy', 'pandas'])).toBe(name);
  });

  it('depends on the packages and the version of Python, not on its path', () => {
    const name = environmentName(interpreter, ['numpy']);

    expect(environmentName(interpreter, ['numpy', 'pandas'])).not.toBe(name);
    expect(environmentName(python('/usr/bin/python3', 3, 13, 1), ['numpy'])).not.toBe(name);
    expect(environmentName(python('/opt/python3', 3, 13, 0), ['numpy'])).toBe(name);
  });
});

/** A stand-in for python3 and pip that installs everything but `broken`; no network, no Python needed. */
const FAKE_PYTHON = `#!/bin/sh
case "$1 $2" in
  "-c "*) echo "3 99 0" ;;
  "-m venv") mkdir -p "$4/bin" && cp "$0" "$4/bin/python" && echo made >> "$4/../made" ;;
  "-m pip")
    case "$*" in
      *list*) echo '[{"name":"NumPy","version":"2.5.5"}]' ;;
      *broken*) echo "ERROR: No matching distribution found for broken" >&2; exit 1 ;;
    esac ;;
esac
`;
const PYENV_SHIM = `#!/bin/sh
echo "pyenv: python3.14: command not found" >&2; exit 127
`;

describe('pythonEnvironment', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bench-test-'));
    const bin = join(directory, 'path');
    mkdirSync(bin);
    vi.stubEnv('PATH', `${bin}:/bin`);
    vi.stubEnv('PYENV_ROOT', join(directory, 'no-pyenv'));
    vi.stubEnv('XDG_CACHE_HOME', directory);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });
  const command = (name: string, script: string) =>
    writeFileSync(join(directory, 'path', name), script, { mode: 0o755 });
  const made = () =>
    readFileSync(join(directory, 'algo-bench', 'made'), 'utf8')
      .trim()
      .split('\n').length;

  it('skips a name on PATH that does not run, and reports the installed versions', async () => {
    command('python3.99', FAKE_PYTHON);
    command('python3.100', PYENV_SHIM);

    const python = await pythonEnvironment(['numpy'], () => {});

    expect(python.versions).toEqual({ numpy: '2.5.5', python: '3.99.0' });
    expect(python.label('NumPy')).toBe('NumPy 2.5.5');
    expect(python.missing(['numpy'])).toBeUndefined();
  });

  it('creates an environment once and reuses it', async () => {
    command('python3.99', FAKE_PYTHON);

    await pythonEnvironment(['numpy'], () => {});
    const again = await pythonEnvironment(['numpy'], () => {});

    expect(made()).toBe(1);
    expect(again.versions.numpy).toBe('2.5.5');
  });

  it('names the package that cannot be installed and the reason, keeps the others, and retries next time', async () => {
    command('python3.99', FAKE_PYTHON);

    const python = await pythonEnvironment(['numpy', 'broken'], () => {});
    await pythonEnvironment(['numpy', 'broken'], () => {});

    expect(python.missing(['numpy'])).toBeUndefined();
    expect(python.missing(['numpy', 'broken'])).toBe('ERROR: No matching distribution found for broken (pip)');
    expect(python.contender(['broken'], 'peer.py').missing).toContain('No matching distribution');
    expect(made()).toBe(2);
  });

  it('marks every peer as missing if no Python runs', async () => {
    vi.stubEnv('PATH', join(directory, 'path'));
    command('python3.100', PYENV_SHIM);

    const python = await pythonEnvironment(['numpy'], () => {});

    expect(python.missing(['numpy'])).toBe('no python3 that runs was found on PATH');
  });
});
