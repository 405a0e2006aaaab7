/**
 * How many requests a server answers in a second. The client writes bytes that were made before and reads of an answer only
 * its status and length: it takes a small part of the time that a server takes, and the same for all servers.
 */
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { ask, bytesOf, openSocket } from './raw-request.js';
import type { Question } from './server.js';

export interface LoadOptions {
  readonly port: number;
  /** Asked in turn, on every connection. */
  readonly questions: readonly Question[];
  /** Each with one request at a time; a server that closes one after an answer gets a new one. */
  readonly connections: number;
  readonly seconds: number;
}

/** @throws Error for an answer that is not 200, with its text, or that has no Content-Length */
export async function requestsPerSecond({ port, questions, connections, seconds }: LoadOptions): Promise<number> {
  const requests = questions.map((question) => bytesOf(question, port));
  const start = performance.now();
  const end = start + seconds * 1000;
  let next = 0;
  let answered = 0;
  const client = async () => {
    let socket: Socket | undefined;
    try {
      while (performance.now() < end) {
        socket ??= await openSocket(port);
        const { isKept } = await ask(socket, requests[next++ % requests.length]!);
        answered++;
        if (isKept) continue;
        socket.destroy();
        socket = undefined;
      }
    } finally {
      socket?.destroy();
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  return answered / ((performance.now() - start) / 1000);
}
