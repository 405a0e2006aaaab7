/**
 * The data files of a File channel: the whole tree below its folder, less what S3 tools, notebooks and Spark leave
 * beside data (dotfiles, `_SUCCESS`, folder markers, empty objects). Contract: hidden objects of a bucket are downloaded too.
 */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ClientError } from '../errors.js';

/**
 * Paths relative to `directory`, `/` between folders, sorted by their UTF-8 bytes as S3 sorts keys; symbolic links are
 * followed. Empty when there is no data file or no such folder.
 * @throws ClientError E_CHANNEL for a link that leads nowhere or back to a folder that holds it
 */
export function listDataFiles(directory: string): string[] {
  const files: string[] = [];
  collect(directory, '', [], files);
  return files
    .map((path) => ({ path, bytes: Buffer.from(path) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ path }) => path);
}

// --- internal ---

const SPARK_MARKER = '_SUCCESS';
const FOLDER_MARKER_SUFFIX = '_$folder$';

function collect(directory: string, prefix: string, above: readonly string[], files: string[]): void {
  const real = realpathSync(directory);
  if (above.includes(real)) {
    throw new ClientError('E_CHANNEL', `${directory} must not link back to a folder that holds it. Remove the link.`);
  }
  for (const name of readdirSync(directory)) {
    if (name.startsWith('.') || name === SPARK_MARKER || name.endsWith(FOLDER_MARKER_SUFFIX)) continue;
    const path = join(directory, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) {
      throw new ClientError(
        'E_CHANNEL',
        `${path} must be a file or a folder; it is a link that leads nowhere. Remove it.`,
      );
    }
    if (stats.isDirectory()) collect(path, `${prefix}${name}/`, [...above, real], files);
    else if (stats.isFile() && stats.size > 0) files.push(prefix + name);
  }
}
