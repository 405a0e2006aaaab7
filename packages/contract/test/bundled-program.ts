/**
 * The programs that tests start, each bundled into a few files as that of an algorithm is: it loads with a third of the work
 * that the files of the SDK take one by one, and a run starts some two hundred.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILDER = fileURLToPath(import.meta.resolve('@algo/build/build-bundle.js'));
const CONTRACT = join(import.meta.dirname, '..');

/** What vitest.setup.ts removes at the end of a run. */
const BUNDLES = join(tmpdir(), 'bundled-programs');

/** By source. */
const bundles = new Map<string, string>();

/**
 * The path of the bundle of a TypeScript program, without an entry (packages/build): the program starts its own thread to
 * train in.
 */
export function bundledProgram(source: string): string {
  const made = bundles.get(source);
  if (made) return made;
  mkdirSync(BUNDLES, { recursive: true });
  const folder = mkdtempSync(join(BUNDLES, `${basename(source, '.ts')}-`));
  const target = join(folder, 'main.mjs'); // in no package: the name has to say that it is a module
  execFileSync(process.execPath, [BUILDER, source, target, '--library'], { cwd: CONTRACT, stdio: 'pipe' });
  bundles.set(source, target);
  return target;
}
