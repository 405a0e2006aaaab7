/** A repository that has the packages of this one and no algorithm, and what `algo new` does there. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import { expect, onTestFinished } from 'vitest';

export const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const BIN = join(ROOT, 'packages', 'cli', 'bin', 'algo.js');
/** As long as a name may be: lines with it stay within the formatter's width. */
export const LONGEST_NAME = `my-${'long-'.repeat(11)}names`;

/** A repository whose packages are these, without any algorithm. */
export function makeRepository(): string {
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
  for (const name of ['sample.ts', 'requests.ts', 'batches.ts', 'shuffle.ts', 'formats', 'package.json']) {
    cpSync(join(ROOT, 'sample-data', name), join(folder, 'sample-data', name), { recursive: true });
  }
  return folder;
}

function run(folder: string, command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  return { status, stdout, output: stdout + stderr };
}

export function algo(folder: string, ...args: string[]) {
  return run(folder, process.execPath, BIN, ...args);
}

export function expectDone({ status, output }: { readonly status: number | null; readonly output: string }): string {
  expect(status, output).toBe(0);
  return output;
}

/**
 * Rules of all that is missing in its listing: addresses that only a public repository has, latency on SageMaker, an image, a
 * notebook, the seller's own address for support and refunds.
 */
const MISSING = [10, 10, 10, 32, 33, 35, 39, 39].map((rule) => ({ rule }));

/** The image says by its labels what SageMaker may ask of it, and the program does it. */
function expectToServeMany(repository: string): void {
  const dockerfile = (folder: string) => readFileSync(join(folder, 'Dockerfile'), 'utf8');
  const capabilities = (text: string) => text.match(/com\.amazonaws\.sagemaker\.capabilities\.[\w-]+="true"/g);
  const own = capabilities(dockerfile(join(repository, 'algorithms', LONGEST_NAME)));
  expect(own).toEqual(capabilities(dockerfile(join(ROOT, 'algorithms/linear-regression'))));
  expect(own).toContain('com.amazonaws.sagemaker.capabilities.multi-models="true"');

  const profile = join(repository, 'sample-data', LONGEST_NAME, 'conformance-profile.json');
  writeFileSync(profile, JSON.stringify({ claims: { multiModel: true } }));
  const rules = ['multi-model.invoke', 'multi-model.unload', 'multi-model.missing-files'];
  const report = algo(repository, 'conformance', LONGEST_NAME, ...rules.flatMap((rule) => ['--rule', rule]));
  for (const rule of rules) expect(report.output).toContain(`passed ${rule}: `);
  rmSync(profile);
}

/** Takes what `algo new` writes for this kind through build, types, lint, tests, validation and its listing. */
export function expectToPass(kind: string): void {
  const repository = makeRepository();
  const folder = join(repository, 'algorithms', LONGEST_NAME);

  expectDone(algo(repository, 'new', LONGEST_NAME, '--kind', kind));

  for (const script of ['build', 'typecheck', 'lint', 'test']) expectDone(run(folder, 'npm', 'run', script));
  const report = expectDone(algo(repository, 'validate', LONGEST_NAME));
  expect(report).toMatch(/stored outputs? equal/);
  expectToServeMany(repository);
  expectDone(algo(repository, 'listing', LONGEST_NAME));
  expect(JSON.parse(algo(repository, 'listing', 'check', LONGEST_NAME, '--json').stdout)).toMatchObject(MISSING);
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('dist'));
  for (const name of [
    ...left,
    ...readdirSync(join(repository, 'sample-data', LONGEST_NAME), { recursive: true, encoding: 'utf8' }),
  ]) {
    expect(name).not.toContain('example-algorithm');
  }
}
