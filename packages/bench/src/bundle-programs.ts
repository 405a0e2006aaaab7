/** Bundles measured programs into one file each, so that their imports are loaded and compiled before the clock starts. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Bundles TypeScript programs, each with everything it imports.
 * @param bench the folder of a bench, with the programs in `programs`
 * @returns by name, the path of the bundle, `<name>.js` in `directory`
 */
export function bundlePrograms<Name extends string>(
  bench: string,
  names: readonly Name[],
  directory: string,
): Readonly<Record<Name, string>> {
  const builder = fileURLToPath(import.meta.resolve('@algo/build/build-bundle.js'));
  const bundles = names.map((name) => {
    const target = join(directory, `${name}.js`);
    const source = join(bench, 'programs', `${name}.ts`);
    execFileSync(process.execPath, [builder, source, target, '--library'], { cwd: packageOf(source) });
    return [name, target];
  });
  return Object.fromEntries(bundles);
}

// --- internal ---

/** The folder of the nearest package.json above a file. */
function packageOf(file: string): string {
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
