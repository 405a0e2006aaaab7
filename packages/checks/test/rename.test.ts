/** `algo rename` on this repository: what it leaves is whole. rename.long.test.ts installs, builds and checks it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf } from '../src/imports.ts';
import { ROOT, readWorkspaces, type Workspace } from '../src/workspaces.ts';
import { PREVIOUS, renamedCopy, SCOPE } from './renamed-copy.ts';

describe.skipIf(!existsSync(join(ROOT, '.git')))('this repository under another scope', () => {
  it('names the old scope nowhere, and every import of a workspace leads to one, until it has that scope again', () => {
    const { folder, run } = renamedCopy(/^$|\/fixtures\/|^sample-data\/.*\/.*\//);

    expect(() => run('git', 'grep', '--quiet', `${PREVIOUS}/`)).toThrow();
    const workspaces = readWorkspaces(folder);
    const names = workspaces.map(({ manifest }) => manifest.name);
    expect(names).toEqual(readWorkspaces().map(({ manifest }) => manifest.name.replace(PREVIOUS, SCOPE)));
    const imports = workspaces.flatMap((workspace) => importsOf(folder, workspace.folder));
    const used = imports.map(({ specifier }) => specifier).filter((specifier) => specifier.startsWith(`${SCOPE}/`));
    expect([...new Set(used)].filter((specifier) => !isExported(folder, workspaces, specifier))).toEqual([]);
    expect(used.length).toBeGreaterThan(200);
    const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
    expect(names.filter((name) => lock.packages[`node_modules/${name}`]?.link !== true)).toEqual([]);

    // Back to the old scope, by way of those that documents and tests write.
    for (const scope of ['@acme', '@yours', PREVIOUS]) {
      run(process.execPath, join(ROOT, 'packages/cli/bin/algo.js'), 'rename', '--force', '--scope', scope);
    }

    expect(run('git', 'status', '--porcelain')).toBe('');
  });
});

/** Whether the package of a specifier exports it, or has it as a file, which is what AssemblyScript imports. */
function isExported(folder: string, workspaces: readonly Workspace[], specifier: string): boolean {
  const [scope, name, ...path] = specifier.split('/');
  const found = workspaces.find(({ manifest }) => manifest.name === `${scope}/${name}`);
  if (!found) return false;
  const { exports } = JSON.parse(readFileSync(join(folder, found.folder, 'package.json'), 'utf8'));
  const file = join(folder, found.folder, ...path);
  return ['.', ...path].join('/') in (exports ?? {}) || (path.length > 0 && [file, `${file}.ts`].some(existsSync));
}
