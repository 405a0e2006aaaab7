/** A connection as bytes: a check sends what a well-behaved client does not. */
import { connect, type Socket } from 'node:net';
import { Broken, excerpt } from '../verdict.js';
import { HOST_HEADER, INVOCATION_TIMEOUT_MS } from './http.js';

/** More than any check asks for: what does not end is not read on. */
export const MAX_RECEIVED_BYTES = 4 * 1024 * 1024;

export interface RawAnswer {
  readonly status: number;
  /** Start line and headers. */
  readonly head: string;
  /** What has come after them, as Latin-1. */
  readonly rest: string;
}

export interface RawConnection {
  write(bytes: string | Buffer): void;
  /** The first answer. @throws Broken when there is none in time */
  answer(timeoutMs?: number): Promise<RawAnswer>;
  /**
   * What `look` finds in all that has been received, as Latin-1.
   * @throws Broken when it finds nothing in time, or before the connection is closed
   */
  find<T>(look: (received: string) => T | undefined, timeoutMs?: number): Promise<T>;
  /** Ends it without warning, as a client does that breaks off. */
  reset(): void;
  close(): void;
}

/** @throws Broken when nothing listens */
export function openConnection(port: number): Promise<RawConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const find = receive(socket);
    socket.on('error', (error) => reject(new Broken(`no connection (${error.message})`))); // of no effect once it is there
    socket.once('connect', () =>
      resolve({
        find,
        answer: (timeoutMs) => find(parseAnswer, timeoutMs),
        write: (bytes) => void socket.write(bytes),
        reset: () => void socket.resetAndDestroy(),
        close: () => void socket.destroy(),
      }),
    );
  });
}

/** Start line and headers of a request, for a raw connection. */
export function requestHead(path: string, headers: Readonly<Record<string, string>>, method = 'POST'): string {
  const lines = Object.entries({ Host: HOST_HEADER, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

// --- internal ---

function receive(socket: Socket): RawConnection['find'] {
  let received = '';
  let isClosed = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const one of waiting) one();
  };
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    if (received.length > MAX_RECEIVED_BYTES) socket.destroy();
    wake();
  });
  socket.on('close', () => {
    isClosed = true;
    wake();
  });
  return (look, timeoutMs = INVOCATION_TIMEOUT_MS) =>
    new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        waiting.delete(wakeUp);
      };
      const fail = (message: string) => {
        end();
        reject(new Broken(message));
      };
      const wakeUp = () => {
        try {
          const found = look(received);
          if (found === undefined) return isClosed ? fail('the connection was closed without an answer') : undefined;
          end();
          resolve(found);
        } catch (error) {
          end();
          reject(error);
        }
      };
      const timer = setTimeout(() => fail(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
      waiting.add(wakeUp);
      wakeUp();
    });
}

function parseAnswer(received: string): RawAnswer | undefined {
  const at = received.indexOf('\r\n\r\n');
  if (at < 0) return undefined;
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(received)?.[1] ?? Number.NaN);
  if (Number.isNaN(status)) throw new Broken(`no HTTP answer: ${excerpt(received)}`);
  return { status, head: received.slice(0, at), rest: received.slice(at + 4) };
}
