/**
 * A channel in Pipe mode: a FIFO `<channel>_<epoch>` for every pass over the data, made when the pass before it has
 * ended, so that a program has to retry as it has to on the platform. A reader that closes early gets the next epoch.
 *
 * A FIFO is opened without blocking and written through a socket: a blocked open would hold one of Node's few threads.
 */
import { execFile } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemCode } from '../errors.js';
import type { PipeSource } from './pipe-source.js';

export interface PipeChannel {
  /** Rejects when the channel's files cannot be read; settles after `close`. */
  readonly done: Promise<void>;
  /** Ends the stream at its current position and removes the FIFO. */
  close(): Promise<void>;
}

/** How often to look whether a reader has come. */
const READER_POLL_MS = 5;

/**
 * Makes the first FIFO and begins to feed.
 * @param path the FIFO's path without `_<epoch>`
 * @param source of what each epoch has
 */
export async function openPipeChannel(path: string, source: PipeSource): Promise<PipeChannel> {
  const closing = new AbortController();
  await makeFifo(`${path}_0`);
  const done = feedEpochs(path, source, closing.signal);
  done.catch(() => undefined); // reported to whoever awaits it
  return {
    done,
    async close() {
      closing.abort();
      await done.catch(() => undefined);
    },
  };
}

// --- internal ---

async function feedEpochs(path: string, source: PipeSource, closing: AbortSignal): Promise<void> {
  for (let epoch = 0; !closing.aborted; epoch++) {
    const fifo = `${path}_${epoch}`;
    if (epoch > 0) await makeFifo(fifo);
    try {
      const writer = await openForReader(fifo, closing);
      if (writer !== undefined) await writeEpoch(writer, source(epoch), closing);
    } finally {
      await rm(fifo, { force: true });
    }
  }
}

/** The FIFO's descriptor once a reader has come; undefined when the channel is closed first. */
async function openForReader(fifo: string, closing: AbortSignal): Promise<number | undefined> {
  while (!closing.aborted) {
    try {
      return openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (systemCode(error) !== 'ENXIO') throw error; // ENXIO: nobody reads yet
      await delay(READER_POLL_MS);
    }
  }
  return undefined;
}

async function writeEpoch(descriptor: number, content: AsyncIterable<Buffer>, closing: AbortSignal) {
  const socket = new Socket({ fd: descriptor, readable: false, writable: true });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  try {
    await pipeline(Readable.from(content, { objectMode: false }), socket, { signal: closing });
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'EPIPE' && code !== 'ABORT_ERR' && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
  socket.destroy();
  await closed;
}

async function makeFifo(path: string): Promise<void> {
  await promisify(execFile)('mkfifo', [path]);
}
