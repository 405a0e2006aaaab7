/**
 * Which files of a model directory show that it has a complete model, and what an interrupted save leaves. Apart from
 * save.ts, because the main thread of a training asks for nothing else.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../directory.js';

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
  return existsSync(oldPath) && hasOurs(oldPath) ? oldPath : undefined;
}

/** Whether `directory` has a complete model. */
export function hasModel(directory: string): boolean {
  return findManifest(directory) !== undefined;
}

/** Removes what an interrupted save left behind. */
export function removeUnfinishedModel(directory: string): void {
  removeStagedModels(directory);
  if (!hasModel(directory) && existsSync(directory)) removeAllBut(directory);
}

/** Removes what was written and never moved into place, of an earlier job too. */
export function removeStagedModels(directory: string): void {
  rmSync(join(directory, STAGING_DIRECTORY), { recursive: true, force: true });
}

/**
 * Moves a model that is written as a whole into place. Begun again after an interruption, it ends in the same state.
 * @param staging the folder in STAGING_DIRECTORY that has the model with its manifest
 */
export function moveIntoPlace(directory: string, staging: string): void {
  const manifest = join(staging, MANIFEST_FILE);
  const names = Object.keys((JSON.parse(readFileSync(manifest, 'utf8')) as { files: object }).files);
  const isStaged = (name: string) => existsSync(join(staging, name));
  if (names.every(isStaged)) {
    for (const name of [MANIFEST_FILE, OLD_MANIFEST_FILE]) rmSync(join(directory, name), { force: true });
    removeAllBut(directory, STAGING_DIRECTORY);
  }
  for (const name of names.filter(isStaged)) {
    makeDirectory(dirname(join(directory, name)));
    renameSync(join(staging, name), join(directory, name));
  }
  renameSync(manifest, join(directory, MANIFEST_FILE));
}

/**
 * After the end of whoever saved: a model that was being moved into place gets there, one that was being written goes.
 * @returns whether there was one to move
 */
export function finishInterruptedSave(directory: string): boolean {
  const staging = join(directory, STAGING_DIRECTORY);
  const folders = existsSync(staging) ? readdirSync(staging) : [];
  const whole = folders.map((name) => join(staging, name)).find((path) => existsSync(join(path, MANIFEST_FILE)));
  if (whole !== undefined) moveIntoPlace(directory, whole);
  removeStagedModels(directory);
  return whole !== undefined;
}

/** Other programs leave a manifest.json too (web pages, MLflow); the text of ours has always begun with its format. */
export function isOurs(manifest: string): boolean {
  return manifest.includes('"formatVersion"');
}

// --- internal ---

/** Empties `directory`, but for the entry `kept`. */
function removeAllBut(directory: string, kept?: string): void {
  for (const entry of readdirSync(directory)) {
    if (entry !== kept) rmSync(join(directory, entry), { recursive: true, force: true });
  }
}

function hasOurs(path: string): boolean {
  return statSync(path).isFile() && isOurs(readFileSync(path, 'utf8'));
}
