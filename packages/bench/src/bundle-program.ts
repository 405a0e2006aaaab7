/** Bundles a measured program into one file, so that its imports are loaded and compiled before the clock starts. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Bundles the TypeScript program `source` with everything it imports.
 * @returns the path of the bundle, `<name>.js` in `directory`
 */
export function bundleProgram(source: string, directory: string): string {
  const target = join(directory, `${basename(source, '.ts')}.js`);
  const builder = fileURLToPath(import.meta.resolve('@algo/build/build-bundle.js'));
  execFileSync(process.execPath, [builder, source, target, '--library'], { cwd: packageOf(source) });
  return target;
}

// --- internal ---

/** The folder of the nearest package.json above a file. */
function packageOf(file: string): string {
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
