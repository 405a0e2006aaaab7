/**
 * The keys below a bucket's folder in UTF-8 order, a folder at a time: memory is bounded by the largest folder, and what
 * a page does not need is not read. Links and other special files are no objects and are not followed.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './file-errors.js';
import { readNames } from './key-path.js';
import { compareUtf8 } from './utf8-order.js';

export interface WalkRange {
  /** Only keys that start with this. */
  readonly prefix: string;
  /** Only keys after this one. */
  readonly after: string;
  /** No keys that start with this; may be changed while walking. '' for none. */
  skip: string;
}

export interface FoundFile {
  readonly key: string;
  readonly path: string;
}

/** The files whose keys are in range. A folder that vanishes meanwhile is empty. */
export async function* walkFolder(folder: string, range: WalkRange, start = ''): AsyncGenerator<FoundFile, void, void> {
  for (const entry of await readFolder(folder)) {
    const key = start + entry.text;
    if (range.skip !== '' && start.startsWith(range.skip)) return;
    if (range.skip !== '' && key.startsWith(range.skip)) continue;
    if (entry.isFolder) {
      if (mayHoldKeys(key, range)) yield* walkFolder(entry.path, range, key);
    } else if (key.startsWith(range.prefix) && compareUtf8(key, range.after) > 0) yield { key, path: entry.path };
  }
}

// --- internal ---

interface FolderEntry {
  /** What it adds to the key: a segment, with the `/` behind it if it is a folder. */
  readonly text: string;
  readonly path: string;
  readonly isFolder: boolean;
  readonly isSibling: boolean;
}

/** Whether keys that start with `folderKey` can be in range. */
function mayHoldKeys(folderKey: string, { prefix, after }: WalkRange): boolean {
  if (!folderKey.startsWith(prefix) && !prefix.startsWith(folderKey)) return false;
  return after.startsWith(folderKey) || compareUtf8(folderKey, after) > 0;
}

/** Entries in the order of the keys below them: `a-b`, then the folder `a/`, then `a0`. */
async function readFolder(folder: string): Promise<FolderEntry[]> {
  const entries = await readSegments(folder, []);
  entries.sort((a, b) => compareUtf8(a.text, b.text) || Number(a.isSibling) - Number(b.isSibling));
  // Where a killed server left both forms of an object, the plain one is newer.
  return entries.filter(({ text }, i) => text !== entries[i - 1]?.text);
}

/** Entries of a folder, with those of the folders that only continue a long segment. */
async function readSegments(folder: string, begun: readonly string[]): Promise<FolderEntry[]> {
  const found: FolderEntry[] = [];
  for (const entry of await entriesOf(folder)) {
    const isFolder = entry.isDirectory();
    if (!isFolder && !entry.isFile()) continue;
    const names = [...begun, entry.name];
    const meaning = readNames(names);
    if (meaning === undefined) continue;
    const path = join(folder, entry.name);
    const isSibling = meaning.form === 'sibling';
    if (meaning.isContinued) {
      if (isFolder) for (const inner of await readSegments(path, names)) found.push(inner);
    } else if (isFolder) {
      if (!isSibling) found.push({ text: `${meaning.text}/`, path, isFolder, isSibling });
    } else found.push({ text: meaning.text, path, isFolder, isSibling });
  }
  return found;
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
