/**
 * Making a directory and those above it, one by one from the nearest that exists: Node's own mkdir with `recursive` tries
 * for ever where the system says ENOENT of a parent that is there, as /proc does, and holds the thread that signals need.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** @throws the system's error, which names the path: of a file in the way too */
export function makeDirectory(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const directory of missing) makeOne(directory);
  if (!statSync(path).isDirectory()) mkdirSync(path); // says EEXIST in the system's words
}

// --- internal ---

function makeOne(directory: string): void {
  try {
    mkdirSync(directory);
  } catch (error) {
    if (!existsSync(directory)) throw error; // another process may have made it
  }
}
