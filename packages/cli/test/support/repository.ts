/** A repository that has the packages of this one and no algorithm, and what `algo new` does there. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import { expect, onTestFinished } from 'vitest';
import { algoHere } from './command.js';

export const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
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

/** Runs a command to its end. @returns all that it printed */
export async function algoDone(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await algoHere(folder, ...args);
  return expectDone({ status: code, output: stdout + stderr });
}

function expectDone({ status, output }: { readonly status: number | null; readonly output: string }): string {
  expect(status, output).toBe(0);
  return output;
}

/**
 * Rules of all that is missing in its listing: addresses that only a public repository has, latency on SageMaker, an image, a
 * notebook, the seller's own address for support and refunds.
 */
const MISSING = [10, 10, 10, 32, 33, 35, 39, 39].map((rule) => ({ rule }));

/** The image says by its labels what SageMaker may ask of it, and the program does it. */
async function expectToServeMany(repository: string): Promise<void> {
  const dockerfile = (folder: string) => readFileSync(join(folder, 'Dockerfile'), 'utf8');
  const capabilities = (text: string) => text.match(/com\.amazonaws\.sagemaker\.capabilities\.[\w-]+="true"/g);
  const own = capabilities(dockerfile(join(repository, 'algorithms', LONGEST_NAME)));
  expect(own).toEqual(capabilities(dockerfile(join(ROOT, 'algorithms/linear-regression'))));
  expect(own).toContain('com.amazonaws.sagemaker.capabilities.multi-models="true"');

  const profile = join(repository, 'sample-data', LONGEST_NAME, 'conformance-profile.json');
  writeFileSync(profile, JSON.stringify({ claims: { multiModel: true } }));
  const rules = ['multi-model.invoke', 'multi-model.unload', 'multi-model.missing-files'];
  const asked = rules.flatMap((rule) => ['--rule', rule]);
  const { stdout } = await algoHere(repository, 'conformance', LONGEST_NAME, ...asked);
  for (const rule of rules) expect(stdout).toContain(`passed ${rule}: `);
  rmSync(profile);
}

/** Takes what `algo new` writes for this kind through build, types, lint, tests, validation and its listing. */
export async function expectToPass(kind: string): Promise<void> {
  const repository = makeRepository();
  const folder = join(repository, 'algorithms', LONGEST_NAME);

  await algoDone(repository, 'new', LONGEST_NAME, '--kind', kind);

  for (const script of ['build', 'typecheck', 'lint', 'test']) expectDone(run(folder, 'npm', 'run', script));
  const report = await algoDone(repository, 'validate', LONGEST_NAME);
  expect(report).toMatch(/stored outputs? equal/);
  await expectToServeMany(repository);
  await algoDone(repository, 'listing', LONGEST_NAME);
  const { stdout } = await algoHere(repository, 'listing', 'check', LONGEST_NAME, '--json');
  expect(JSON.parse(stdout)).toMatchObject(MISSING);
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('dist'));
  for (const name of [
    ...left,
    ...readdirSync(join(repository, 'sample-data', LONGEST_NAME), { recursive: true, encoding: 'utf8' }),
  ]) {
    expect(name).not.toContain('example-algorithm');
  }
}
