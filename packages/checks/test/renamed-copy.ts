/** A copy of this repository, committed, with its packages in another scope. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
 * Made of the working tree.
 * @param leftOut files that the test does not need
 * @param atEnd gets what removes it; default: when the test has finished
 */
export function renamedCopy(leftOut = /^$/, atEnd: (remove: () => void) => void = onTestFinished): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'renamed-'));
  atEnd(() => rmSync(folder, { recursive: true }));
  const run = (command: string, ...options: string[]) =>
    execFileSync(command, options, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 2 ** 28,
    });
  const list = (...options: string[]) => execFileSync('git', options, { cwd: ROOT, encoding: 'utf8' });
  const paths = list('ls-files', '-z', '--cached', '--others', '--exclude-standard')
    .split('\0')
    .filter((path) => !leftOut.test(path) && existsSync(join(ROOT, path)));
  for (const parent of new Set(paths.map(dirname))) mkdirSync(join(folder, parent), { recursive: true });
  for (const path of paths) copyFileSync(join(ROOT, path), join(folder, path));
  run('git', 'init', '--quiet');
  // What is committed here has its objects there already: half of the work is to write them.
  const objects = list('rev-parse', '--path-format=absolute', '--git-path', 'objects');
  writeFileSync(join(folder, '.git/objects/info/alternates'), objects);
  run('git', 'add', '--all');
  run('git', '-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'test');
  run(process.execPath, join(ROOT, 'packages/cli/bin/algo.js'), 'rename', '--scope', SCOPE);
  return { folder, run };
}
