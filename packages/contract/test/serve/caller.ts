/** The platform's end of a conversation: a WebSocket, with all that came over it. */
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

export interface Caller {
  readonly socket: WebSocket;
  /** Headers of the answer to its handshake. */
  readonly answered: IncomingHttpHeaders;
  /** The next message: text, or bytes in hexadecimal digits. */
  next(): Promise<string>;
  /** Code and reason of the close. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** @param path with its query. @throws Error that has the status of a refusal */
export async function openCaller(
  url: string,
  path = '/invocations-bidirectional-stream',
  headers: Readonly<Record<string, string>> = {},
): Promise<Caller> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, { headers });
  let answered: IncomingHttpHeaders = {};
  socket.once('upgrade', (response) => {
    answered = response.headers;
  });
  onTestFinished(() => socket.terminate());
  const received: string[] = [];
  let wake = () => {};
  socket.on('message', (data: Buffer, isBinary) => {
    received.push(isBinary ? data.toString('hex') : data.toString());
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => {
      resolve({ code, reason: reason.toString() });
      wake();
    });
  });
  socket.on('error', () => {});
  await once(socket, 'open');
  return {
    socket,
    answered,
    closed,
    async next() {
      while (received.length === 0 && socket.readyState !== WebSocket.CLOSED) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
      const message = received.shift();
      if (message === undefined) throw new Error('The conversation was closed before this message.');
      return message;
    },
  };
}
