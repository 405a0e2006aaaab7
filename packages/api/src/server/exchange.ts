/** A request with its way to answer, as the server gives it to a service. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServiceError } from '../service-error.js';
import type { RequestHead } from './request-head.js';

export interface Exchange {
  readonly head: RequestHead;
  /** Also in the answer, as x-amzn-requestid. */
  readonly requestId: string;
  /** For a service that reads the body as it comes. */
  readonly incoming: IncomingMessage;
  /** For a service that writes its own answer. x-amzn-requestid is set. */
  readonly response: ServerResponse;
  /** Aborts when the client has left before it had its answer. */
  readonly left: AbortSignal;
}

/** A service behind the port that all of them share. */
export interface Service {
  /** For people, in the message to a request that no service takes. */
  readonly name: string;
  /** Whether a request is for this service. The first that says so gets it. */
  takes(head: RequestHead): boolean;
  /** Answers, or throws: a ServiceError is what the client gets in the service's own form, by `fail`. */
  handle(exchange: Exchange): Promise<void>;
  /** Writes an error in the service's protocol. The head of the answer has not been sent. */
  fail(exchange: Exchange, error: ServiceError): void;
}

/**
 * The whole body.
 * @throws ServiceError 413 when it is larger than the limit; the rest is not read
 */
export async function readBody({ incoming }: Exchange, maxBytes: number): Promise<Buffer> {
  const declared = Number(incoming.headers['content-length'] ?? 0);
  const body = declared <= maxBytes ? await collect(incoming, maxBytes) : undefined;
  if (body) return body;
  const received = declared > maxBytes ? declared : `more than ${maxBytes}`;
  throw new ServiceError(
    'RequestEntityTooLargeException',
    `The body must be up to ${maxBytes} bytes; received ${received}.`,
    413,
  );
}

/**
 * Reads the rest of a body that is not wanted and forgets it; before its answer is written. Clients read an answer when they
 * have sent all: a connection that is closed before is reset, and the answer with it. A body that is too large for that, or
 * that the client sends when it is told to, ends the connection after the answer.
 */
export function skipBody(incoming: IncomingMessage, response: ServerResponse, isContinued: boolean): void {
  if (incoming.complete) return;
  const declared = Number(incoming.headers['content-length'] ?? 0);
  const isAwaited = incoming.headers.expect !== undefined && !isContinued;
  if (isAwaited || declared > MAX_SKIPPED_BYTES) response.setHeader('Connection', 'close');
  else incoming.resume();
}

// --- internal ---

const MAX_SKIPPED_BYTES = 64 * 1024 * 1024;

/**
 * Undefined as soon as there is more than the limit: the stream is paused then, and not destroyed, as its connection must
 * carry the answer. By events, as an iterator of a stream takes longer than the rest of a small request.
 */
function collect(incoming: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const stop = () => {
      incoming.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
    };
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= maxBytes) return;
      stop();
      incoming.pause();
      resolve(undefined);
    };
    const onEnd = () => {
      stop();
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    };
    const onError = (error: Error) => {
      stop();
      reject(error);
    };
    const onClose = () => onError(new Error('The client has left before the end of its body.'));
    if (incoming.destroyed) onClose();
    else incoming.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
  });
}
