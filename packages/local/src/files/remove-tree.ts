/**
 * Removes a folder, whatever a program left in it: read-only folders, names that are not text, and more levels than a path
 * can name. Each inner folder is moved to the top before it is emptied, so that no path is longer than three names.
 */
import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { chmod, lstat, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that is being killed may make a few files more: how often a folder is emptied again, and after what time. */
const ROUNDS = 100;
const ROUND_MS = 10;

/**
 * Nothing happens when there is none; of a link, the link is removed.
 * @throws Error of the file system when something in it cannot be removed
 */
export async function removeTree(path: string): Promise<void> {
  const found = await lstat(path).catch(ifMissing);
  if (!found) return;
  if (!found.isDirectory()) return unlink(path);
  for (let round = 1; ; round++) {
    await emptyFolder(path);
    try {
      return await rmdir(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      if (codeOf(error) !== 'ENOTEMPTY' || round === ROUNDS) throw error;
      await delay(ROUND_MS);
    }
  }
}

// --- internal ---

async function emptyFolder(top: string): Promise<void> {
  const prefix = Buffer.from(`.removed-${randomUUID()}-`);
  const topPath = Buffer.from(`${top}/`);
  const waiting: Buffer[] = [];
  let moved = 0;
  const clear = async (folder: Buffer, isTop: boolean) => {
    for (const entry of await entriesOf(folder)) {
      const path = Buffer.concat([folder, Buffer.from('/'), entry.name]);
      if (!entry.isDirectory()) {
        await unlink(path).catch(ifMissing);
      } else if (isTop) {
        waiting.push(path);
      } else {
        const target = Buffer.concat([topPath, prefix, Buffer.from(String(moved++))]);
        await chmod(path, 0o700).catch(ifMissing); // a folder that changes its parent is written to
        await rename(path, target).then(() => waiting.push(target), ifMissing);
      }
    }
  };
  await clear(Buffer.from(top), true);
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    await clear(folder, false);
    await rmdir(folder).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOTEMPTY') ifMissing(error); // the next round empties it
    });
  }
}

async function entriesOf(folder: Buffer): Promise<readonly Dirent<Buffer>[]> {
  try {
    await chmod(folder, 0o700);
    return await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    ifMissing(error);
    return [];
  }
}

function ifMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
