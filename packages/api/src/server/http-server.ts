/**
 * The one HTTP server on loopback that all services share. It gives each request an id, refuses foreign ones, finds the
 * service, and makes whatever a service throws an answer in that service's form.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceError } from '../service-error.js';
import type { Exchange, Service } from './exchange.js';
import { refusal } from './guard.js';
import { type RequestHead, readHead } from './request-head.js';

export interface HttpServerOptions {
  /** In the order in which they are asked whether they take a request. */
  readonly services: readonly Service[];
  /** 0 chooses a free one. */
  readonly port: number;
  readonly host: string;
  /** Further names that Host may have. */
  readonly hosts: ReadonlySet<string>;
  /** Hears of what went wrong in this package itself: the client gets InternalFailure. */
  readonly onError: (error: unknown, head: RequestHead) => void;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Lets answers that are being sent end. */
  close(): Promise<void>;
}

/** A request may take this long to arrive: an upload over a slow disk, but not for ever. */
const REQUEST_TIMEOUT_MS = 3_600_000;

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (incoming, response) => {
    void answer(incoming, response, options);
  });
  // S3's clients wait for this before they send a large body; without a listener Node would answer it for any request.
  server.on('checkContinue', (incoming, response) => {
    void answer(incoming, response, options);
  });
  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo;
  const name = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${name}:${port}`, port, close: () => closeServer(server) };
}

// --- internal ---

async function answer(incoming: IncomingMessage, response: ServerResponse, options: HttpServerOptions): Promise<void> {
  const requestId = randomUUID();
  response.setHeader('x-amzn-requestid', requestId);
  response.on('error', () => undefined); // the client has left; `left` says so to whoever works for it
  const refused = refusal(incoming.headers, options.hosts);
  if (refused !== undefined) {
    sendPlainError(response, new ServiceError('AccessDeniedException', refused, 403));
    return;
  }
  const head = readHead(incoming);
  const service = options.services.find((candidate) => candidate.takes(head));
  if (!service) {
    const known = [...new Set(options.services.map(({ name }) => name))].join(', ');
    const asked = head.target ?? `${head.method} ${head.path}`;
    const message = `No service here answers ${asked}. There are: ${known}.`;
    sendPlainError(response, new ServiceError('UnknownOperationException', message, 404));
    return;
  }
  if (incoming.headers.expect !== undefined) response.writeContinue();
  const exchange = { head, requestId, incoming, response, left: signalOfLeaving(response) };
  try {
    await service.handle(exchange);
  } catch (error) {
    fail(exchange, service, error, options);
  }
}

function signalOfLeaving(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

function fail(exchange: Exchange, service: Service, error: unknown, options: HttpServerOptions): void {
  const { response, left } = exchange;
  if (left.aborted) return;
  const isKnown = error instanceof ServiceError;
  if (!isKnown) options.onError(error, exchange.head);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What of the body has not been read cannot be told apart from a next request.
  if (!exchange.incoming.complete) response.setHeader('Connection', 'close');
  const message = 'An internal error occurred; the log of this server has its cause.';
  service.fail(exchange, isKnown ? error : new ServiceError('InternalFailure', message, 500));
}

function sendPlainError(response: ServerResponse, { code, message, status }: ServiceError): void {
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
  response.end(JSON.stringify({ __type: code, message }));
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
