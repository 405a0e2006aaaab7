/**
 * Packs model.tar.gz and output.tar.gz, reproducibly: entries sorted by bytes, one fixed time, no owner, nothing of this
 * machine's paths, so that equal models have equal archives.
 */
import { createWriteStream, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type ArchiveEntry, listEntries, requireWithin } from './archive-entries.js';
import { makeFolder } from './folder.js';
import { tarChunks } from './tar-chunks.js';

export interface PackedFolder {
  readonly folder: string;
  /**
   * Where links may lead; undefined: anywhere. A container, which cannot read this machine's files, could otherwise have them
   * packed.
   */
  readonly within?: string | undefined;
}

export interface PackOptions {
  /** Ends the packing, which then throws. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of what is left out: the path below its folder, why, and the index of the folder. */
  readonly onLeftOut?: ((path: string, why: string, folder: number) => void) | undefined;
}

/**
 * Packs everything in `folder`, empty folders too; links to files are replaced by what they point to.
 * @returns false when the folder is empty: then there is no archive
 * @throws JobError for a link that leads elsewhere
 */
export function packFolder(
  folder: string,
  archive: string,
  { within, ...options }: PackOptions & Pick<PackedFolder, 'within'> = {},
): Promise<boolean> {
  return packFolders([{ folder, within }], archive, options);
}

/** Packs several folders into one archive, where of equal names the first one counts. Otherwise as `packFolder`. */
export async function packFolders(
  folders: readonly PackedFolder[],
  archive: string,
  options: PackOptions = {},
): Promise<boolean> {
  const { signal, onLeftOut = () => undefined } = options;
  const lists = folders.map(({ folder, within }, index) => {
    if (within !== undefined) requireWithin(folder, within);
    return listEntries(folder, within, (path, why) => onLeftOut(path, why, index));
  });
  const entries = lists.length === 1 ? lists[0]! : mergeEntries(lists, onLeftOut);
  if (entries.length === 0) return false;
  makeFolder(dirname(archive));
  try {
    await pipeline(tarChunks(entries), createGzip(), withoutSystem, createWriteStream(archive), { signal });
  } catch (error) {
    rmSync(archive, { force: true });
    throw error;
  }
  return true;
}

// --- internal ---

function mergeEntries(
  lists: readonly (readonly ArchiveEntry[])[],
  leaveOut: (path: string, why: string, folder: number) => void,
): readonly ArchiveEntry[] {
  const merged = new Map<string, ArchiveEntry>();
  for (const [index, entries] of lists.entries()) {
    for (const entry of entries) {
      const other = merged.get(entry.path);
      const parts = entry.path.split('/');
      const above = parts.slice(1).map((_, depth) => merged.get(parts.slice(0, depth + 1).join('/')));
      const isBlocked = above.some((parent) => parent && parent.type !== 'Directory');
      if (!other && !isBlocked) merged.set(entry.path, entry);
      else if (isBlocked || other?.type !== 'Directory' || entry.type !== 'Directory') {
        leaveOut(entry.path, 'another host has one of this name', index);
      }
    }
  }
  return [...merged.values()].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

/** Byte 9 of a gzip file is the system that made it; 255: unknown (RFC 1952). */
async function* withoutSystem(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let at = 0;
  for await (const chunk of chunks) {
    if (at <= 9 && at + chunk.length > 9) chunk[9 - at] = 255;
    at += chunk.length;
    yield chunk;
  }
}
