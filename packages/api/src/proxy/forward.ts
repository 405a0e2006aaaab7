/** Requests to a proxy for hosts that are asked without TLS: they go there and their answers come back as they are. */
import {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import { type FindProxy, requestBy } from './own-proxy.js';
import type { Dial } from './upstream.js';

/** How hosts that are not AWS's are reached: by the proxy that is found for them, or else directly. */
export interface Reach {
  readonly dial: Dial;
  readonly findProxy: FindProxy;
}

/** Never throws: what cannot be reached is answered with 502. */
export function forwardRequest(incoming: IncomingMessage, response: ServerResponse, url: URL, reach: Reach): void {
  const fail = (error: Error) => {
    if (response.headersSent) return void response.destroy();
    response.writeHead(502, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
    response.end(error.message);
  };
  try {
    const upstream = requestTo(url, incoming, reach);
    upstream.on('error', fail);
    upstream.on('response', (answer) => {
      response.writeHead(answer.statusCode!, answer.statusMessage, endToEnd(answer.headers));
      pipeline(answer, response, () => undefined);
    });
    response.once('close', () => upstream.destroy());
    // Its Expect was for this proxy, and is not passed on: without this the client would not send the body.
    if (incoming.headers.expect !== undefined) response.writeContinue();
    pipeline(incoming, upstream, () => undefined);
  } catch (error) {
    fail(error as Error);
  }
}

// --- internal ---

function requestTo(url: URL, incoming: IncomingMessage, { dial, findProxy }: Reach): ClientRequest {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || 80);
  const headers = { ...endToEnd(incoming.headers), host: url.host };
  const { method } = incoming;
  const path = url.pathname + url.search;
  const proxy = findProxy('http', { host, port });
  if (proxy) return requestBy(proxy, { method, path: url.origin + path, headers });
  return request({ method, path, headers, createConnection: () => dial(host, port) });
}

/** Of one connection only (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = [
  ...['connection', 'keep-alive', 'proxy-authorization', 'proxy-connection', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'expect'],
];

function endToEnd(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(/\s*,\s*/);
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name) && !named.includes(name)),
  );
}
