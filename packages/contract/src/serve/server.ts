/**
 * The HTTP server: sockets in, answers out, one log line a request. What is answered is the router's business; here are
 * limits, timeouts, callers that go away, and the end of the server.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ClientError, PlatformError } from '../errors.js';
import type { Log } from '../log.js';
import { checkDeclaredLength, readBody } from './body.js';
import { trackConnections } from './connections.js';
import { type Answer, errorAnswer } from './message.js';
import { createRequestLog } from './request-log.js';
import { findRoute, type Service } from './router.js';

export interface ServerOptions {
  readonly service: Service;
  readonly maxBodyBytes: number;
  readonly log: Log;
  readonly timeouts?: Partial<ServerTimeouts>;
}

/** All in milliseconds. */
export interface ServerTimeouts {
  /** Longer than the platform keeps a connection (60 s), so that it is never we who close under a new request. */
  readonly keepAliveMs: number;
  readonly headersMs: number;
  /** For a request with its body: 100 MB of a batch at 1 MB/s. */
  readonly requestMs: number;
  /** How often the two above are looked at. */
  readonly checkMs: number;
  /** How long the rest of a refused body is read away, so that the caller gets to see the answer. */
  readonly lingerMs: number;
}

const TIMEOUTS: ServerTimeouts = {
  keepAliveMs: 75_000,
  headersMs: 20_000,
  requestMs: 100_000,
  checkMs: 5_000,
  lingerMs: 5_000,
};

export interface InferenceServer {
  /** @returns the port, chosen by the system when `port` is 0. @throws PlatformError when it cannot be had */
  listen(port: number, host: string): Promise<number>;
  /** Accepts no more, answers what has begun, closes idle connections; settles when the last one is closed. */
  drain(): Promise<void>;
  /** Closes all connections at once; how many requests were cut off. */
  close(): number;
}

export function createInferenceServer({ service, maxBodyBytes, log, timeouts }: ServerOptions): InferenceServer {
  const limits = { ...TIMEOUTS, ...timeouts };
  const server = createServer({
    keepAliveTimeout: limits.keepAliveMs,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
  });
  const connections = trackConnections(server);
  const requestLog = createRequestLog(log);
  let isDraining = false;

  const respond = async (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => {
    const report = requestLog.begin(request.method ?? '', request.url ?? '');
    connections.begin(request.socket, response);
    request.on('error', ignore);
    response.on('error', ignore);
    const answer = await answerRequest(request, () => expectsContinue && response.writeContinue());
    if (!answer || response.destroyed) return report(undefined);
    send(request, response, answer);
    report(answer);
  };

  const answerRequest = async (request: IncomingMessage, askForBody: () => void): Promise<Answer | undefined> => {
    try {
      const route = findRoute(service, request.method ?? '', request.url ?? '');
      if (!route.readsBody) return await route.answer(request.headers, NO_BODY);
      checkDeclaredLength(request, maxBodyBytes);
      askForBody();
      const body = await readBody(request, maxBodyBytes);
      return body && (await route.answer(request.headers, body));
    } catch (error) {
      return errorAnswer(error);
    }
  };

  const send = (request: IncomingMessage, response: ServerResponse, answer: Answer) => {
    const isTooLarge = answer.code === 'E_REQUEST_SIZE';
    const length = answer.status === 204 ? {} : { 'Content-Length': answer.body.length };
    const connection = isDraining || isTooLarge ? { Connection: 'close' } : {};
    response.writeHead(answer.status, { ...answer.headers, ...length, ...connection });
    if (isTooLarge) endAfterBody(request, response, answer.body, limits.lingerMs);
    else response.end(request.method === 'HEAD' ? undefined : answer.body);
  };

  server.on('request', (request, response) => void respond(request, response, false));
  server.on('checkContinue', (request, response) => void respond(request, response, true));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (connections.isAnswering(socket)) socket.destroy();
    else refuseMalformed(error, socket, log);
  });
  return {
    listen: (port, host) => listen(server, port, host),
    drain() {
      isDraining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.drain();
      return closed;
    },
    close: () => connections.closeAll(),
  };
}

// --- internal ---

const NO_BODY = new Uint8Array(0);

/** A caller that goes away is seen where its body is read and its answer is written. */
function ignore(): void {}

/**
 * Writes the answer, then reads the rest of the request away before the connection is closed: closing with unread data
 * makes the kernel send a reset, and the caller would lose the answer.
 */
function endAfterBody(request: IncomingMessage, response: ServerResponse, body: Uint8Array, lingerMs: number): void {
  response.write(body);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, lingerMs);
  request.once('end', end).once('close', end).resume();
}

const MALFORMED_STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers what is not HTTP, or did not come in time; there is no response object to do it with. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket, log: Log): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = MALFORMED_STATUS[error.code ?? ''] ?? 400;
  const reason =
    status === 408 ? 'it did not come in time' : status === 431 ? 'its headers are too large' : 'it is not';
  const problem = new ClientError('E_REQUEST_BODY', `The request must be HTTP/1.1; ${reason}.`);
  const { body } = errorAnswer(problem, status);
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${Buffer.from(body)}`, () => socket.destroy());
  log.info(`malformed request ${status} ${error.code}`);
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      const message = `Port ${port} on ${host} must be free to listen on; received ${error.code}.`;
      reject(new PlatformError('E_ENVIRONMENT', message, { cause: error }));
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      server.on('error', ignore);
      resolve(portOf(server.address()));
    });
  });
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
