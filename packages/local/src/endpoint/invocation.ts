/**
 * HTTP from the platform to a serving container on this machine: one connection pool per server, a deadline for each
 * call, and the Host header that the platform's own calls carry.
 */
import { Agent, request } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { systemCode } from '../errors.js';
import { type Answer, AnswerTooLong } from './answer.js';

export interface CallOptions {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A buffer is sent with its length, a stream in chunks. */
  readonly body?: Buffer | (() => Readable);
  /** Until the whole answer is there. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Takes the body of an answer with a 2xx status as it comes, in place of `Answer.body`, which is empty then. Called again for
   * every try.
   */
  readonly take?: ((body: AsyncIterable<Buffer>) => Promise<void>) | undefined;
  /** Of an answer's body; default: as much as there is memory. */
  readonly maxAnswerBytes?: number | undefined;
}

export interface ServerClient {
  /**
   * @throws TimeoutError (DOMException) after `timeoutMs`; the system's error when the connection breaks; AnswerTooLong when the
   * answer is longer than `maxAnswerBytes`
   */
  call(options: CallOptions): Promise<Answer>;
  close(): void;
}

const ALL_ADDRESSES: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

const HOST_HEADER = 'model.aws.local:8080';

/** @param host an address of this machine; one that stands for all of them is reached on the loopback interface */
export function createServerClient(port: number, host = '127.0.0.1'): ServerClient {
  const agent = new Agent({ keepAlive: true });
  const send = (options: CallOptions) => sendOnce({ host: ALL_ADDRESSES.get(host) ?? host, port }, agent, options);
  return {
    async call(options) {
      try {
        return await send(options);
      } catch (error) {
        // The server closed a kept-alive connection just as it was used: this request has not failed.
        if (error instanceof StaleConnection) return send(options);
        throw error;
      }
    },
    close: () => agent.destroy(),
  };
}

/** Content-Type and Accept, each only when there is one. */
export function mediaHeaders(contentType: string | undefined, accept: string | undefined): Record<string, string> {
  return {
    ...(contentType !== undefined && { 'Content-Type': contentType }),
    ...(accept !== undefined && { Accept: accept }),
  };
}

// --- internal ---

class StaleConnection extends Error {}

async function sendOnce(
  server: { readonly host: string; readonly port: number },
  agent: Agent,
  options: CallOptions,
): Promise<Answer> {
  const { method, path, headers, body, timeoutMs, maxAnswerBytes = Number.POSITIVE_INFINITY } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  const length = Buffer.isBuffer(body) ? { 'Content-Length': String(body.length) } : {};
  const call = request({
    ...server,
    method,
    path,
    agent,
    signal,
    headers: { Host: HOST_HEADER, ...headers, ...length },
  });
  const answered = new Promise<Answer>((resolve, reject) => {
    call.once('error', (error) => reject(reasonOf(error, signal, call.reusedSocket)));
    call.once('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      if (options.take && status >= 200 && status < 300) {
        const taken = options.take(response).then(() => ({ status, headers, body: Buffer.alloc(0) }));
        taken.then(resolve, (error) => {
          call.destroy();
          reject(error instanceof Error ? reasonOf(error, signal, false) : error);
        });
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= maxAnswerBytes) return void chunks.push(chunk);
        reject(new AnswerTooLong(`The answer must have up to ${maxAnswerBytes} bytes; it has more.`));
        call.destroy();
      });
      response.once('error', (error) => reject(reasonOf(error, signal, false)));
      response.once('end', () => {
        resolve({ status, headers, body: Buffer.concat(chunks) });
      });
    });
  });
  if (typeof body === 'function') {
    // A server may answer before it has read everything; the answer, or the call's own error, is what counts then.
    pipeline(body(), call).catch((error) => call.destroy(error instanceof Error ? error : undefined));
  } else {
    call.end(body);
  }
  return answered;
}

function reasonOf(error: Error, signal: AbortSignal, reusedSocket: boolean): unknown {
  if (signal.aborted) return signal.reason;
  const code = systemCode(error);
  return reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE') ? new StaleConnection(error.message) : error;
}
