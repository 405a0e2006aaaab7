/**
 * What an archive of a folder has in it. One odd name must not lose the others: what an archive cannot have is left out and
 * named. A link to a file is that file; a link to a folder, or to nothing, stays a link where it leads within the folder.
 */
import { lstatSync, readdirSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { JobError } from '../errors.js';

export interface ArchiveEntry {
  /** Below the folder, with `/` between its parts. */
  readonly path: string;
  readonly type: 'File' | 'Directory' | 'SymbolicLink';
  readonly mode: number;
  /** Of a file. */
  readonly bytes: number;
  /** Of a file: where its bytes are. */
  readonly source: string;
  /** Of a link. */
  readonly target?: string;
}

/**
 * In the order of the paths' bytes; folders before what is in them.
 * @param within where links may lead; undefined: anywhere
 * @param leaveOut hears of what is left out, and why
 * @throws JobError for a link that leads elsewhere
 */
export function listEntries(
  folder: string,
  within: string | undefined,
  leaveOut: (path: string, why: string) => void,
): readonly ArchiveEntry[] {
  const entries: ArchiveEntry[] = [];
  const add = (path: string) => {
    const full = join(folder, path);
    const stats = lstatSync(full);
    if (stats.isSymbolicLink()) {
      const entry = entryOfLink(folder, path, within);
      if (typeof entry === 'string') leaveOut(path, entry);
      else entries.push(entry);
    } else if (stats.isDirectory()) {
      entries.push({ path, type: 'Directory', mode: stats.mode, bytes: 0, source: full });
      walk(`${path}/`);
    } else if (stats.isFile()) entries.push(fileEntry(path, full, stats));
    else leaveOut(path, 'it is neither a file, a folder nor a link');
  };
  const walk = (prefix: string) => {
    for (const name of readdirSync(join(folder, prefix), { encoding: 'buffer' })) {
      const path = prefix + name.toString();
      if (!Buffer.from(name.toString()).equals(name)) {
        leaveOut(path, 'its name is not UTF-8');
        continue;
      }
      try {
        add(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENAMETOOLONG') throw error;
        leaveOut(path, 'its path is longer than the system takes');
      }
    }
  };
  walk('');
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

/**
 * Whether a link leads within its archive's folder, also where other links are in its way: it goes up first, not above the
 * folder, and then down only.
 */
export function isInnerLink(path: string, target: string): boolean {
  const parts = target.split('/');
  const ups = parts.findIndex((part) => part !== '..');
  const downs = ups === -1 ? [] : parts.slice(ups);
  const depth = path.split('/').length - 1;
  return (ups === -1 ? parts.length : ups) <= depth && !target.startsWith('/') && !downs.includes('..');
}

/** @throws JobError when a path, its links followed, is not below the folder */
export function requireWithin(path: string, folder: string): void {
  const target = realpathSync(path);
  if (target.startsWith(realpathSync(folder) + sep)) return;
  throw new JobError(`${path} is a link to ${target}, outside of ${folder}`);
}

// --- internal ---

function fileEntry(path: string, source: string, { mode, size }: Stats): ArchiveEntry {
  return { path, type: 'File', mode, bytes: size, source };
}

/** @returns why it is left out, if it is */
function entryOfLink(folder: string, path: string, within: string | undefined): ArchiveEntry | string {
  const full = join(folder, path);
  const link = (target: string): ArchiveEntry => ({
    ...{ path, type: 'SymbolicLink', mode: 0o777, bytes: 0, source: full, target },
  });
  const target = readlinkSync(full);
  const real = resolveLink(full);
  if (real === undefined)
    return isInnerLink(path, target) ? link(target) : `it is a link to ${target}, which is not there`;
  if (within !== undefined) requireWithin(full, within);
  const stats = statSync(real);
  if (stats.isFile()) return fileEntry(path, real, stats);
  if (isInnerLink(path, target)) return link(target);
  const top = realpathSync(folder);
  if (stats.isDirectory() && real.startsWith(top + sep)) return link(relative(realpathSync(dirname(full)), real));
  return `it is a link to ${target}, which is not a file of this folder`;
}

/** Undefined: it leads to nothing, or in a circle. */
function resolveLink(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
