/** A clone on Windows, where git converts line ends by default, has every file byte for byte. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../src/workspaces.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clone-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Of a commit's files; links have no content of their own. */
function git(directory: string, ...command: string[]): string {
  return execFileSync('git', command, { cwd: directory, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

// What was downloaded as an archive has no history to clone.
describe.skipIf(!existsSync(join(ROOT, '.git')))('a clone that converts line ends', () => {
  it('has all files as they were committed, the three with CR LF inside too', () => {
    git(folder, '-c', 'core.autocrlf=true', 'clone', '--quiet', '--depth', '1', `file://${ROOT}`, 'clone');
    const clone = join(folder, 'clone');
    const files = git(clone, 'ls-files', '--stage')
      .trimEnd()
      .split('\n')
      .map((line) => /^100\d+ (\w+) 0\t(.+)$/.exec(line))
      .filter((match) => match !== null)
      .map(([, digest, path]) => ({ digest: digest!, path: path! }));
    const input = files.map(({ path }) => path).join('\n');
    const digests = execFileSync('git', ['hash-object', '--no-filters', '--stdin-paths'], { cwd: clone, input });
    const found = digests.toString().trimEnd().split('\n');

    expect(files.filter(({ digest }, index) => digest !== found[index]).map(({ path }) => path)).toEqual([]);
    expect(files.length).toBeGreaterThan(1000);
  });
});
