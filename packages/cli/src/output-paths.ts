/** Where a command writes, as an option says: refused before any work where a file or a folder is in the way. */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ArgumentError, systemCode } from '@algo/local';

/**
 * A folder, which may be made yet.
 * @param option that gave it, for the error @param from the folder that a relative path starts at
 * @throws ArgumentError where it, or what it would be in, is a file
 */
export function folderOfOption(option: string, given: string, from: string): string {
  const directory = resolve(from, given);
  const file = fileAbove(directory);
  if (file === undefined) return directory;
  throw new ArgumentError(`${option} must be a folder; received "${given}", and ${file} is a file.`);
}

/**
 * A file, which is replaced if it is there; its folder may be made yet.
 * @throws ArgumentError where it is a folder, or what it would be in is a file
 */
export function fileOfOption(option: string, given: string, from: string): string {
  const path = resolve(from, given);
  if (kindOf(path) === 'folder') throw new ArgumentError(`${option} must be a file; received "${given}", a folder.`);
  const file = fileAbove(dirname(path));
  if (file === undefined) return path;
  throw new ArgumentError(`${option} must be a file in a folder; received "${given}", and ${file} is a file.`);
}

// --- internal ---

/** The first that is there of a path and the folders around it, if it is no folder. */
function fileAbove(path: string): string | undefined {
  for (let at = path; ; at = dirname(at)) {
    const kind = kindOf(at);
    if (kind !== undefined || at === dirname(at)) return kind === 'file' ? at : undefined;
  }
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found && (found.isDirectory() ? 'folder' : 'file');
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return undefined; // below a file, which is found next
    throw error;
  }
}
