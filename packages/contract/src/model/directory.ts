/**
 * Which files of a model directory say that a whole model stands in it, and what an interrupted save leaves. Apart from
 * the rest of store.ts, because the main thread of a training asks for nothing else.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const MANIFEST_FILE = '.manifest.json';
/** Its name in models of older versions. */
export const OLD_MANIFEST_FILE = 'manifest.json';
/** Being under the model directory makes the renames atomic; the leading dot hides it from readers of the model. */
export const STAGING_DIRECTORY = '.saving';

/** Path of the manifest in `directory`, under its name of today or of older versions; undefined when there is none. */
export function findManifest(directory: string): string | undefined {
  const path = join(directory, MANIFEST_FILE);
  if (existsSync(path)) return path;
  const oldPath = join(directory, OLD_MANIFEST_FILE);
  return existsSync(oldPath) && isOurs(oldPath) ? oldPath : undefined;
}

/** Whether a complete model stands in `directory`. */
export function hasModel(directory: string): boolean {
  return findManifest(directory) !== undefined;
}

/** Removes what an interrupted save left behind. */
export function removeUnfinishedModel(directory: string): void {
  rmSync(join(directory, STAGING_DIRECTORY), { recursive: true, force: true });
  if (!hasModel(directory) && existsSync(directory)) removeAllBut(directory);
}

/** Empties `directory`, but for the entry `kept`. */
export function removeAllBut(directory: string, kept?: string): void {
  for (const entry of readdirSync(directory)) {
    if (entry !== kept) rmSync(join(directory, entry), { recursive: true, force: true });
  }
}

// --- internal ---

/** Other programs leave a manifest.json too (web pages, MLflow); ours has always begun with its format. */
function isOurs(path: string): boolean {
  return readFileSync(path, 'utf8').includes('"formatVersion"');
}
