/** A version is written in several places, since each is read by a program of its own; they are the same. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readWorkspaces } from '../src/workspaces.ts';

const workspaces = readWorkspaces();
const algorithms = workspaces.filter(({ folder }) => folder.startsWith('algorithms/'));

function versionIn(path: string, pattern: RegExp): string | undefined {
  return pattern.exec(readFileSync(join(ROOT, path), 'utf8'))?.[1];
}

describe('the version of an algorithm', () => {
  it.each(algorithms)('is the same in package.json and the definition: $folder', ({ folder, manifest }) => {
    expect(versionIn(`${folder}/src/algorithm.ts`, /^ {2}version: '(.+)',$/m)).toBe(manifest.version);
  });

  const withImage = algorithms.filter(({ folder }) => existsSync(join(ROOT, folder, 'Dockerfile')));
  it.each(withImage)("is the same in package.json and the image's labels: $folder", ({ folder, manifest }) => {
    const label = /org\.opencontainers\.image\.version="(.+?)"/;
    expect(versionIn(`${folder}/Dockerfile`, label)).toBe(manifest.version);
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
