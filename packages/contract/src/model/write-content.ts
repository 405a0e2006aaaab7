/** A file of a model on its way to disk, with its digest taken on the way: a piece at a time, and synced at the end. */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { AlgorithmError, messageOf } from '../errors.js';
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
  return typeof content === 'object' && content !== null && Symbol.asyncIterator in content;
}

/**
 * @param path of the new file; its folder exists
 * @throws AlgorithmError for content of another kind, and when the file that it names cannot be read; what the file system says of `path`
 */
export function writeContent(path: string, content: Exclude<ModelContent, AsyncIterable<Uint8Array>>): WrittenFile {
  const file = createFile(path);
  try {
    if (isCopy(content)) copyInto(file, content.path);
    else file.write(bytesOf(content, 'a file must be text, bytes, { path } or a stream of bytes'));
    return file.finish();
  } finally {
    file.close();
  }
}

/** @throws StreamFailure with what the stream throws; AlgorithmError for a piece that is no bytes; what the file system says of `path` */
export async function writeStream(path: string, content: AsyncIterable<Uint8Array>): Promise<WrittenFile> {
  const file = createFile(path);
  try {
    for await (const piece of piecesOf(content)) file.write(bytesOf(piece, 'a stream must give bytes or text'));
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

function isCopy(content: unknown): content is { readonly path: string } {
  return typeof content === 'object' && content !== null && 'path' in content;
}

/** Other views are refused: of theirs it is not known in which order of bytes they are read again. */
function bytesOf(content: unknown, rule: string): Uint8Array {
  if (typeof content === 'string') return Buffer.from(content);
  if (content instanceof Uint8Array) return content;
  const received = typeof content === 'object' && content !== null ? content.constructor?.name : undefined;
  throw new AlgorithmError('E_ALGORITHM', `saveModel: ${rule}; received ${received ?? String(content)}.`);
}

function copyInto(target: OpenFile, path: string): void {
  const source = openSource(path);
  const piece = Buffer.alloc(PIECE_BYTES);
  try {
    for (let read = readPiece(source, piece, path); read > 0; read = readPiece(source, piece, path)) {
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
    throw unreadable(path, error);
  }
}

function readPiece(source: number, piece: Buffer, path: string): number {
  try {
    return readSync(source, piece);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): AlgorithmError {
  const reason = messageOf(cause);
  return new AlgorithmError('E_ALGORITHM', `saveModel: the file ${path} could not be read: ${reason}.`, { cause });
}
