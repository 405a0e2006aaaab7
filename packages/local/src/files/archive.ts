/**
 * model.tar.gz and output.tar.gz. Packing is reproducible: entries sorted by bytes, one fixed time, no owner, nothing of
 * this machine's paths, so that equal models have equal archives. Unpacking trusts nothing: an archive may come from
 * anywhere.
 */
import { readdirSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { create, extract } from 'tar';
import { JobError, messageOf } from '../errors.js';
import { makeFolder } from './folder.js';

/** Any fixed time works; the start of 1980 is the earliest that zip tools can show. */
const ARCHIVE_TIME = new Date('1980-01-01T00:00:00Z');

/**
 * Packs everything in `folder`, empty folders too; links are replaced by what they point to.
 * @param within where links may lead; undefined: anywhere. A container, which cannot read this machine's files, could
 *   otherwise have them packed
 * @returns false when the folder is empty: then there is no archive
 * @throws JobError for a link that leads elsewhere
 */
export async function packFolder(folder: string, archive: string, within?: string): Promise<boolean> {
  if (within !== undefined) requireWithin(folder, within);
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((path) => (path.startsWith('@') ? `./${path}` : path)); // to node-tar @name means: the entries of that archive
  if (entries.length === 0) return false;
  if (within !== undefined) for (const path of entries) requireWithin(join(folder, path), within);
  makeFolder(dirname(archive));
  await create(
    {
      file: archive,
      cwd: folder,
      gzip: { portable: true },
      portable: true,
      mtime: ARCHIVE_TIME,
      noDirRecurse: true,
      follow: true,
      strict: true,
      jobs: 1,
    },
    entries,
  );
  return true;
}

/**
 * Unpacks an archive into an existing, empty folder.
 * @throws JobError when it is no gzip-compressed tar, is damaged, or has an entry that is a link or device or would
 *   land outside the folder
 */
export async function unpackArchive(archive: string, folder: string): Promise<void> {
  let refused: string | undefined;
  try {
    await extract({
      file: archive,
      cwd: folder,
      gzip: true,
      strict: true,
      preserveOwner: false,
      maxDecompressionRatio: Number.POSITIVE_INFINITY, // zeros pack 1030 to 1, and weights may be zeros
      filter: (path, entry) => {
        const type = 'type' in entry ? entry.type : 'File';
        if (type !== 'File' && type !== 'OldFile' && type !== 'Directory') refused ??= `"${path}" is a ${type}`;
        else if (path.startsWith('/') || path.split('/').includes('..'))
          refused ??= `"${path}" leads out of the folder`;
        return refused === undefined;
      },
    });
  } catch (error) {
    throw new JobError(
      `${archive} must be a gzip-compressed tar archive; it cannot be read as one: ${messageOf(error)}.`,
      { cause: error },
    );
  }
  if (refused) throw new JobError(`${archive} must contain only plain files and folders; ${refused}.`);
}

// --- internal ---

function requireWithin(path: string, folder: string): void {
  const target = realpathSync(path);
  if (target.startsWith(realpathSync(folder) + sep)) return;
  throw new JobError(`${path} is a link to ${target}, outside of ${folder}`);
}
