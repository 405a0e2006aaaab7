/**
 * Folders that are written to. They are created one by one from the nearest existing one: in /proc, mkdir with
 * `recursive` never returns and blocks the thread that handles signals. An unwritable folder is reported before
 * anything starts.
 */
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ArgumentError, reasonOf, systemCode } from '../errors.js';

/**
 * Makes a folder and those above it, where they are missing.
 * @throws the system's error, which names the path
 */
export function makeFolder(path: string): void {
  const full = resolve(path);
  const missing: string[] = [];
  for (let at = full; !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const folder of missing) makeOne(folder);
  if (statSync(full).isDirectory()) return;
  throw new ArgumentError(`${full} must be a folder; it is a file. Choose another one.`);
}

/**
 * The same, for the folder of a job's results: tries whether it can be written.
 * @param what names it in the error, e.g. `Output folder`
 * @throws ArgumentError when it cannot be made or written
 */
export function prepareOutput(path: string, what: string): void {
  try {
    makeFolder(path);
    rmdirSync(mkdtempSync(join(path, '.algo-')));
  } catch (error) {
    if (error instanceof ArgumentError) throw new ArgumentError(`${what}: ${error.message}`, { cause: error });
    throw new ArgumentError(`${what} ${path} must be a writable folder: ${reasonOf(error)}. Choose another one.`, {
      cause: error,
    });
  }
}

// --- internal ---

function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST' || !existsSync(folder)) throw error; // another process may have made it
  }
}
