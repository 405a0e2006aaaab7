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

/** As package-lock.json has it, by its folder from the root. */
interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe('the lock file', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };

  /** What a package in `folder` gets for a name: the nearest one on the way up. */
  function found(folder: string, name: string): LockedPackage | undefined {
    for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      const one = packages[`${at}${at && '/'}node_modules/${name}`];
      if (one || at === '') return one;
    }
  }

  it('has the builds of every package for other systems, not only for the one it was written on', () => {
    const builds = Object.entries(packages).flatMap(([folder, { optionalDependencies = {} }]) =>
      Object.entries(optionalDependencies)
        .filter(([, version]) => /^\d/.test(version))
        .map(([name, version]) => ({ folder, name, version })),
    );

    const missing = builds.filter(({ folder, name, version }) => found(folder, name)?.version !== version);

    expect(missing).toEqual([]);
    expect(builds.length).toBeGreaterThan(50);
  });
});
