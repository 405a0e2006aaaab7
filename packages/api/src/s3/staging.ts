/**
 * Files that are being written, outside of every bucket: a file moves to its place only when it is whole and on disk.
 * Memory is constant, and what a killed server left is removed at the next start.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileIdentity, identityOf } from './object-details.js';

/** Written in pieces of this size: a call per chunk of a socket (64 KiB) would cost more than the copy. */
const WRITE_BYTES = 1 << 20;

/** A finished file. */
export interface StagedFile {
  readonly path: string;
  readonly bytes: number;
  readonly identity: FileIdentity;
}

/** An empty folder for such files. */
export function openStaging(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Writes the chunks to a new file in `folder`, which is on disk when this returns. Nothing is left if it throws.
 * @param onChunk sees each chunk before it is written
 */
export async function stageFile(
  folder: string,
  chunks: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): Promise<StagedFile> {
  const path = join(folder, randomUUID());
  const file = await open(path, 'wx');
  try {
    const bytes = await writeChunks(file, chunks, onChunk);
    await file.sync();
    const identity = identityOf(await file.stat({ bigint: true }));
    await file.close();
    return { path, bytes, identity };
  } catch (error) {
    await file.close().catch(() => {});
    await rm(path, { force: true });
    throw error;
  }
}

// --- internal ---

async function writeChunks(
  file: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): Promise<number> {
  let [bytes, waiting] = [0, 0];
  let held: Uint8Array[] = [];
  for await (const chunk of chunks) {
    onChunk(chunk);
    held.push(chunk);
    bytes += chunk.length;
    waiting += chunk.length;
    if (waiting < WRITE_BYTES) continue;
    await writeAll(file, held);
    [held, waiting] = [[], 0];
  }
  await writeAll(file, held);
  return bytes;
}

/** A write may be short, e.g. when a signal comes; the rest is written then. */
async function writeAll(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  let rest = [...chunks];
  while (rest.length > 0) {
    let { bytesWritten } = await file.writev(rest);
    while (rest.length > 0 && bytesWritten >= rest[0]!.length) bytesWritten -= rest.shift()!.length;
    if (rest.length > 0) rest = [rest[0]!.subarray(bytesWritten), ...rest.slice(1)];
  }
}
