/**
 * The proxy of clients that have AWS's addresses built in: CONNECT to such a host is answered here, by TLS with a certificate
 * of the local authority; all other hosts are reached through a tunnel, whose content this process does not see.
 */
import { once } from 'node:events';
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import { type AnswerOptions, answer, KEEP_ALIVE_MS, REQUEST_TIMEOUT_MS } from '../server/answer.js';
import { skipBody } from '../server/exchange.js';
import { isLoopback, refusal } from '../server/guard.js';
import { answerMalformed } from '../server/malformed.js';
import type { Authority } from './authority.js';
import { isAwsHost } from './aws-hosts.js';
import { forwardRequest, type Reach } from './forward.js';
import { type FindProxy, tunnelBy } from './own-proxy.js';
import { readAbsoluteUrl, readTarget, type Target } from './target.js';
import { type Dial, dial } from './upstream.js';

export interface AwsProxy {
  /** Takes a CONNECT request. */
  readonly connect: (request: IncomingMessage, client: Duplex, head: Buffer) => void;
  /** Takes a request whose URL names a host, and says whether it did; others are the server's own. */
  forward(incoming: IncomingMessage, response: ServerResponse): boolean;
  /** Ends all connections. */
  close(): void;
}

export interface AwsProxyOptions extends Pick<AnswerOptions, 'services' | 'onError'> {
  readonly authority: Authority;
  /** How other hosts are reached. @default by their address, which must be another machine's */
  readonly dial?: Dial;
  /** The proxy that other hosts are reached by. @default none for all */
  readonly findProxy?: FindProxy;
}

export function createAwsProxy(options: AwsProxyOptions): AwsProxy {
  const { authority } = options;
  const reach: Reach = { dial: options.dial ?? dial, findProxy: options.findProxy ?? (() => undefined) };
  const aws = { ...options, refusal: refusalOfAws };
  const onRequest = (incoming: IncomingMessage, response: ServerResponse) => void answer(incoming, response, aws);
  const timeouts = { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS };
  const plain = createPlainServer(timeouts, onRequest);
  answerMalformed(plain);
  plain.on('checkContinue', onRequest);
  let secure: SecureServer | undefined;
  const openSecure = () => {
    // As an import, TLS would be loaded at every start; few clients ask by it.
    const { createServer } = process.getBuiltinModule('node:https');
    const SNICallback: TlsOptions['SNICallback'] = (name, callback) => {
      authority.contextFor(name).then((context) => callback(null, context), callback);
    };
    const server = createServer({ ...timeouts, ALPNProtocols: ['http/1.1'], SNICallback }, onRequest);
    answerMalformed(server);
    return server.on('checkContinue', onRequest);
  };
  const clients = new Set<Duplex>();
  return {
    connect(request, client, head) {
      clients.add(client);
      client.once('close', () => clients.delete(client));
      client.on('error', () => undefined); // the client has left
      const target = readTarget(request.url ?? '');
      if (typeof target === 'string') return refuse(client, 400, target);
      if (!isAwsHost(target.host)) {
        if (!isFromHere(request)) return refuse(client, 403, NOT_FOR_OTHERS);
        return void openTunnel(target, client, head, reach);
      }
      client.write(ESTABLISHED);
      if (head.length > 0) client.unshift(head);
      if (target.port !== 443) plain.emit('connection', client);
      else {
        secure ??= openSecure();
        secure.emit('connection', client);
      }
    },
    forward(incoming, response) {
      const url = readAbsoluteUrl(incoming.url ?? '');
      if (!url) return false;
      if (!isAwsHost(url.hostname)) {
        if (isFromHere(incoming)) forwardRequest(incoming, response, url, reach);
        else {
          skipBody(incoming, response, false);
          response.writeHead(403, { 'Content-Type': 'text/plain' }).end(NOT_FOR_OTHERS);
        }
        return true;
      }
      incoming.url = url.pathname + url.search;
      incoming.headers.host = url.host; // what the URL names counts (RFC 9112, 3.2.2)
      onRequest(incoming, response);
      return true;
    },
    close() {
      for (const client of clients) client.destroy();
    },
  };
}

// --- internal ---

const NOT_FOR_OTHERS = 'Other machines reach the hosts of AWS by this proxy, and no others.';
const REASONS = { 400: 'Bad Request', 403: 'Forbidden', 502: 'Bad Gateway' } as const;
const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n';

/** As for the server's own requests, with AWS's names in the place of loopback's; no page of a browser has them as Origin. */
function refusalOfAws(headers: IncomingMessage['headers']): string | undefined {
  const name = (headers.host ?? '').replace(/:\d*$/, '');
  if (!isAwsHost(name)) return `Host must be one of AWS's; received "${headers.host ?? ''}".`;
  return refusal({ ...headers, host: 'localhost' });
}

/** An open proxy would let others take this machine's place in its network. */
function isFromHere({ socket }: IncomingMessage): boolean {
  return isLoopback(socket.remoteAddress ?? '');
}

/** Never rejects: what cannot be reached is answered with 502. */
async function openTunnel(target: Target, client: Duplex, head: Buffer, reach: Reach): Promise<void> {
  const left = new AbortController();
  client.once('close', () => left.abort());
  let upstream: Duplex;
  try {
    upstream = await connectionTo(target, reach, left.signal);
  } catch (error) {
    return refuse(client, 502, (error as Error).message);
  }
  upstream.on('error', () => client.destroy());
  client.once('close', () => upstream.destroy());
  client.write(ESTABLISHED);
  upstream.write(head);
  client.pipe(upstream).pipe(client);
}

async function connectionTo(target: Target, { dial: open, findProxy }: Reach, signal: AbortSignal): Promise<Duplex> {
  const proxy = findProxy(target.port === 80 ? 'http' : 'https', target);
  if (proxy) return tunnelBy(proxy, target, signal);
  const socket = open(target.host, target.port);
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function refuse(client: Duplex, status: keyof typeof REASONS, message: string): void {
  const head = `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(message)}\r\nConnection: close`;
  client.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${head}\r\n\r\n${message}`);
}
