/** This repository under another scope is installed, built, formatted and checked. */
import { describe, expect, it } from 'vitest';
import { renamedCopy } from './renamed-copy.ts';

describe('this repository under another scope', () => {
  it('installs with its lock file unchanged, and passes build, types, lint and the tests of renaming once it is formatted', () => {
    const { run } = renamedCopy();
    const lockFile = () => run('git', 'hash-object', 'package-lock.json');
    const before = lockFile();

    run('npm', 'install');
    expect(lockFile()).toBe(before);
    run('npm', 'run', 'format');
    run('npx', 'turbo', 'run', 'build', 'typecheck', 'lint');
    run('npm', 'exec', '--workspace', 'packages/cli', '--', 'vitest', 'run', 'test/rename.test.ts');
  });
});
