import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failureReason } from '../src/training/failure-reason.js';
import { makeFolder, writeFiles } from './scene.js';

const NO_TEXT = 'AlgorithmError: , exit code: 1';

/** /opt/ml with an output folder, next to a file that its program cannot read. */
function makeBase(): { readonly base: string; readonly failure: string } {
  const folder = writeFiles(makeFolder(), { 'secret/failure': 'secret' });
  const base = join(folder, 'ml');
  mkdirSync(base);
  return { base, failure: join(base, 'output', 'failure') };
}

describe('a failure file that is not what it should be', () => {
  it.each<[string, (base: string, failure: string) => void]>([
    ['a link to a file elsewhere', (_, failure) => symlinkSync('../../secret/failure', failure)],
    ['a link to nothing', (_, failure) => symlinkSync('none', failure)],
    ['a folder', (_, failure) => mkdirSync(failure)],
    ['a pipe that nobody writes to', (_, failure) => void execFileSync('mkfifo', [failure])],
  ])('has no text: %s', (_case, make) => {
    const { base, failure } = makeBase();
    mkdirSync(join(base, 'output'));
    make(base, failure);

    expect(failureReason([{ base, failure }], 1)).toBe(NO_TEXT);
  });

  it('has the paths of the platform', () => {
    const { base, failure } = makeBase();
    mkdirSync(join(base, 'output'));
    writeFileSync(failure, `ClientError: ${join(base, 'input/data/train')} is empty`);

    expect(failureReason([{ base, failure }], 1)).toBe('ClientError: /opt/ml/input/data/train is empty');
  });

  it('has no text where its folder is a link to one elsewhere', () => {
    const { base, failure } = makeBase();
    symlinkSync('../secret', join(base, 'output'));

    expect(failureReason([{ base, failure }], 1)).toBe(NO_TEXT);
  });

  it('is read in part where it is larger than memory', () => {
    const { base, failure } = makeBase();
    mkdirSync(join(base, 'output'));
    writeFileSync(failure, `ClientError: no rows${' '.repeat(10_000)}`);
    truncateSync(failure, 2 ** 40);

    expect(failureReason([{ base, failure }], 1)).toBe('ClientError: no rows');
  });
});
