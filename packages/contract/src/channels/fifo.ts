/**
 * The FIFO of one Pipe-mode epoch, read without ever blocking a thread: opened with O_NONBLOCK and polled by the event
 * loop, so that SIGTERM ends the program also while the writer pauses or has not come. (A thread that blocks in open or
 * read of a FIFO keeps process.exit from ending.) On Linux a reader that comes first sees no end before a writer has come
 * and gone: fifo(7), and fs/pipe.c, where end-of-file asks for a writer since the reader opened.
 */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ClientError, messageOf, PlatformError } from '../errors.js';
import type { ByteStream } from '../formats/reader.js';
import { type StopSignal, stopNameOf } from '../training/stop.js';
import { openChunks, openFile } from './streams.js';

/** The next epoch's FIFO is made a moment after the last one was closed; the guide says to try again. */
const RETRY_MS = 50;

/**
 * The bytes of the FIFO at `path`, unpacked when they are gzip; waits until the FIFO is there and the writer comes. A
 * regular file in its place is read, too.
 * @param label as messages name it
 * @throws ClientError E_STOPPED, also from `read`, once the job is asked to stop
 */
export async function openFifo(path: string, label: string, stop: StopSignal): Promise<ByteStream> {
  const file = await openWhenThere(path, label, stop);
  if (fstatSync(file).isFile()) {
    closeSync(file);
    return openFile(path, label);
  }
  const { socket, pieces } = openSocket(file);
  const onStop = () => socket.destroy(stopped(label, stop, socket.bytesRead));
  stop.signal.addEventListener('abort', onStop, { once: true });
  socket.once('close', () => stop.signal.removeEventListener('abort', onStop));
  const stream = await openChunks(pieces(), label);
  return {
    read: stream.read,
    close() {
      stream.close();
      // Unpacking may still wait for the writer, and would hold the FIFO open meanwhile.
      socket.destroy();
    },
  };
}

// --- internal ---

const PIECE_BYTES = 64 * 1024;

/** What comes through a descriptor, in pieces of the same memory: each is valid until the next one is asked for. */
function openSocket(fd: number) {
  const buffer = new Uint8Array(PIECE_BYTES);
  let count = 0;
  let isOver = false;
  let failure: unknown;
  let wake = () => {};
  const callback = (bytes: number) => {
    count = bytes;
    wake();
    return false;
  };
  const socket = new Socket({ fd, readable: true, writable: false, onread: { buffer, callback } });
  const end = (error?: unknown) => {
    isOver = true;
    failure ??= error;
    wake();
  };
  socket
    .on('error', end)
    .on('end', () => end())
    .on('close', () => end());
  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        while (count === 0 && !isOver) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (failure !== undefined) throw failure;
        if (count === 0) return;
        yield buffer.subarray(0, count);
        count = 0;
        socket.resume();
      }
    } finally {
      socket.destroy();
    }
  }
  return { socket, pieces };
}

async function openWhenThere(path: string, label: string, stop: StopSignal): Promise<number> {
  for (;;) {
    if (stop.requested) throw stopped(label, stop);
    try {
      return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
        throw new PlatformError('E_ENVIRONMENT', `${label}: ${path} could not be opened: ${messageOf(error)}.`, {
          cause: error,
        });
      }
    }
    await delay(RETRY_MS, undefined, { signal: stop.signal }).catch(() => {});
  }
}

/** @param bytes that have come; undefined before the FIFO is open */
function stopped(label: string, stop: StopSignal, bytes?: number): ClientError {
  const during =
    bytes === undefined
      ? 'before it read the channel'
      : bytes === 0
        ? 'while it waited for the first data of the channel'
        : `while it read the channel, ${bytes} bytes of which had come`;
  return new ClientError('E_STOPPED', `${label}: the job was stopped (${stopNameOf(stop)}) ${during}.`);
}
