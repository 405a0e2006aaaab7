/** This repository under another scope is installed, built, formatted and checked: each test continues where the last one ended. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Copy, renamedCopy } from './renamed-copy.ts';

describe('this repository under another scope', () => {
  let copy: Copy;
  let remove: (() => void) | undefined;
  beforeAll(() => {
    copy = renamedCopy(/^$/, (end) => {
      remove = end;
    });
  });
  afterAll(() => remove?.());

  it('installs with its lock file unchanged', () => {
    const lockFile = () => copy.run('git', 'hash-object', 'package-lock.json');
    const before = lockFile();

    copy.run('npm', 'install');

    expect(lockFile()).toBe(before);
  });

  it('is formatted', () => {
    copy.run('npm', 'run', 'format');
  });

  it.each(['build', 'typecheck', 'lint'])('passes %s', (task) => {
    copy.run('npx', 'turbo', 'run', task);
  });

  it('passes the tests of renaming', () => {
    copy.run('npm', 'exec', '--workspace', 'packages/cli', '--', 'vitest', 'run', 'test/rename.test.ts');
  });
});
