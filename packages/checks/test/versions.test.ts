/** A version is written in several places, since each is read by a program of its own; they are the same. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readWorkspaces, VERSION_PLACES } from '../src/workspaces.ts';

const workspaces = readWorkspaces();

describe('the version of an algorithm', () => {
  const places = workspaces
    .filter(({ folder }) => folder.startsWith('algorithms/'))
    .flatMap(({ folder, manifest }) =>
      VERSION_PLACES.map(({ file, pattern }) => ({ path: `${folder}/${file}`, pattern, version: manifest.version })),
    )
    .filter(({ path }) => existsSync(join(ROOT, path)));

  it.each(places)('is that of package.json: $path', ({ path, pattern, version }) => {
    expect(pattern.exec(readFileSync(join(ROOT, path), 'utf8'))?.[1]).toBe(version);
  });
});

describe('a workspace that depends on another', () => {
  const versions = new Map(workspaces.map(({ manifest }) => [manifest.name, manifest.version]));

  it.each(workspaces)('names the version that it has: $folder', ({ manifest }) => {
    const dependencies = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    for (const [name, version] of dependencies) {
      if (versions.has(name)) expect([name, version]).toEqual([name, versions.get(name)]);
    }
  });
});
