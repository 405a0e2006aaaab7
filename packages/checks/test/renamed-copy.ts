/** A copy of this repository, committed, with its packages in another scope. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ROOT, readWorkspaces } from '../src/workspaces.ts';

/** Sorts after the other names, so that imports and the lock file get another order. */
export const SCOPE = '@zulu';

/** The scope that the packages have here. */
export const PREVIOUS = readWorkspaces()[0]!.manifest.name.split('/')[0]!;

export interface Copy {
  readonly folder: string;
  /** Runs a command in it. @returns stdout */
  run(command: string, ...options: string[]): string;
}

/**
 * Made of the working tree, and removed when the test has finished.
 * @param leftOut files that the test does not need
 */
export function renamedCopy(leftOut = /^$/): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'renamed-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const run = (command: string, ...options: string[]) =>
    execFileSync(command, options, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 2 ** 28,
    });
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const path of tracked.split('\0').filter((one) => !leftOut.test(one) && existsSync(join(ROOT, one)))) {
    cpSync(join(ROOT, path), join(folder, path));
  }
  run('git', 'init', '--quiet');
  run('git', 'add', '--all');
  run('git', '-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'test');
  run(process.execPath, join(ROOT, 'packages/cli/bin/algo.js'), 'rename', '--scope', SCOPE);
  return { folder, run };
}
