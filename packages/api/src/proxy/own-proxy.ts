/**
 * The proxy that this machine itself needs to reach other hosts: HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the server's own
 * environment, in lower case first, as curl and Python read them. A tunnel to a host goes through a tunnel of that proxy.
 */
import { type ClientRequest, type OutgoingHttpHeaders, request as plainRequest } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { unescape as percentDecoded } from 'node:querystring';
import type { Duplex } from 'node:stream';
import { isLoopback } from '../server/guard.js';
import { isWithoutProxy, noProxyEntries } from './no-proxy.js';
import type { Target } from './target.js';
import { isRefusedHost } from './upstream.js';

/**
 * The proxy for a host; undefined where there is none, or where it is this server.
 * @throws Error naming the variable, when its value is no address of a proxy
 */
export type FindProxy = (scheme: 'http' | 'https', target: Target) => URL | undefined;

/**
 * A host of this machine has none: it is refused as ever (upstream.ts), which a proxy on this machine would not do.
 * @param ownPort of this server, which variables of `algo up --env` name as the proxy
 */
export function proxiesOf(environment: NodeJS.ProcessEnv, ownPort: () => number | undefined): FindProxy {
  const without = noProxyEntries(environment);
  return (scheme, { host, port }) => {
    const name = `${scheme}_proxy`;
    const value = environment[name] || environment[name.toUpperCase()];
    if (!value || isRefusedHost(host) || isWithoutProxy(without, host, port)) return undefined;
    const proxy = readProxy(name.toUpperCase(), value);
    return portOf(proxy) === ownPort() && isThisMachine(nameOf(proxy)) ? undefined : proxy;
  };
}

/**
 * A tunnel of the proxy to the host.
 * @param signal ends the attempt
 * @throws Error when the proxy is not reached, or refuses
 */
export function tunnelBy(proxy: URL, { host, port }: Target, signal: AbortSignal): Promise<Duplex> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    const call = requestBy(proxy, { method: 'CONNECT', path: authority, headers: { Host: authority }, signal });
    call.once('connect', ({ statusCode, statusMessage }, socket, head) => {
      if (statusCode! < 200 || statusCode! > 299) {
        socket.destroy();
        return reject(
          new Error(`The proxy ${proxy.origin} answered "${statusCode} ${statusMessage}" for ${authority}.`),
        );
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    call.once('error', ({ message }) =>
      reject(new Error(`The proxy ${proxy.origin} must answer; received: ${message}.`)),
    );
    call.end();
  });
}

interface ProxyRequest {
  readonly method: string | undefined;
  /** What the proxy is asked for. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly signal?: AbortSignal;
}

/** A request to the proxy itself, with the user and password of its address. */
export function requestBy(proxy: URL, options: ProxyRequest): ClientRequest {
  // As an import, TLS would be loaded at every start.
  const request = proxy.protocol === 'https:' ? process.getBuiltinModule('node:https').request : plainRequest;
  const { username, password } = proxy;
  const user = [username, password].map((part) => percentDecoded(part)).join(':'); // a bare % is itself
  const authorization = username ? { 'Proxy-Authorization': `Basic ${Buffer.from(user).toString('base64')}` } : {};
  const headers = { ...options.headers, ...authorization };
  return request({ ...options, headers, host: nameOf(proxy), port: portOf(proxy), agent: false });
}

// --- internal ---

/** As in curl, an address without a scheme is one of http. */
function readProxy(variable: string, value: string): URL {
  const text = value.includes('://') ? value : `http://${value}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy && /^https?:$/.test(proxy.protocol)) return proxy;
  const shown = value.replace(/^([a-z0-9]+:\/\/)?.*@/i, '$1');
  throw new Error(
    `${variable} must be the http or https URL of a proxy; received "${shown}". "algo up" was started with it.`,
  );
}

function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

function nameOf(proxy: URL): string {
  return proxy.hostname.replace(/^\[|\]$/g, '');
}

function isThisMachine(name: string): boolean {
  if (isLoopback(name) || name === '0.0.0.0' || name === '::' || name === hostname().toLowerCase()) return true;
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === name));
}
