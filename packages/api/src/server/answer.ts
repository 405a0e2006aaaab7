/** Answers a request: gives it an id, refuses a foreign one, finds its service, and makes what that throws an answer. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { ServiceError } from '../service-error.js';
import { type Exchange, type Service, skipBody } from './exchange.js';
import { type RequestHead, readHead } from './request-head.js';

export interface AnswerOptions {
  /** In the order in which they are asked whether they take a request. */
  readonly services: readonly Service[];
  /** Why a request is refused; undefined for one that is let in. */
  readonly refusal: (headers: IncomingHttpHeaders) => string | undefined;
  /** Hears of what went wrong in this package itself: the client gets InternalFailure. */
  readonly onError: (error: unknown, head: RequestHead) => void;
}

/** A request may take this long to arrive: an upload over a slow disk, but not for ever. */
export const REQUEST_TIMEOUT_MS = 3_600_000;

/**
 * A connection is kept for a next request this long, longer than clients' pools do: it is they who end it. A server that ends
 * one at the moment in which a request is sent resets it, and few clients may repeat a POST.
 */
export const KEEP_ALIVE_MS = 75_000;

/** Never rejects. */
export async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: AnswerOptions,
): Promise<void> {
  const requestId = randomUUID();
  response.setHeader('x-amzn-requestid', requestId);
  response.on('error', () => undefined); // the client has left; `left` says so to whoever works for it
  // A browser that is shown an object or an error must not run it: it would be a page of this origin. The console's own
  // page replaces this.
  if (incoming.headers['sec-fetch-dest'] !== undefined) {
    response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  }
  const refused = options.refusal(incoming.headers);
  if (refused !== undefined) {
    skipBody(incoming, response, false);
    sendPlainError(response, new ServiceError('AccessDeniedException', refused, 403));
    return;
  }
  const head = readHead(incoming);
  const service = options.services.find((candidate) => candidate.takes(head));
  if (!service) {
    const known = [...new Set(options.services.map(({ name }) => name))].join(', ');
    const asked = head.target ?? `${head.method} ${head.path}`;
    const message = `No service here answers ${asked}. There are: ${known}.`;
    skipBody(incoming, response, false);
    sendPlainError(response, new ServiceError('UnknownOperationException', message, 404));
    return;
  }
  if (incoming.headers.expect !== undefined) response.writeContinue();
  const exchange = new OpenExchange({ head, requestId, incoming, response });
  try {
    await service.handle(exchange);
  } catch (error) {
    fail(exchange, service, error, options);
  }
}

// --- internal ---

/** Makes the signal when it is first asked for: few services do, and it takes as long as the rest of a small request. */
class OpenExchange implements Exchange {
  readonly head: RequestHead;
  readonly requestId: string;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  #left: AbortSignal | undefined;

  constructor({ head, requestId, incoming, response }: Omit<Exchange, 'left'>) {
    this.head = head;
    this.requestId = requestId;
    this.incoming = incoming;
    this.response = response;
  }

  get left(): AbortSignal {
    this.#left ??= signalOfLeaving(this.response);
    return this.#left;
  }
}

function signalOfLeaving(response: ServerResponse): AbortSignal {
  if (hasLeft(response)) return AbortSignal.abort();
  const controller = new AbortController();
  response.once('close', () => {
    if (hasLeft(response)) controller.abort();
  });
  return controller.signal;
}

function hasLeft({ closed, writableFinished }: ServerResponse): boolean {
  return closed && !writableFinished;
}

function fail(exchange: Exchange, service: Service, error: unknown, options: AnswerOptions): void {
  const { response } = exchange;
  if (hasLeft(response)) return;
  const isKnown = error instanceof ServiceError;
  if (!isKnown) options.onError(error, exchange.head);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  skipBody(exchange.incoming, response, true);
  const message = 'An internal error occurred; the log of this server has its cause.';
  service.fail(exchange, isKnown ? error : new ServiceError('InternalFailure', message, 500));
}

function sendPlainError(response: ServerResponse, { code, message, status }: ServiceError): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ __type: code, message }));
}
