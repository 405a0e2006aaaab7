/**
 * The file of a key in a bucket's folder: found, put in its place, removed. All of it runs without a pause, so that
 * requests see each other's changes whole. No link is followed: the folder of a file must be where its names say.
 */
import { type BigIntStats, lstatSync, mkdirSync, realpathSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { ServiceError } from '../service-error.js';
import { hasCode, isMissing } from './file-errors.js';
import { keyPath } from './key-path.js';
import { keyTooLong } from './s3-errors.js';

export const MAX_KEY_BYTES = 1024;

export interface ObjectFile {
  readonly path: string;
  readonly stats: BigIntStats;
}

/** The file of a key, or undefined if there is none. @param folder the bucket's folder, without links in its path */
export function findFile(folder: string, key: string): ObjectFile | undefined {
  return fileAt(keyPath(folder, key)) ?? fileAt(keyPath(folder, key, 'sibling'));
}

/**
 * Moves a finished file to the place of a key.
 * @throws ServiceError KeyTooLongError if the path is too long for the file system; InvalidRequest if a link is in the way
 */
export function placeFile(folder: string, key: string, finished: string): void {
  try {
    const plain = keyPath(folder, key);
    const sibling = keyPath(folder, key, 'sibling');
    makeFolderOf(folder, plain, key);
    const isFolder = statsOf(plain)?.isDirectory() ?? false;
    if (isFolder) makeFolderOf(folder, sibling, key);
    renameSync(finished, isFolder ? sibling : plain);
    if (!isFolder) rmSync(sibling, { force: true });
  } catch (error) {
    if (hasCode(error, 'ENAMETOOLONG')) throw keyTooLong(MAX_KEY_BYTES, Buffer.byteLength(key));
    throw error;
  }
}

/** Removes the file of a key, if there is one, and the folders that are empty then. */
export function removeFile(folder: string, key: string): void {
  for (let file = findFile(folder, key); file !== undefined; file = findFile(folder, key)) {
    rmSync(file.path, { force: true });
    removeEmptyFolders(folder, dirname(file.path));
  }
}

// --- internal ---

function fileAt(path: string): ObjectFile | undefined {
  const stats = statsOf(path);
  return stats?.isFile() && isWithoutLinks(dirname(path)) ? { path, stats } : undefined;
}

function statsOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch (error) {
    if (isMissing(error) || hasCode(error, 'ENAMETOOLONG')) return undefined;
    throw error;
  }
}

function isWithoutLinks(folder: string): boolean {
  return realpathSync.native(folder) === folder;
}

/** Makes the folders above a path; a file in the place of one makes way, as `a` does for `a/b`. */
function makeFolderOf(folder: string, path: string, key: string): void {
  const parent = dirname(path);
  try {
    mkdirSync(parent, { recursive: true });
  } catch (error) {
    if (!hasCode(error, 'EEXIST', 'ENOTDIR')) throw error;
    moveFilesAside(folder, key);
    mkdirSync(parent, { recursive: true });
  }
  if (isWithoutLinks(parent)) return;
  throw new ServiceError('InvalidRequest', `The folder of the key must not be a link; received the key ${key}.`);
}

/** Gives the files that are where folders of `key` must be the form of an object next to a folder. */
function moveFilesAside(folder: string, key: string): void {
  const segments = key.split('/');
  for (let count = 1; count < segments.length; count++) {
    const above = segments.slice(0, count).join('/');
    const path = keyPath(folder, above);
    if (!statsOf(path)?.isFile()) continue;
    const sibling = keyPath(folder, above, 'sibling');
    mkdirSync(dirname(sibling), { recursive: true });
    renameSync(path, sibling);
  }
}

/**
 * A key of 1,024 slashes is in as many folders, and the path of each is long: these are removed a few at a time, between other
 * requests.
 */
function removeEmptyFolders(root: string, folder: string): void {
  let path = folder;
  for (let count = 0; path !== root; path = dirname(path), count++) {
    if (count === FOLDERS_AT_A_TIME) return void setImmediate(removeEmptyFolders, root, path);
    try {
      rmdirSync(path);
    } catch {
      return; // not empty
    }
  }
}

const FOLDERS_AT_A_TIME = 20;
