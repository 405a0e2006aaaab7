/**
 * HTTP from the platform to the container under test, with headers as they came. Whatever the container does, a call ends: with
 * an answer, or with Broken.
 */
import { type Agent, type ClientRequest, request } from 'node:http';
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
  /** The answer's body may have any size, and only its start is kept. */
  readonly isBodyDropped?: boolean | undefined;
  /** The body is sent in pieces. */
  readonly pieces?: Pieces | undefined;
}

export interface Pieces {
  readonly count: number;
  /** Called when a piece is on its way, before the next one is sent. */
  readonly between: () => Promise<unknown>;
}

/** The platform's own calls carry it. */
export const HOST_HEADER = 'model.aws.local:8080';
export const INVOCATION_TIMEOUT_MS = 60_000;
/** The largest payload that the platform knows, that of a batch transform: an answer without end is not read on. */
const MAX_ANSWER_BYTES = 100 * 1024 * 1024;
/** More than a message shows. */
const START_BYTES = 4096;

/** @throws Broken when the connection breaks, the answer is too large, or the whole of it is not there in time */
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
    const lose = (why: string) => reject(new Broken(`${name}: no answer (${why})`));
    const fail = (error: Error) => {
      if (error.name !== 'AbortError' && error.name !== 'TimeoutError') return lose(error.message);
      reject(new TooLate(`${name}: no answer within ${timeoutMs / 1000} s`));
    };
    sent.on('error', (error) => {
      if (!hasAnswer || error.name === 'AbortError') fail(error); // otherwise the answer is read to its end
    });
    sent.once('close', () => {
      if (!hasAnswer) lose('the connection was closed'); // such as after an upgrade that nobody asked for
    });
    sent.once('response', (response) => {
      hasAnswer = true;
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (call.isBodyDropped) {
          if (bytes - chunk.length < START_BYTES) chunks.push(chunk);
        } else if (bytes > MAX_ANSWER_BYTES) {
          reject(new Broken(`${name}: the answer has more than ${MAX_ANSWER_BYTES / 2 ** 20} MB`));
          response.destroy();
        } else chunks.push(chunk);
      });
      response.once('error', fail);
      response.once('close', () => lose('it breaks off'));
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
    sendBody(sent, call).catch(reject);
  });
}

// --- internal ---

async function sendBody(sent: ClientRequest, { body, pieces }: Call): Promise<void> {
  if (!body || !pieces) return void sent.end(body);
  const cut = (piece: number) => Math.ceil((piece * body.length) / pieces.count);
  for (let i = 0; i < pieces.count; i++) {
    if (i > 0) await pieces.between();
    const piece = body.subarray(cut(i), cut(i + 1));
    if (piece.length > 0) await new Promise<void>((resolve) => sent.write(piece, () => resolve()));
  }
  sent.end();
}
