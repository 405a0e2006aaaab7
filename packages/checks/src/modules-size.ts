/**
 * Fails when what `npm ci` installs takes more than its limit on the disk, and names the largest packages. What only
 * CI, a benchmark or one document needs is installed by the script that uses it; what no package manager can leave out is
 * removed by packages/build/prune-modules.js.
 *
 *   npm run modules-size --workspace @algo/checks [-- FOLDER]     the root of a checkout; this one when left out
 */
import { globSync, lstatSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ROOT } from './workspaces.ts';

const LIMIT_MB = 700;
const SHOWN = 15;
const BLOCK_BYTES = 512;

const counted = new Set<number>();
const root = resolve(process.argv[2] ?? ROOT);
const folders = globSync(['node_modules', '{packages,algorithms}/*/node_modules', 'sample-data/node_modules'], {
  cwd: root,
});
const packages = folders.flatMap((folder) => packagesIn(join(root, folder)));
const total = packages.reduce((sum, one) => sum + one.bytes, 0);
console.log(`node_modules: ${megabytes(total)} MB of at most ${LIMIT_MB}`);
if (packages.length === 0) throw new Error(`${root} must have a node_modules folder; it has none. Run npm ci.`);
if (megabytes(total) > LIMIT_MB) {
  const largest = packages.sort((a, b) => b.bytes - a.bytes).slice(0, SHOWN);
  for (const { path, bytes } of largest) console.error(`${String(megabytes(bytes)).padStart(6)} MB  ${path}`);
  console.error('Replace, prune (packages/build/prune-modules.js) or install them where they are used.');
  process.exitCode = 1;
}

/** A scope's packages one by one; links to workspaces weigh nothing. */
function packagesIn(modules: string): { path: string; bytes: number }[] {
  return readdirSync(modules)
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => join(name, inner)) : [name],
    )
    .map((name) => join(modules, name))
    .map((path) => ({ path: relative(root, path), bytes: sizeOf(path) }));
}

/** On the disk, as `du` has it: a file with two names counts once. */
function sizeOf(path: string): number {
  const entry = lstatSync(path);
  if (counted.has(entry.ino)) return 0;
  counted.add(entry.ino);
  const inside = entry.isDirectory() ? readdirSync(path).map((name) => sizeOf(join(path, name))) : [];
  return inside.reduce((sum, bytes) => sum + bytes, entry.blocks * BLOCK_BYTES);
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
