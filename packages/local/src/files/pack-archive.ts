/**
 * Packs model.tar.gz and output.tar.gz, reproducibly: entries sorted by bytes, one fixed time, no owner, nothing of this
 * machine's paths, so that equal models have equal archives.
 */
import { createWriteStream, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { listEntries, requireWithin } from './archive-entries.js';
import { makeFolder } from './folder.js';
import { tarChunks } from './tar-chunks.js';

export interface PackOptions {
  /**
   * Where links may lead; undefined: anywhere. A container, which cannot read this machine's files, could otherwise have them
   * packed.
   */
  readonly within?: string | undefined;
  /** Ends the packing, which then throws. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of what is left out: the path below the folder, and why. */
  readonly onLeftOut?: ((path: string, why: string) => void) | undefined;
}

/**
 * Packs everything in `folder`, empty folders too; links to files are replaced by what they point to.
 * @returns false when the folder is empty: then there is no archive
 * @throws JobError for a link that leads elsewhere
 */
export async function packFolder(folder: string, archive: string, options: PackOptions = {}): Promise<boolean> {
  const { within, signal, onLeftOut = () => undefined } = options;
  if (within !== undefined) requireWithin(folder, within);
  const entries = listEntries(folder, within, onLeftOut);
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

/** Byte 9 of a gzip file is the system that made it; 255: unknown (RFC 1952). */
async function* withoutSystem(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let at = 0;
  for await (const chunk of chunks) {
    if (at <= 9 && at + chunk.length > 9) chunk[9 - at] = 255;
    at += chunk.length;
    yield chunk;
  }
}
