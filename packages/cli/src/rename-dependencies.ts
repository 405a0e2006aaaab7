/** The packages that a repository uses and does not contain, by its package.json files and its lock file. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export const LOCK_FILE = 'package-lock.json';

/**
 * Names of packages, those that others depend on included.
 * @param tracked files from the root of the repository
 */
export function dependenciesOf(root: string, tracked: readonly string[]): readonly string[] {
  const manifests = tracked
    .filter((path) => basename(path) === 'package.json' && existsSync(join(root, path)))
    .map((path) => readJson<Manifest>(join(root, path)));
  const own = new Set(manifests.map(({ name }) => name));
  const used = manifests.flatMap((manifest) => SECTIONS.flatMap((section) => Object.keys(manifest[section] ?? {})));
  return [...new Set([...used, ...lockedPackages(root)])].filter((name) => !own.has(name));
}

// --- internal ---

const SECTIONS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;

type Manifest = { readonly name?: string } & { readonly [Section in (typeof SECTIONS)[number]]?: object };

/** What npm installs; a link is a workspace. */
function lockedPackages(root: string): readonly string[] {
  const path = join(root, LOCK_FILE);
  if (!existsSync(path)) return [];
  const { packages = {} } = readJson<{ packages?: Record<string, { link?: boolean }> }>(path);
  return Object.entries(packages).flatMap(([folder, { link }]) => {
    const name = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(folder)?.[1];
    return name === undefined || link ? [] : [name];
  });
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
