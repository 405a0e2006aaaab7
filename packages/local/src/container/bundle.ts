/**
 * Which program a folder or an image has: the digest of the bundle that `build-bundle` writes. Two with the same digest run the same
 * code. Programs that are no such bundle have none, and nothing is known of them.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { locateProgram } from './program.js';

/** What starts the program, the program, and the main thread of its training. */
const BUNDLE_FILES = ['main.js', 'program.js', 'training.js'] as const;

/** Whether a file of this name, next to main.js, is of the bundle: one of these, or a part of the program. */
export function isOfBundle(name: string): boolean {
  return BUNDLE_FILES.some((file) => file === name) || /^program\d*\..+\.part\.js$/.test(name);
}

/**
 * `sha256:…`; undefined where one of the files that each bundle has is missing.
 * @param names of files; those that are of no bundle do not count
 * @param textOf of one of them; undefined where it has none
 */
export function bundleDigest(
  names: readonly string[],
  textOf: (name: string) => string | undefined,
): string | undefined {
  if (!BUNDLE_FILES.every((file) => names.includes(file))) return undefined;
  const hash = createHash('sha256');
  for (const name of names.filter(isOfBundle).toSorted()) {
    const text = textOf(name);
    if (text === undefined) return undefined;
    hash.update(`${name} ${Buffer.byteLength(text)}\n`).update(text);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** Of the bundle that has this main.js. @throws Error when its folder cannot be read */
export function bundleOfProgram(file: string): string | undefined {
  const folder = dirname(file);
  return bundleDigest(readdirSync(folder), (name) => readFileSync(join(folder, name), 'utf8'));
}

/** Of an algorithm's folder as it is built now; undefined where it is not built, or no bundle. */
export function bundleOfFolder(folder: string): string | undefined {
  try {
    return bundleOfProgram(locateProgram(folder).file);
  } catch {
    return undefined;
  }
}
