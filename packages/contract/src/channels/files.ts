/**
 * The data files of a File channel: the whole tree below its folder, less what begins with `_` or `.` and other things
 * that Spark, pyarrow, S3 tools and notebooks leave next to data, as these readers do: copies of tasks in `_temporary`,
 * markers, folder objects, empty objects. What says that other files are not valid by themselves is refused.
 * Contract: hidden objects of a bucket are downloaded too.
 */
import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { ClientError, messageOf, PlatformError } from '../errors.js';
import { refuseTableLog } from './table-logs.js';

/** What a channel's files are: rows of data, or files that are taken as they are, such as a model. */
export type FileKind = 'rows' | 'files';

/**
 * Paths relative to `directory`, `/` between folders, sorted by their UTF-8 bytes as S3 sorts keys; symbolic links are
 * followed. Empty when there is no data file or no such folder.
 * @param skipped gets the paths that were left out for their names
 * @throws ClientError E_CHANNEL for a link that leads nowhere or back to a folder that holds it, and for the log of a
 *   table whose files are not its rows; PlatformError E_ENVIRONMENT for a folder that cannot be read
 */
export function listDataFiles(directory: string, kind: FileKind = 'rows', skipped: string[] = []): string[] {
  const files: string[] = [];
  collect({ kind, files, skipped }, directory, '', []);
  return files
    .map((path) => ({ path, bytes: Buffer.from(path) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ path }) => path);
}

// --- internal ---

interface Listing {
  readonly kind: FileKind;
  readonly files: string[];
  readonly skipped: string[];
}

const FOLDER_MARKER_SUFFIX = '_$folder$';
/** Spark's and Databricks' markers, also next to a model. */
const MARKER = /^_(SUCCESS$|committed_|started_)/;
/** Of a model's folder that was uploaded as it is. */
const MANIFEST = '.manifest.json';

/** A folder of partitions is one of data, even for a column whose name begins with `_`. */
function isData(name: string, kind: FileKind, isFolder: boolean): boolean {
  if (name.endsWith(FOLDER_MARKER_SUFFIX)) return false;
  if (kind === 'files') return !MARKER.test(name) && (!name.startsWith('.') || name === MANIFEST);
  return !name.startsWith('.') && (!name.startsWith('_') || (isFolder && name.includes('=')));
}

/** Undefined for a link that leads nowhere, or in a circle. @throws PlatformError E_ENVIRONMENT for what cannot be looked at */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOOP') return undefined;
    throw unreadable(path, error);
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    throw unreadable(directory, error);
  }
}

function unreadable(path: string, cause: unknown): PlatformError {
  return new PlatformError('E_ENVIRONMENT', `${path} could not be read: ${messageOf(cause)}.`, { cause });
}

function collect(listing: Listing, directory: string, prefix: string, above: readonly string[]): void {
  const real = realpathSync(directory);
  if (above.includes(real)) {
    throw new ClientError('E_CHANNEL', `${directory} must not link to a folder that contains it. Remove the link.`);
  }
  for (const name of namesIn(directory)) {
    const path = join(directory, name);
    const stats = statsOf(path);
    const isFolder = stats?.isDirectory() ?? false;
    if (listing.kind === 'rows' && isFolder) refuseTableLog(path, name);
    if (!isData(name, listing.kind, isFolder)) {
      if (!name.endsWith(FOLDER_MARKER_SUFFIX)) listing.skipped.push(`${prefix}${name}${isFolder ? '/' : ''}`);
      continue;
    }
    if (!stats) {
      throw new ClientError('E_CHANNEL', `${path} must be a file or a folder; it is a broken link. Remove it.`);
    }
    if (isFolder) collect(listing, path, `${prefix}${name}/`, [...above, real]);
    else if (stats.isFile() && stats.size > 0) listing.files.push(prefix + name);
  }
}
