/** Files of a container's tree: what is there, what has changed, and changes that a check makes. */
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestFile, systemCode } from '@algo/local';

export interface FileDigest {
  /** From the root of the tree. */
  readonly path: string;
  /** Of a file; of anything else its kind. */
  readonly digest: string;
}

/**
 * Paths below a folder of everything but folders, sorted; no link is followed. What goes while they are read is left out: a
 * container may run.
 */
export async function pathsBelow(base: string): Promise<readonly string[]> {
  const paths: string[] = [];
  const walk = async (folder: string) => {
    const entries = await readdir(join(base, folder), { withFileTypes: true }).catch(unlessGone);
    for (const entry of entries ?? []) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await walk(path);
      else paths.push(path);
    }
  };
  await walk('');
  return paths.sort();
}

/** The same with what they are. */
export async function snapshot(base: string): Promise<readonly FileDigest[]> {
  const found: FileDigest[] = [];
  for (const path of await pathsBelow(base)) {
    const full = join(base, path);
    const isFile = lstatSync(full, { throwIfNoEntry: false })?.isFile();
    if (isFile === undefined) continue;
    const digest = isFile ? await digestFile(full).catch(unlessGone) : 'no file';
    if (digest !== undefined) found.push({ path, digest });
  }
  return found;
}

/** Paths that are new, gone or different, sorted. */
export function changes(before: readonly FileDigest[], after: readonly FileDigest[]): readonly string[] {
  const old = new Map(before.map(({ path, digest }) => [path, digest]));
  const now = new Map(after.map(({ path, digest }) => [path, digest]));
  const paths = new Set([...old.keys(), ...now.keys()]);
  return [...paths].filter((path) => old.get(path) !== now.get(path)).sort();
}

/** A file that a container may have written: no link, no pipe. Of a larger one the first `maxBytes`. */
export function readPlainFile(path: string, maxBytes: number): Buffer | undefined {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  const file = openSync(path, 'r');
  try {
    const content = Buffer.alloc(Math.min(fstatSync(file).size, maxBytes));
    return content.subarray(0, readSync(file, content));
  } finally {
    closeSync(file);
  }
}

/** Writes a file into a read-only folder, or in place of a read-only file. */
export function putFile(path: string, content: string | Buffer): void {
  const folder = dirname(path);
  if (!existsSync(folder)) {
    const above = openFolder(dirname(folder));
    mkdirSync(folder);
    chmodSync(dirname(folder), above);
  }
  const mode = openFolder(folder);
  rmSync(path, { force: true });
  writeFileSync(path, content, { mode: 0o444 });
  chmodSync(folder, mode);
}

/** Replaces the JSON object in a file by what `change` makes of it. */
export function editJson(path: string, change: (value: JsonObject) => unknown): void {
  putFile(path, `${JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8'))))}\n`);
}

/** Gives the right to write to a folder and the one around it, so that it can be moved. */
export function openTree(folder: string): void {
  openFolder(dirname(folder));
  openFolder(folder);
}

export type JsonObject = Readonly<Record<string, unknown>>;

// --- internal ---

/** Nothing instead of the error that it is not there. */
function unlessGone(error: unknown): undefined {
  if (systemCode(error) !== 'ENOENT') throw error;
}

/** Gives the right to write; returns the rights that it had. */
function openFolder(folder: string): number {
  const { mode } = statSync(folder);
  chmodSync(folder, 0o755);
  return mode & 0o7777;
}
