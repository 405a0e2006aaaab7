/** The connection of this host with one other: lines in and out, a heartbeat, and whether it may end. */
import type { Socket } from 'node:net';
import { createHeart, MISSED_BEATS } from './heart.js';
import { lineOf, type Message, readMessage } from './message.js';

export interface Link {
  send(message: Message): void;
  /** At each interval of beats. */
  tick(): void;
  /** The host is lost, or will be with the next beat that it misses. */
  readonly isSilent: boolean;
  /** Sends what is left and closes; resolves when the system has taken it, or after a while. */
  close(): Promise<void>;
}

export interface LinkEvents {
  onMessage(message: Exclude<Message, { kind: 'beat' }>): void;
  /** The host has been silent for too long, or its connection has ended before it said that it is done. */
  onLost(reason: string): void;
}

/** @param silence how long the beats that may be missed are, as text */
export function createLink(lines: Lines, silence: string, { onMessage, onLost }: LinkEvents): Link {
  const { socket } = lines;
  let isOver = false;
  const lose = (reason: string) => {
    if (isOver) return;
    isOver = true;
    socket.destroy();
    onLost(reason);
  };
  const heart = createHeart(
    () => socket.write(lineOf({ kind: 'beat' })),
    () => lose(`no sign of life for ${silence}`),
  );
  lines.onLine = (line) => {
    heart.hear();
    const message = readMessage(line);
    if (message === undefined || message.kind === 'beat' || isOver) return;
    if (message.kind === 'done') isOver = true;
    onMessage(message);
  };
  socket.on('close', () => lose('its connection ended before the training did'));
  return {
    send(message) {
      if (socket.writable) socket.write(lineOf(message));
    },
    tick() {
      if (!isOver) heart.tick();
    },
    get isSilent() {
      return heart.missed === MISSED_BEATS; // hosts do not beat at the same time
    },
    close() {
      isOver = true;
      const { promise, resolve } = Promise.withResolvers<void>();
      if (socket.destroyed) resolve();
      socket.end(resolve).once('close', resolve);
      setTimeout(resolve, CLOSE_MS).unref();
      return promise;
    },
  };
}

/** A connection as lines. */
export interface Lines {
  readonly socket: Socket;
  /** Takes the next line, without its end; may be replaced at any line. */
  onLine(line: string): void;
}

/** A line that is longer than any of ours closes the connection. */
export function readLines(socket: Socket): Lines {
  const lines: Lines = { socket, onLine: () => undefined };
  let rest = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    for (const line of parts) {
      if (socket.destroyed) return; // by whoever took the line before
      lines.onLine(line);
    }
    if (rest.length > LONGEST_LINE) socket.destroy();
  });
  socket.on('error', () => undefined); // the close that follows says enough
  return lines;
}

// --- internal ---

/** The longest one has all hyperparameters of the job, at most 100, each cut; a failure has 1,024 characters. */
const LONGEST_LINE = 65_536;
/** A host that is cut off takes nothing any more. */
const CLOSE_MS = 2_000;
