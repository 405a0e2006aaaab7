/**
 * What `algo new` writes, taken through build, types, lint, tests and validation in a repository that has the packages of
 * this one and no algorithm. Needs `npm run build`.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import { describe, expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const BIN = join(ROOT, 'packages', 'cli', 'bin', 'algo.js');
/** As long as a name may be: lines with it stay within the formatter's width. */
const LONGEST_NAME = `my-${'long-'.repeat(11)}names`;

/** A repository whose packages are these, without any algorithm. */
function makeRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'algo-new-'));
  onTestFinished(() => removeTree(folder));
  for (const name of [
    'package.json',
    'tsconfig.base.json',
    'vitest.base.ts',
    'vitest.setup.ts',
    'biome.json',
    'no-spread-arguments.grit',
    '.gitignore',
  ]) {
    cpSync(join(ROOT, name), join(folder, name));
  }
  for (const name of ['packages', 'node_modules']) symlinkSync(join(ROOT, name), join(folder, name));
  mkdirSync(join(folder, 'algorithms'));
  mkdirSync(join(folder, 'sample-data'));
  for (const name of ['sample.ts', 'shuffle.ts', 'package.json']) {
    cpSync(join(ROOT, 'sample-data', name), join(folder, 'sample-data', name));
  }
  return folder;
}

function run(folder: string, command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

function algo(folder: string, ...args: string[]) {
  return run(folder, process.execPath, BIN, ...args);
}

function expectDone({ status, output }: { readonly status: number | null; readonly output: string }): string {
  expect(status, output).toBe(0);
  return output;
}

describe('algo new', () => {
  it.each(['tabular', 'custom', 'model-package'])('--kind %s writes an algorithm that passes as it is', (kind) => {
    const repository = makeRepository();
    const folder = join(repository, 'algorithms', LONGEST_NAME);

    expectDone(algo(repository, 'new', LONGEST_NAME, '--kind', kind));

    for (const script of ['build', 'typecheck', 'lint', 'test']) expectDone(run(folder, 'npm', 'run', script));
    const report = expectDone(algo(repository, 'validate', LONGEST_NAME));
    expect(report).toMatch(/stored outputs? equal/);
    const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('dist'));
    for (const name of [
      ...left,
      ...readdirSync(join(repository, 'sample-data', LONGEST_NAME), { recursive: true, encoding: 'utf8' }),
    ]) {
      expect(name).not.toContain('example-algorithm');
    }
  });

  it('takes the scope of the repository', () => {
    const repository = makeRepository();

    expectDone(algo(repository, 'new', 'my-model'));

    const { name, dependencies } = JSON.parse(
      readFileSync(join(repository, 'algorithms/my-model/package.json'), 'utf8'),
    );
    const contract = JSON.parse(readFileSync(join(ROOT, 'packages/contract/package.json'), 'utf8'));
    expect(name).toBe(contract.name.replace('/contract', '/my-model'));
    expect(dependencies[contract.name]).toBe(contract.version);
  });

  it.each([
    ['My-Model', 'must be lower-case letters'],
    ['my_model', 'must be lower-case letters'],
    [`${LONGEST_NAME}s`, 'at most 63 characters'],
    ['contract', 'Choose another name than "contract"'],
    ['sample-data', 'Choose another name than "sample-data"'],
  ])('refuses the name %s with exit code 2 and writes nothing', (name, message) => {
    const repository = makeRepository();

    const { status, output } = algo(repository, 'new', name);

    expect(status).toBe(2);
    expect(output).toContain(message);
    expect(readdirSync(join(repository, 'algorithms'))).toEqual([]);
  });

  it('refuses to write over an algorithm, or over its sample data', () => {
    const repository = makeRepository();
    mkdirSync(join(repository, 'sample-data', 'mine'));

    const { status, output } = algo(repository, 'new', 'mine');

    expect(status).toBe(2);
    expect(output).toContain('sample-data/mine exists already');
    expect(existsSync(join(repository, 'algorithms', 'mine'))).toBe(false);
  });

  it.each([
    ['class', 'tabular', 'a word of the language'],
    ['train', 'tabular', 'imported by the template'],
    ['definition', 'custom', 'declared by the template'],
  ])('refuses the name %s for --kind %s, which is %s', (name, kind) => {
    const repository = makeRepository();

    const { status, output } = algo(repository, 'new', name, '--kind', kind);

    expect(status).toBe(2);
    expect(output).toContain(`The name "${name}" cannot be used`);
    expect(existsSync(join(repository, 'algorithms', name))).toBe(false);
  });

  it('names a package.json of the repository that is not JSON, and leaves a broken link alone', () => {
    const repository = makeRepository();
    symlinkSync('/no/such/folder', join(repository, 'algorithms', 'linked'));
    expect(algo(repository, 'new', 'linked').output).toContain('algorithms/linked exists already');
    expect(readdirSync(join(repository, 'algorithms'))).toEqual(['linked']);

    mkdirSync(join(repository, 'algorithms', 'broken'));
    writeFileSync(join(repository, 'algorithms', 'broken', 'package.json'), '{');
    const { status, output } = algo(repository, 'new', 'mine');

    expect(status).toBe(2);
    expect(output).toContain('algorithms/broken/package.json cannot be read: ');
  });

  it('outside of a repository says what it needs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'algo-new-'));
    onTestFinished(() => removeTree(folder));

    const { status, output } = algo(folder, 'new', 'mine');

    expect(status).toBe(2);
    expect(output).toContain('packages/contract');
    expect(output).toContain('clone the template');
    expect(readdirSync(folder)).toEqual([]);
  });
});
