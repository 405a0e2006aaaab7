/** The one HTTP server that all services share. It is also the proxy of clients that ask for AWS's own hosts. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import type { AwsProxy } from '../proxy/aws-proxy.js';
import { answer, KEEP_ALIVE_MS, REQUEST_TIMEOUT_MS } from './answer.js';
import type { Service } from './exchange.js';
import { guardOf } from './guard.js';
import { acceptHttp2, type Http2 } from './http2.js';
import { answerMalformed } from './malformed.js';
import type { RequestHead } from './request-head.js';

export interface HttpServerOptions {
  /** In the order in which they are asked whether they take a request. */
  readonly services: readonly Service[];
  /** 0 chooses a free one. */
  readonly port: number;
  /** The address to listen on. */
  readonly host: string;
  /** For requests to other hosts and for tunnels. */
  readonly proxy: AwsProxy;
  /** Hears of what went wrong in this package itself: the client gets InternalFailure. */
  readonly onError: (error: unknown, head: RequestHead) => void;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Lets what is being sent end, for a few seconds. */
  close(): Promise<void>;
}

/** What answers and uploads may take to end when the server does. */
const CLOSE_GRACE_MS = 5000;

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const own = { ...options, refusal: guardOf(options.host) };
  const onRequest = (incoming: IncomingMessage, response: ServerResponse) => {
    if (!options.proxy.forward(incoming, response)) void answer(incoming, response, own);
  };
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS }, onRequest);
  const http2 = acceptHttp2(server, onRequest);
  answerMalformed(server, http2.owns);
  // S3's clients wait for this before they send a large body; without a listener Node would answer it for any request.
  server.on('checkContinue', onRequest);
  server.on('connect', options.proxy.connect);
  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo;
  return { url: urlOf(options.host, port), port, close: () => closeServer(server, http2) };
}

// --- internal ---

/** A server on all addresses is asked by loopback. */
function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
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

function closeServer(server: Server, http2: Http2): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.closeAllConnections();
      http2.destroy();
    }, CLOSE_GRACE_MS);
    http2.close();
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
