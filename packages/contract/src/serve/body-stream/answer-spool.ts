/**
 * What is ready of a streamed answer until its caller takes it. Many clients read nothing before they have sent all: what
 * does not fit in memory goes to a file without a name in the scratch directory (TMPDIR, /tmp by default), and without one
 * the requests wait.
 */
import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY_BYTES = 1024 * 1024;
const READ_BYTES = 256 * 1024;

export interface AnswerSpool {
  /** Settles when there is room for more. @throws Error where the scratch directory is full */
  push(bytes: Uint8Array): Promise<void>;
  /** Nothing follows. @param error why not, where it is not the end of the answer */
  end(error?: unknown): void;
  /** The next bytes; undefined at the end. @throws what `end` got, behind all that was pushed before */
  next(): Promise<Uint8Array | undefined>;
  /** Nobody wants more: frees all. */
  close(): Promise<void>;
}

/** @param memoryBytes what is held before the file is used */
export function createAnswerSpool(memoryBytes: number = MEMORY_BYTES, directory: string = tmpdir()): AnswerSpool {
  const memory: Uint8Array[] = [];
  let held = 0;
  let file: Promise<FileHandle | undefined> | undefined;
  let written = 0;
  let read = 0;
  let isWriting = false;
  let isEnded = false;
  let isClosed = false;
  let failure: unknown;
  let wakeReader = () => {};
  let wakeWriter = () => {};
  const ready = () => new Promise<void>((resolve) => (wakeReader = resolve));
  const taken = () => new Promise<void>((resolve) => (wakeWriter = resolve));

  const toFile = async (bytes: Uint8Array): Promise<boolean> => {
    file ??= openUnnamed(directory);
    const handle = await file;
    if (!handle) return false;
    isWriting = true;
    try {
      for (let at = 0; at < bytes.length; ) {
        at += (await handle.write(bytes, at, bytes.length - at, written + at)).bytesWritten;
      }
      written += bytes.length;
    } finally {
      isWriting = false;
    }
    return true;
  };

  const spool: AnswerSpool = {
    async push(bytes) {
      if (isClosed || bytes.length === 0) return;
      const isFull = held > 0 && held + bytes.length > memoryBytes;
      if ((isFull || read < written) && (await toFile(bytes))) return wakeReader();
      while (held > 0 && held + bytes.length > memoryBytes && !isClosed) await taken();
      memory.push(bytes);
      held += bytes.length;
      wakeReader();
    },
    end(error) {
      isEnded = true;
      failure = error;
      wakeReader();
    },
    async next() {
      for (;;) {
        const bytes = memory.shift();
        if (bytes) {
          held -= bytes.length;
          wakeWriter();
          return bytes;
        }
        if (read < written) {
          const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, written - read));
          const { bytesRead } = await (await file)!.read(buffer, 0, buffer.length, read);
          read += bytesRead;
          // All of it is taken: the file begins again.
          if (read === written && !isWriting) read = written = 0;
          return buffer.subarray(0, bytesRead);
        }
        if (isEnded) await spool.close();
        if (failure !== undefined) throw failure;
        if (isEnded || isClosed) return undefined;
        await ready();
      }
    },
    async close() {
      isClosed = true;
      memory.length = 0;
      held = 0;
      wakeReader();
      wakeWriter();
      const handle = await file;
      file = undefined;
      read = written = 0;
      await handle?.close();
    },
  };
  return spool;
}

// --- internal ---

/** Undefined where none can be made. */
async function openUnnamed(directory: string): Promise<FileHandle | undefined> {
  const path = join(directory, `algo-answer-${randomUUID()}`);
  try {
    const { open, unlink } = await import('node:fs/promises');
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return file;
  } catch {
    return undefined;
  }
}
