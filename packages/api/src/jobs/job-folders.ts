/**
 * Removes the folders of jobs and servers that have ended. What is in them must neither change a job's status nor keep a
 * server from starting: a folder that cannot be removed is moved aside, and the next start tries again.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree } from '@algo/local';

/** Removes a folder or moves it aside; never throws. */
export type ClearFolder = (folder: string) => Promise<void>;

/**
 * Tries to remove what was moved aside earlier.
 * @param onError hears what could not be removed, and where it is
 * @param remove throws when it cannot remove a folder
 */
export async function openClearFolder(
  dataFolder: string,
  onError: (error: unknown) => void,
  remove: (folder: string) => Promise<void> = removeTree,
): Promise<ClearFolder> {
  const aside = join(dataFolder, 'leftovers');
  await remove(aside).catch((error: unknown) => onError(leftover(aside, error)));
  return async (folder) => {
    try {
      await remove(folder);
    } catch (error) {
      onError(moveAside(folder, aside, error));
    }
  };
}

// --- internal ---

function moveAside(folder: string, aside: string, cause: unknown): Error {
  const target = join(aside, randomUUID());
  try {
    mkdirSync(aside, { recursive: true });
    renameSync(folder, target);
    return leftover(target, cause);
  } catch {
    return leftover(folder, cause);
  }
}

function leftover(folder: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Files of jobs that have ended could not be removed; they are in ${folder}: ${why}`, { cause });
}
