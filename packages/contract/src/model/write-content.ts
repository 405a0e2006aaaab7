/** A file of a model on its way to disk, with its digest taken on the way: a piece at a time, and synced at the end. */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { AlgorithmError } from '../errors.js';
import type { ModelContent } from './model.js';

/** What the manifest says of a file. */
export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** An error of a stream of content itself, as its cause; it says nothing of the directory. */
export class StreamFailure extends Error {
  override readonly name = 'StreamFailure';
}

export function isStream(content: ModelContent): content is AsyncIterable<Uint8Array> {
  return typeof content === 'object' && Symbol.asyncIterator in content;
}

/**
 * @param path of the new file; its folder exists
 * @throws AlgorithmError when the file that the content names cannot be read; what the file system says of `path`
 */
export function writeContent(path: string, content: Exclude<ModelContent, AsyncIterable<Uint8Array>>): WrittenFile {
  const file = createFile(path);
  try {
    if (typeof content === 'string') file.write(Buffer.from(content));
    else if ('path' in content) copyInto(file, content.path);
    else file.write(content);
    return file.finish();
  } finally {
    file.close();
  }
}

/** @throws StreamFailure with what the stream throws; what the file system says of `path` */
export async function writeStream(path: string, content: AsyncIterable<Uint8Array>): Promise<WrittenFile> {
  const file = createFile(path);
  try {
    for await (const piece of piecesOf(content)) file.write(piece);
    return file.finish();
  } finally {
    file.close();
  }
}

// --- internal ---

/** What is in memory of a file that is copied. */
const PIECE_BYTES = 1 << 20;

interface OpenFile {
  write(piece: Uint8Array): void;
  finish(): WrittenFile;
  close(): void;
}

function createFile(path: string): OpenFile {
  const file = openSync(path, 'w');
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    write(piece) {
      hash.update(piece);
      for (let written = 0; written < piece.length; ) written += writeSync(file, piece, written);
      bytes += piece.length;
    },
    finish() {
      fsyncSync(file);
      return { bytes, sha256: hash.digest('hex') };
    },
    close: () => closeSync(file),
  };
}

async function* piecesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* stream;
  } catch (error) {
    throw new StreamFailure('a stream of a model failed', { cause: error });
  }
}

function copyInto(target: OpenFile, path: string): void {
  const source = openSource(path);
  const piece = Buffer.alloc(PIECE_BYTES);
  try {
    for (let read = readSync(source, piece); read > 0; read = readSync(source, piece)) {
      target.write(piece.subarray(0, read));
    }
  } finally {
    closeSync(source);
  }
}

function openSource(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AlgorithmError('E_ALGORITHM', `saveModel: the file ${path} could not be read: ${reason}.`, {
      cause: error,
    });
  }
}
