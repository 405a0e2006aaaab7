/** Hosts that are not AWS's, where the server's own environment has a proxy. */
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Api, processPrograms, startApi } from '../../src/index.js';
import { openAuthority } from '../../src/proxy/authority.js';
import { createAwsProxy } from '../../src/proxy/aws-proxy.js';
import { proxiesOf } from '../../src/proxy/own-proxy.js';
import { ALGORITHMS, makeFolder } from '../support/scene.js';
import { openTunnel } from './tunnel.js';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
}

describe('with a proxy in its environment, the server', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])('opens tunnels by that of %s', async (name) => {
    const { url, asked } = await startUpstream();
    const server = await startServer({ [name]: url });

    const { answer, socket } = await openTunnel(server, 'Other.Example:443');
    socket.write('ping');
    const [reply] = await new Promise<Buffer[]>(
      (resolve) => void socket.once('data', (data) => resolve([data])).resume(),
    );

    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(String(reply)).toBe('ping');
    expect(asked).toEqual([{ method: 'CONNECT', url: 'other.example:443', authorization: undefined }]);
  });

  it('gives the proxy its user and password, with what an URL escapes', async () => {
    const { url, asked } = await startUpstream();
    const server = await startServer({ HTTPS_PROXY: url.replace('//', '//me:p%40ss@') });

    await openTunnel(server, 'other.example:443');

    expect(asked[0]!.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });

  it('takes a % that escapes nothing as it is', async () => {
    const { url, asked } = await startUpstream();
    const server = await startServer({ HTTPS_PROXY: url.replace('//', '//me:50%off@') });

    await openTunnel(server, 'other.example:443');

    expect(asked[0]!.authorization).toBe(`Basic ${Buffer.from('me:50%off').toString('base64')}`);
  });

  it.each(['HTTP_PROXY', 'http_proxy'])('passes requests on to that of %s, with the whole URL', async (name) => {
    const { url, asked } = await startUpstream();
    const server = await startServer({ [name]: new URL(url).host }); // without a scheme, as curl reads it

    const answer = await sendWhole(server, 'http://other.example:8081/a?b=c');

    expect(answer).toBe('from the proxy');
    expect(asked).toEqual([{ method: 'GET', url: 'http://other.example:8081/a?b=c', authorization: undefined }]);
  });

  it('asks hosts of NO_PROXY directly', async () => {
    const { url, asked } = await startUpstream();
    const dialled: string[] = [];
    const server = await startServer({ HTTPS_PROXY: url, HTTP_PROXY: url, no_proxy: '.corp.example' }, dialled);

    await openTunnel(server, 'git.corp.example:443');
    await sendWhole(server, 'http://corp.example/');

    expect(dialled).toEqual(['git.corp.example', 'corp.example']);
    expect(asked).toEqual([]);
  });

  it("answers AWS's hosts itself, and asks no proxy for this machine", async () => {
    const { url, asked } = await startUpstream();
    const api = await startServerOf({ HTTPS_PROXY: url, HTTP_PROXY: url });

    const aws = await openTunnel(api.url, 'sts.amazonaws.com:443');
    const own = await openTunnel(api.url, 'localhost:443');
    const other = await openTunnel(api.url, 'other.example:443');

    expect(aws.answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(own.answer).toContain('The host must be another machine than this one');
    expect(other.answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(asked.map((one) => one.url)).toEqual(['other.example:443']);
  });

  it.each(['127.0.0.1', 'localhost', '0.0.0.0', '[::1]'])('never asks itself, as %s', (host) => {
    const find = proxiesOf({ HTTPS_PROXY: `http://${host}:4580` }, () => 4580);
    const findOther = proxiesOf({ HTTPS_PROXY: `http://${host}:3128` }, () => 4580);

    expect(find('https', { host: 'other.example', port: 443 })).toBeUndefined();
    expect(findOther('https', { host: 'other.example', port: 443 })?.port).toBe('3128');
  });

  it('says what the proxy answered when it refuses', async () => {
    const { url } = await startUpstream('407 Proxy Authentication Required');
    const server = await startServer({ HTTPS_PROXY: url });

    const { answer } = await openTunnel(server, 'other.example:443');

    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    expect(answer).toContain(`The proxy ${url} answered "407 Proxy Authentication Required" for other.example:443.`);
  });

  it('names the variable whose value is no address of a proxy, without its password', async () => {
    const server = await startServer({ HTTPS_PROXY: 'socks5://me:secret@corp.example:1080' });

    const { answer } = await openTunnel(server, 'other.example:443');

    expect(answer).toContain(
      'HTTPS_PROXY must be the http or https URL of a proxy; received "socks5://corp.example:1080".',
    );
  });

  it('lets go of a proxy that has not answered yet when it ends', async () => {
    const { url, reached, left } = await startUpstream('never');
    const api = await startServerOf({ HTTPS_PROXY: url });
    const tunnel = openTunnel(api.url, 'other.example:443');
    tunnel.catch(() => undefined);
    await reached;

    await api.close();

    await expect(left).resolves.toBeUndefined();
  });
});

// --- internal ---

/** The company's proxy: a tunnel of it answers what it gets. @param refusal status line of its answer, or `never` */
async function startUpstream(refusal?: string) {
  const asked: Asked[] = [];
  const take = ({ method, url, headers }: IncomingMessage) =>
    asked.push({ method, url, authorization: headers['proxy-authorization'] });
  const server = createHttpServer((request, response) => {
    take(request);
    response.end('from the proxy');
  });
  const reached = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  server.on('connect', (request, socket) => {
    take(request);
    socket.on('error', () => undefined).once('close', () => left.resolve());
    reached.resolve();
    if (refusal === 'never') return void socket.on('end', () => socket.end()).resume(); // half open otherwise
    if (refusal) return void socket.end(`HTTP/1.1 ${refusal}\r\nContent-Length: 0\r\n\r\n`);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(socket);
  });
  return { url: await listen(server), asked, reached: reached.promise, left: left.promise };
}

async function startServerOf(environment: NodeJS.ProcessEnv): Promise<Api> {
  const api = await startApi({ dataFolder: makeFolder(), programs: processPrograms(ALGORITHMS), environment });
  onTestFinished(() => api.close());
  return api;
}

/** A server whose direct connections to other hosts come to one that answers each request. */
async function startServer(environment: NodeJS.ProcessEnv, dialled: string[] = []): Promise<string> {
  const direct = new URL(await listen(createHttpServer(((_, response) => response.end('direct')) as RequestListener)));
  const proxy = createAwsProxy({
    services: [],
    onError: () => undefined,
    authority: await openAuthority(makeFolder()),
    dial: (host) => {
      dialled.push(host);
      return connect(Number(direct.port), direct.hostname);
    },
    findProxy: proxiesOf(environment, () => undefined),
  });
  onTestFinished(() => proxy.close());
  const server = createHttpServer((incoming, response) => void proxy.forward(incoming, response));
  server.on('connect', proxy.connect);
  return listen(server);
}

async function listen(server: ReturnType<typeof createHttpServer>): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function sendWhole(proxy: string, path: string): Promise<string> {
  const { hostname, port } = new URL(proxy);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ host: hostname, port, path, agent: false }, resolve).on('error', reject).end();
  });
  return text(answer);
}
