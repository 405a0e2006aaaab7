/**
 * Which program a folder or an image has: the digest of the bundle that `build-bundle` writes. Two with the same digest run the same
 * code. Programs that are no such bundle have none, and nothing is known of them.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { locateProgram } from './program.js';

/** What starts the program, the program, and the main thread of its training. */
export const BUNDLE_FILES = ['main.js', 'program.js', 'training.js'] as const;

/**
 * `sha256:…`; undefined where one of the files is missing.
 * @param textOf of a file of the bundle; undefined where there is none
 */
export function bundleDigest(textOf: (name: string) => string | undefined): string | undefined {
  const hash = createHash('sha256');
  for (const name of BUNDLE_FILES) {
    const text = textOf(name);
    if (text === undefined) return undefined;
    hash.update(`${name} ${Buffer.byteLength(text)}\n`).update(text);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** Of the bundle that has this main.js. */
export function bundleOfProgram(file: string): string | undefined {
  return bundleDigest((name) => {
    const path = join(dirname(file), name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  });
}

/** Of an algorithm's folder as it is built now; undefined where it is not built, or no bundle. */
export function bundleOfFolder(folder: string): string | undefined {
  try {
    return bundleOfProgram(locateProgram(folder).file);
  } catch {
    return undefined;
  }
}
