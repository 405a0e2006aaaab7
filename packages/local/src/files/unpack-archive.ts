/**
 * Unpacks model.tar.gz and output.tar.gz. It trusts nothing: an archive may come from anywhere, lead out of its folder, be
 * larger than the disk, or never end. What was written of one that cannot be used is removed.
 */
import { once } from 'node:events';
import { statfsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadEntry } from 'tar';
import { JobError, messageOf } from '../errors.js';
import { isInnerLink } from './archive-entries.js';
import { openGzip } from './gunzip.js';
import { removeTree } from './remove-tree.js';

export interface UnpackOptions {
  /** Ends the unpacking, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Default: what is free on the folder's disk. */
  readonly maxBytes?: number | undefined;
  /** Default: a million. */
  readonly maxEntries?: number | undefined;
  /** Bytes that any archive may unpack to, however small it is. */
  readonly freeBytes?: number | undefined;
}

/** Files and folders of one archive. A model of a million files takes minutes to copy; a disk has room for some ten million. */
const MAX_ENTRIES = 1_000_000;
/** Real models come to some dozens: what is packed tighter than this is made to fill the disk, once it is large. */
const MAX_RATIO = 500;
const FREE_BYTES = 2 ** 30;
/** One block of zeros ends no archive: its end has two. */
const BLOCK_BYTES = 512;

/**
 * Unpacks an archive into an existing, empty folder, which is empty again when it throws.
 * @throws JobError when it is no gzip-compressed tar, is damaged, is too large, or has an entry that is a device, or that
 *   lands or leads outside the folder
 */
export async function unpackArchive(archive: string, folder: string, options: UnpackOptions = {}): Promise<void> {
  const { signal } = options;
  try {
    signal?.throwIfAborted();
    await extract(openGzip(archive, signal), folder, createRules(archive, folder, options));
  } catch (error) {
    for (const name of await readdir(folder)) await removeTree(join(folder, name));
    signal?.throwIfAborted();
    if (error instanceof Refusal) throw new JobError(`${archive} must contain only ${error.message}.`);
    throw new JobError(
      `${archive} must be a gzip-compressed tar archive; it cannot be read as one: ${messageOf(error)}.`,
      { cause: error },
    );
  }
}

// --- internal ---

/** What must hold for each entry, and what was received. */
class Refusal extends Error {}

type Rules = (path: string, entry: ReadEntry) => Refusal | undefined;

function createRules(archive: string, folder: string, options: UnpackOptions): Rules {
  const { bsize, bavail } = statfsSync(folder);
  const { maxBytes = bsize * bavail, maxEntries = MAX_ENTRIES, freeBytes = FREE_BYTES } = options;
  const packed = statSync(archive);
  // What comes through a pipe has no size.
  const mostUnpacked = packed.isFile() ? Math.max(freeBytes, packed.size * MAX_RATIO) : Number.POSITIVE_INFINITY;
  let entries = 0;
  let bytes = 0;
  return (path, { type, linkpath = '/', size }) => {
    entries++;
    bytes += size;
    const isInner = type === 'SymbolicLink' && isInnerLink(path, linkpath);
    const isPlain = type === 'File' || type === 'OldFile' || type === 'Directory';
    const kinds = 'plain files, folders and links within it';
    if (!isInner && !isPlain) return new Refusal(`${kinds}; "${path}" is a ${type}`);
    if (path.startsWith('/') || path.split('/').includes('..'))
      return new Refusal(`${kinds}; "${path}" leads out of the folder`);
    if (entries > maxEntries) return new Refusal(`${maxEntries} entries; "${path}" is one more`);
    if (bytes > maxBytes)
      return new Refusal(`${maxBytes} bytes, the room that there is for it; with "${path}" it has ${bytes}`);
    if (bytes > mostUnpacked)
      return new Refusal(
        `${mostUnpacked} bytes (${MAX_RATIO} per packed byte, once it is large); with "${path}" it has ${bytes}`,
      );
    return undefined;
  };
}

/** Settles when each file that was opened is closed, whatever happens. */
async function extract(chunks: AsyncIterable<Buffer>, folder: string, rules: Rules): Promise<void> {
  const { Unpack } = await import('tar'); // all else starts faster without it
  let problem: Error | undefined;
  const tar = new Unpack({
    ...{ cwd: folder, strict: true, preserveOwner: false },
    filter: (path, entry) => {
      problem ??= rules(path, entry as ReadEntry); // of archives that are packed it would be Stats
      return problem === undefined;
    },
  });
  tar.on('error', (error) => {
    problem ??= error;
  });
  const closed = new Promise<void>((resolve) => tar.once('close', resolve));
  // It takes its first bytes for packed ones where they look so, and never closes if they are damaged. Zeros do not look so.
  tar.write(Buffer.alloc(BLOCK_BYTES));
  try {
    for await (const chunk of chunks) {
      if (!tar.write(chunk) && problem === undefined) await Promise.race([once(tar, 'drain'), closed]);
      if (problem) break;
    }
  } finally {
    tar.end(); // of a file that has not come to its end, it closes what there is
    await closed;
  }
  if (problem) throw problem;
}
