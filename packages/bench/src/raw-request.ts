/**
 * Requests over HTTP that cost the client as little as they can: bytes that were made before, and of the answer only its
 * status, length and body.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Question } from './server.js';

/** An answer with status 200. */
export interface RawAnswer {
  readonly body: Buffer;
  /** Whether the connection can be used again. */
  readonly isKept: boolean;
}

/** The request with all its headers. */
export function bytesOf({ method = 'GET', path, headers = {}, body = '' }: Question, port: number): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** A connection to this machine that sends without delay. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/**
 * One request and its answer; no other may be open on the connection.
 * @throws Error for an answer that is not 200, with its text, or that has no Content-Length
 */
export function ask(socket: Socket, request: Buffer): Promise<RawAnswer> {
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
      const { status, isKept, headBytes, bytes } = answer;
      if (status === 200) finish(() => resolve({ body: received.subarray(headBytes, bytes), isKept }));
      else onError(new Error(`The answer must be 200; received ${received.toString().slice(0, 500)}`));
    };
    socket.on('data', onData).on('error', onError).on('close', onClose);
    socket.write(request);
  });
}

// --- internal ---

interface Head {
  readonly status: number;
  readonly headBytes: number;
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
    headBytes: end + 4,
    bytes: end + 4 + Number(length),
    isKept: text.startsWith('HTTP/1.1') && !/\r\nconnection: *close/i.test(text),
  };
}
