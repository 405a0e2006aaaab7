/**
 * Keeps a prefix of objects equal to a folder while a program writes to it: what is new or changed is put, what is gone is
 * deleted. Files that the program says are not for S3 (`.sagemaker-ignore`, and the marks of uploads) stay.
 */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ObjectStore } from '../object-store.js';

export interface FolderSync {
  /** The last time. @throws its error: then not all files are objects */
  close(): Promise<void>;
}

const LOOK_MS = 1000;
const LEFT_OUT = /\.sagemaker-(ignore|uploading|uploaded)$/;

/** Begins with what is in the folder now as known: it came from these objects. */
export function syncFolder(objects: ObjectStore, folder: string, bucket: string, prefix: string): FolderSync {
  let known = lookInto(folder);
  const closing = new AbortController();
  const sync = async () => {
    const found = lookInto(folder);
    for (const [key, mark] of found) {
      if (known.get(key) !== mark) await putIfThere(objects, bucket, prefix + key, join(folder, key));
    }
    for (const key of known.keys()) if (!found.has(key)) objects.delete(bucket, prefix + key);
    known = found;
  };
  const follow = async () => {
    while (!closing.signal.aborted) {
      // What fails is not known as done: the next time does it again.
      await delay(LOOK_MS, undefined, { signal: closing.signal })
        .then(sync)
        .catch(() => undefined);
    }
  };
  const followed = follow();
  return {
    async close() {
      closing.abort();
      await followed;
      await sync();
    },
  };
}

// --- internal ---

/** The program may remove a file at any time. */
async function putIfThere(objects: ObjectStore, bucket: string, key: string, path: string): Promise<void> {
  try {
    await objects.put(bucket, key, path);
  } catch (error) {
    if (existsSync(path)) throw error;
  }
}

/**
 * Each file's key below the folder, with a text that changes when the file does. Links are left out: they could lead to what a
 * container cannot read.
 */
function lookInto(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return found;
  // Not readdir's own recursion, which follows links.
  const walk = (place: string, prefix: string) => {
    for (const entry of readdirSync(place, { withFileTypes: true })) {
      const path = join(place, entry.name);
      if (entry.isDirectory()) walk(path, `${prefix}${entry.name}/`);
      const isKept = entry.isFile() && !LEFT_OUT.test(entry.name);
      const stats = isKept ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
      if (stats) found.set(prefix + entry.name, `${stats.ino} ${stats.size} ${stats.mtimeMs}`);
    }
  };
  walk(folder, '');
  return found;
}
