/**
 * How many requests a server answers in a second. The client writes bytes that were made before and reads of an answer only
 * its status and length: it takes a small part of the time that a server takes, and the same for all servers.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
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
        socket ??= await open(port);
        const isKept = await ask(socket, requests[next++ % requests.length]!);
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

// --- internal ---

function bytesOf({ method = 'GET', path, headers = {}, body = '' }: Question, port: number): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Whether the connection can be used again. */
function ask(socket: Socket, request: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    let answer: Head | undefined;
    const finish = (settle: () => void) => {
      socket.off('data', onData).off('error', onError).off('close', onClose);
      settle();
    };
    const onError = (error: Error) => finish(() => reject(error));
    const onClose = () => onError(new Error(`The server closed the connection after ${received.length} bytes.`));
    const onData = (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      try {
        answer ??= readHead(received);
      } catch (error) {
        return onError(error as Error);
      }
      if (answer === undefined || received.length < answer.bytes) return;
      const { status, isKept } = answer;
      if (status === 200) finish(() => resolve(isKept));
      else onError(new Error(`The answer must be 200; received ${received.toString().slice(0, 500)}`));
    };
    socket.on('data', onData).on('error', onError).on('close', onClose);
    socket.write(request);
  });
}

interface Head {
  readonly status: number;
  /** Of head and body. */
  readonly bytes: number;
  readonly isKept: boolean;
}

/**
 * Undefined while it has not come as a whole.
 * @throws Error for a head without Content-Length
 */
function readHead(received: Buffer): Head | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const text = received.toString('latin1', 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length === undefined) throw new Error(`The answer must have a Content-Length; its head is ${text}`);
  return {
    status: Number(text.slice(9, 12)),
    bytes: end + 4 + Number(length),
    isKept: text.startsWith('HTTP/1.1') && !/\r\nconnection: *close/i.test(text),
  };
}
