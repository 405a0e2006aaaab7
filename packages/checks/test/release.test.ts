/** What a tag of a release must be. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readWorkspaces } from '../src/workspaces.ts';

const program = new URL('../src/release.ts', import.meta.url).pathname;

/** The message and exit code of the program for a tag. */
function release(...args: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  return { status, stderr: stderr.trim() };
}

describe('a tag that cannot be released', () => {
  const workspaces = readWorkspaces();
  const { manifest, folder } = workspaces[0]!;

  it('because it names no package of the repository is refused with their names', () => {
    const names = workspaces.map((workspace) => workspace.manifest.name).join(', ');

    expect(release('@algo/nothing@1.0.0', '/nowhere/NOTES.md')).toEqual({
      status: 1,
      stderr: `The tag @algo/nothing@1.0.0 must name a package of this repository: ${names}; received "@algo/nothing".`,
    });
  });

  it('because it has another version is refused with that of the package', () => {
    const tag = `${manifest.name}@99.0.0`;

    expect(release(tag, '/nowhere/NOTES.md')).toEqual({
      status: 1,
      stderr: `The tag ${tag} must have the version of ${folder}/package.json, ${manifest.version}; received 99.0.0.`,
    });
  });

  it.each([['linear-regression'], ['']])('because it has no version is refused: %j', (tag) => {
    expect(release(tag, '/nowhere/NOTES.md').stderr).toBe(
      `usage: release.ts NAME@VERSION FILE; received ${JSON.stringify(tag)}.`,
    );
  });
});
