/** A worker's end of the pipe to the first process. Bodies are read from it right into arrays of their own. */
import { Socket } from 'node:net';
import { createBodyMemory } from './body-memory.js';
import { arrayTarget, FrameReader, writeFrame } from './frames.js';
import type { Pieces } from './pieces.js';
import { WORKER_PIPE, type WorkerReport, type WorkerTask } from './worker-message.js';

export interface FrontPipe {
  /** Settles when the message is on its way, so that the process may end, or when the first process is gone. */
  report(message: WorkerReport, body?: Pieces): Promise<void>;
  onTask(take: (task: WorkerTask, body: Uint8Array) => void): void;
}

export function openPipe(): FrontPipe {
  let take: (task: WorkerTask, body: Uint8Array) => void = ignore;
  const memory = createBodyMemory();
  const reader = new FrameReader<WorkerTask, Uint8Array>(
    (bytes) => arrayTarget(memory(bytes)),
    (task, body) => take(task, body),
  );
  const shared = Buffer.allocUnsafeSlow(READ_BYTES);
  const onread = {
    buffer: () => reader.rest() ?? shared,
    callback(count: number, buffer: Uint8Array) {
      if (buffer === shared) reader.push(shared.subarray(0, count));
      else reader.filled(count);
      return true;
    },
  };
  const pipe = new Socket({ fd: WORKER_PIPE, readable: true, writable: true, onread });
  pipe.on('error', ignore); // the first process is gone, and the channel's end stops this one too
  return {
    report: (message, body = []) => new Promise((resolve) => writeFrame(pipe, message, body, resolve)),
    onTask(handler) {
      take = handler;
    },
  };
}

// --- internal ---

/** Of heads and small bodies. */
const READ_BYTES = 64 * 1024;

function ignore(): void {}
