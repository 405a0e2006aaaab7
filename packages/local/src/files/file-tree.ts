/**
 * Files of a folder as object storage sees them: keys with slashes, sorted by bytes, links followed, no empty folders.
 * Also read-only copies, which every job makes.
 */
import { createHash } from 'node:crypto';
import { constants, createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { chmod, copyFile, readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { ArgumentError } from '../errors.js';
import { makeFolder } from './folder.js';
import { openGzip } from './gunzip.js';

const READ_BYTES = 256 * 1024;

/** One file below a folder. */
export interface TreeFile {
  /** Path below the folder, with `/` between its parts. */
  readonly key: string;
  readonly path: string;
  readonly bytes: number;
}

/**
 * All files of a folder in the order of S3's listing (UTF-8 bytes of the key); for a file that one file.
 * @param what names the path in the error, e.g. `Channel "train"`
 * @throws ArgumentError when there is no such path, or it holds something that is neither file nor folder
 */
export function listFiles(path: string, what: string): readonly TreeFile[] {
  if (!existsSync(path)) throw new ArgumentError(`${what}: there is no file or folder ${path}. Check the path.`);
  const stats = statSync(path);
  if (stats.isFile()) return [{ key: basename(path), path, bytes: stats.size }];
  const files: TreeFile[] = [];
  const walk = (folder: string, prefix: string) => {
    for (const name of readdirSync(folder)) {
      const full = join(folder, name);
      const entry = statSync(full, { throwIfNoEntry: false }); // undefined: a broken link
      if (entry?.isDirectory()) walk(full, `${prefix}${name}/`);
      else if (entry?.isFile()) files.push({ key: prefix + name, path: full, bytes: entry.size });
      else throw new ArgumentError(`${what}: ${full} must be a file or a folder; it is neither.`);
    }
  };
  walk(path, '');
  return files.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

/**
 * @param folder that is written to
 * @throws ArgumentError when it lies inside of `path`: what is written would become input
 */
export function checkOutside(folder: string, path: string, what: string): void {
  const way = relative(resolve(path), resolve(folder));
  if (way !== '' && (way === '..' || way.startsWith(`..${sep}`))) return;
  throw new ArgumentError(
    `${what}: ${resolve(path)} contains the output folder ${resolve(folder)}. Choose another output.`,
  );
}

/**
 * Copies files below `folder`. Shares blocks with the original where the file system can; never a link, because a program
 * that writes to its input must not reach the original.
 * @param stop ends it before the next file, with the signal's reason
 */
export async function copyFiles(files: readonly TreeFile[], folder: string, stop?: AbortSignal): Promise<void> {
  makeFolder(folder);
  for (const file of files) {
    stop?.throwIfAborted();
    const target = join(folder, file.key);
    makeFolder(dirname(target));
    await copyFile(file.path, target, constants.COPYFILE_FICLONE);
  }
}

/** The same, and takes the right to write from copies and folders. */
export async function copyReadOnly(files: readonly TreeFile[], folder: string, stop?: AbortSignal): Promise<void> {
  await copyFiles(files, folder, stop);
  await makeReadOnly(folder);
}

/** Takes the right to write from a folder and everything in it. */
export async function makeReadOnly(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadOnly(path);
    else if (entry.isFile()) await chmod(path, 0o444);
  }
  await chmod(folder, 0o555);
}

/** A file's bytes, unpacked on the way when it is a gzip file. */
export function openInput(path: string, isGzip: boolean): Readable {
  return isGzip ? openGzip(path) : createReadStream(path, { highWaterMark: READ_BYTES });
}

/** SHA-256 of a file's content, hexadecimal. */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
