/** A server whose endpoint has a container that talks over a WebSocket. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { bidirectionalService } from '../../src/runtime/bidirectional/service.js';
import type { Hosting } from '../../src/sagemaker/endpoints/hosting.js';
import { countInFlight } from '../../src/sagemaker/endpoints/in-flight.js';
import type { VariantServer } from '../../src/sagemaker/endpoints/variant-server.js';
import type { SageMaker } from '../../src/sagemaker/resources/context.js';
import { startHttpServer } from '../../src/server/http-server.js';

const ACCOUNT = { id: '000000000000', region: 'us-east-1' };

interface Options {
  readonly variant?: Partial<VariantServer>;
  readonly timeoutMs?: number;
  readonly pingMs?: number;
  /** Of the container: whether pings are answered. */
  readonly autoPong?: boolean;
  /** Lines in its answers to WebSockets but that of metadata. */
  readonly headers?: readonly string[];
}

/** A server whose endpoint `end` has a container that does this with each connection. */
export async function start(converse: (socket: WebSocket, request: IncomingMessage) => void, options: Options = {}) {
  const { variant, autoPong = true, headers = [], ...times } = options;
  const http = createServer((_, response) => response.writeHead(404).end('no route'));
  const sockets = new WebSocketServer({ noServer: true, autoPong });
  http.on('upgrade', (request, socket, head) => {
    if (request.url === '/none') return void socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\nno path');
    sockets.handleUpgrade(request, socket, head, (connection) => converse(connection, request));
  });
  sockets.on('headers', (lines, { url }) => {
    if (!url?.includes('metadata')) for (const line of headers) lines.push(line);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    for (const socket of sockets.clients) socket.terminate();
    http.close();
  });
  const endpoint = { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
  const server = {
    ...{ name: 'AllTraffic', logGroup: '/aws/sagemaker/Endpoints/end', isDirect: false, inFlight: countInFlight() },
    containers: [{ name: 'primary', current: () => endpoint }],
    ...variant,
  } as unknown as VariantServer;
  const hosting = { pick: (name: string) => (name === 'end' ? server : undefined) } as unknown as Hosting;
  const errors: unknown[] = [];
  const closing = new AbortController();
  const logged: unknown[] = [];
  const store = { logs: { open: () => ({ write: (line: string) => logged.push(JSON.parse(line)), close: () => {} }) } };
  const { url, close } = await startHttpServer({
    services: [
      bidirectionalService({
        sageMaker: { account: ACCOUNT, closing: closing.signal, store } as unknown as SageMaker,
        hosting,
        ...times,
      }),
    ],
    ...{ port: 0, host: '127.0.0.1', onError: (error: unknown) => errors.push(error) },
    proxy: { connect: () => {}, forward: () => false, close: () => {} },
  });
  onTestFinished(close);
  return { url, server, errors, closing, logged };
}

export function echo(socket: WebSocket): void {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
}
