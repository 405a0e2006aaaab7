/**
 * HTTP from the platform to the container under test, with headers as they came.
 */
import { type Agent, request } from 'node:http';
import { Broken, TooLate } from '../verdict.js';

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
export const HOST_HEADER = 'model.aws.local:8080';
export const PING_TIMEOUT_MS = 2000;
export const INVOCATION_TIMEOUT_MS = 60_000;

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
      return isTimeout
        ? new TooLate(`${name}: no answer within ${timeoutMs / 1000} s`)
        : new Broken(`${name}: no answer (${error.message})`);
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
