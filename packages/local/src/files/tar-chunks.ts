/** The bytes of a tar archive (POSIX pax), made as they are read, so that packing can end at any moment. */
import { createReadStream } from 'node:fs';
import { JobError } from '../errors.js';
import type { ArchiveEntry } from './archive-entries.js';

/** Any fixed time works; the start of 1980 is the earliest that zip tools can show. */
const ARCHIVE_TIME = new Date('1980-01-01T00:00:00Z');
const BLOCK_BYTES = 512;
const READ_BYTES = 256 * 1024;

/** @throws JobError for a file that becomes shorter meanwhile */
export async function* tarChunks(entries: readonly ArchiveEntry[]): AsyncGenerator<Uint8Array, void, void> {
  const tar = await import('tar'); // all else starts faster without it
  for (const entry of entries) {
    yield* headerOf(entry, tar);
    if (entry.bytes > 0) yield* contentOf(entry);
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

// --- internal ---

function* headerOf(
  { path, type, mode, bytes, target }: ArchiveEntry,
  { Header, Pax }: typeof import('tar'),
): Generator<Uint8Array, void, void> {
  const fields = {
    path: type === 'Directory' ? `${path}/` : path,
    size: bytes,
    ...(target !== undefined && { linkpath: target }),
    ...(type !== 'Directory' && { mtime: ARCHIVE_TIME }),
  };
  const header = new Header({ ...fields, type, mode: modeOf(mode, type) });
  // What a plain header has no room for is in one before it.
  if (header.encode()) yield new Pax(fields).encode();
  yield header.block!;
}

/** The owner's right to read and write, for others not to write: the same whatever the umask. */
function modeOf(mode: number, type: ArchiveEntry['type']): number {
  const rights = ((mode & 0o7777) | 0o600) & ~0o022;
  return type === 'Directory' ? rights | ((rights & 0o444) >> 2) : rights;
}

async function* contentOf({ source, bytes }: ArchiveEntry): AsyncGenerator<Uint8Array, void, void> {
  let left = bytes;
  for await (const chunk of createReadStream(source, { end: bytes - 1, highWaterMark: READ_BYTES })) {
    left -= (chunk as Buffer).length;
    yield chunk as Buffer;
  }
  if (left > 0) throw new JobError(`${source} became shorter while it was packed`);
  const padding = -bytes & (BLOCK_BYTES - 1);
  if (padding > 0) yield Buffer.alloc(padding);
}
