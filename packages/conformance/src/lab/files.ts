/** Files of a container's tree: what is there, what has changed, and changes that a check makes. */
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { digestFile } from '@algo/local';

export interface FileDigest {
  /** From the root of the tree. */
  readonly path: string;
  /** Of a file; of anything else its kind. */
  readonly digest: string;
}

/** Everything below a folder but folders, sorted by path. */
export async function snapshot(base: string): Promise<readonly FileDigest[]> {
  const found: FileDigest[] = [];
  const entries = await readdir(base, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    found.push({ path: relative(base, path), digest: entry.isFile() ? await digestFile(path) : 'no file' });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Paths that are new, gone or different, sorted. */
export function changes(before: readonly FileDigest[], after: readonly FileDigest[]): readonly string[] {
  const old = new Map(before.map(({ path, digest }) => [path, digest]));
  const now = new Map(after.map(({ path, digest }) => [path, digest]));
  const paths = new Set([...old.keys(), ...now.keys()]);
  return [...paths].filter((path) => old.get(path) !== now.get(path)).sort();
}

/** A file that a container may have written: no link, no pipe. */
export function readPlainFile(path: string): Buffer | undefined {
  if (!existsSync(path) || !lstatSync(path).isFile()) return undefined;
  return readFileSync(path);
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

/** Gives the right to write; returns the rights that it had. */
function openFolder(folder: string): number {
  const { mode } = statSync(folder);
  chmodSync(folder, 0o755);
  return mode & 0o7777;
}
