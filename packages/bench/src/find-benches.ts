/** Finds the benches of a repository: `bench/*.bench.ts` (or `.js`) in its npm workspaces. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Bench } from './bench.js';

/** The nearest folder at or above `from` whose package.json has workspaces. */
export function repositoryRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (workspacesOf(folder).length > 0) return folder;
    if (folder === dirname(folder)) {
      throw new Error(
        `${from} must be in an npm workspace repository; no parent folder has a package.json with "workspaces".`,
      );
    }
  }
}

/** Every bench, sorted by name. Node strips the types of a `.ts` file as it imports it. */
export async function findBenches(root: string): Promise<readonly Bench[]> {
  const patterns = workspacesOf(root).map((workspace) => `${workspace}/bench/*.bench.{ts,js}`);
  const files = globSync(patterns, { cwd: root }).sort();
  const benches = await Promise.all(files.map((file) => importBench(join(root, file))));
  return benches.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Those with one of the names, which may be names of groups. */
export function benchesNamed(benches: readonly Bench[], names: readonly string[]): readonly Bench[] {
  return benches.filter(({ name, group }) => names.includes(name) || (group !== undefined && names.includes(group)));
}

// --- internal ---

function workspacesOf(folder: string): readonly string[] {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return [];
  const { workspaces } = JSON.parse(readFileSync(file, 'utf8')) as { workspaces?: readonly string[] };
  return workspaces ?? [];
}

async function importBench(file: string): Promise<Bench> {
  const module = (await import(pathToFileURL(file).href)) as { bench?: Bench };
  if (module.bench) return module.bench;
  throw new Error(`${file} must export a bench under the name "bench" (see defineBench); it exports none.`);
}
