/**
 * HTTP from the platform to the container under test, as bytes as well: a check sends what a well-behaved client does not, and
 * reads headers as they came.
 */
import { type Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Broken, excerpt } from '../verdict.js';

export interface Answer {
  readonly status: number;
  /** By small letters; of a repeated one the last. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the names and values as they came, each line with its separator and end. */
  readonly headerBytes: number;
  readonly body: Buffer;
  readonly ms: number;
}

export interface Call {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Buffer | undefined;
  /** In chunks, without a length. */
  readonly isChunked?: boolean | undefined;
  /** Default 60 s, the platform's for /invocations. */
  readonly timeoutMs?: number | undefined;
  /** Default: a connection of its own. */
  readonly agent?: Agent | undefined;
}

/** The platform's own calls carry it. */
const HOST_HEADER = 'model.aws.local:8080';
export const PING_TIMEOUT_MS = 2000;
const INVOCATION_TIMEOUT_MS = 60_000;

/** @throws Broken when the connection breaks, or the whole answer is not there in time */
export function exchange(port: number, call: Call): Promise<Answer> {
  const { method = 'GET', path, headers, body, isChunked, timeoutMs = INVOCATION_TIMEOUT_MS, agent = false } = call;
  const began = performance.now();
  const name = `${method} ${path}`;
  return new Promise((resolve, reject) => {
    const length = body && !isChunked ? { 'Content-Length': String(body.length) } : {};
    const sent = request({
      ...{ host: '127.0.0.1', port, method, path, agent, signal: AbortSignal.timeout(timeoutMs) },
      headers: { Host: HOST_HEADER, ...(isChunked && { 'Transfer-Encoding': 'chunked' }), ...headers, ...length },
    });
    let hasAnswer = false;
    const fail = (error: Error) => {
      if (!hasAnswer || error.name === 'AbortError' || error.name === 'TimeoutError') reject(brokenBy(error));
    };
    const brokenBy = (error: Error) => {
      const isTimeout = error.name === 'AbortError' || error.name === 'TimeoutError';
      return new Broken(
        isTimeout ? `${name}: no answer within ${timeoutMs / 1000} s` : `${name}: no answer (${error.message})`,
      );
    };
    sent.once('error', fail);
    sent.once('response', (response) => {
      hasAnswer = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', (error) => reject(brokenBy(error)));
      response.once('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(response.headers).map(([key, value]) => [key, String(value ?? '')]),
          ),
          headerBytes: response.rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, 0),
          body: Buffer.concat(chunks),
          ms: performance.now() - began,
        });
      });
    });
    sent.end(body);
  });
}

/** A connection that a check writes bytes to. */
export interface RawConnection {
  write(bytes: string | Buffer): void;
  /** Status of the first answer and what follows its head. @throws Broken when there is none in time */
  answer(timeoutMs?: number): Promise<{ readonly status: number; readonly head: string; readonly rest: string }>;
  /** Ends it without warning, as a client does that breaks off. */
  reset(): void;
  close(): void;
}

/** @throws Broken when nothing listens */
export function openConnection(port: number): Promise<RawConnection> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = '';
    let isClosed = false;
    const waiting = new Set<() => void>();
    const wake = () => {
      for (const one of waiting) one();
    };
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      wake();
    });
    socket.on('error', (error) => {
      if (socket.connecting) reject(new Broken(`no connection (${error.message})`));
    });
    socket.on('close', () => {
      isClosed = true;
      wake();
    });
    socket.once('connect', () =>
      resolve({
        write: (bytes) => void socket.write(bytes),
        reset: () => void socket.resetAndDestroy(),
        close: () => void socket.destroy(),
        answer: (timeoutMs = INVOCATION_TIMEOUT_MS) =>
          new Promise((settle, refuse) => {
            const timer = setTimeout(() => finish(new Broken(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
            const finish = (error?: Broken) => {
              clearTimeout(timer);
              waiting.delete(look);
              const at = received.indexOf('\r\n\r\n');
              if (error) return refuse(error);
              const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(received)?.[1] ?? Number.NaN);
              if (Number.isNaN(status)) return refuse(new Broken(`no HTTP answer: ${excerpt(received)}`));
              settle({ status, head: received.slice(0, at), rest: received.slice(at + 4) });
            };
            const look = () => {
              if (received.includes('\r\n\r\n')) finish();
              else if (isClosed) finish(new Broken('the connection was closed without an answer'));
            };
            waiting.add(look);
            look();
          }),
      }),
    );
  });
}

/** Start line and headers of a request, for a raw connection. */
export function requestHead(path: string, headers: Readonly<Record<string, string>>, method = 'POST'): string {
  const lines = Object.entries({ Host: HOST_HEADER, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
