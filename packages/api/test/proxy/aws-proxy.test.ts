import { once } from 'node:events';
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { authorityFiles } from '../../src/index.js';
import { openAuthority } from '../../src/proxy/authority.js';
import { type AwsProxy, createAwsProxy } from '../../src/proxy/aws-proxy.js';
import { makeFolder, sharedScene } from '../support/scene.js';
import { openTunnel, requestByTls, signedRequest } from './tunnel.js';

const scene = sharedScene();

async function ask(host: string, request: string): Promise<string> {
  const { api, folder } = scene();
  const tunnel = await openTunnel(api.url, `${host}:443`);
  return requestByTls(tunnel, authorityFiles(folder).certificate, host, request);
}

describe('a client with an address of AWS built in', () => {
  it('asks STS who it is', async () => {
    const host = 'sts.us-east-1.amazonaws.com';
    const body = 'Action=GetCallerIdentity&Version=2011-06-15';

    const answer = await ask(host, signedRequest('POST', '/', host, 'sts', body));

    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(answer).toContain('<Account>000000000000</Account>');
  });

  it('reads an object of a bucket that the host names', async () => {
    const host = 'data.s3.us-east-1.amazonaws.com';
    scene().put({ 'a b.txt': 'content of a b' });

    const answer = await ask(host, signedRequest('GET', '/a%20b.txt', host, 's3'));

    expect(answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\r\n\r\ncontent of a b$/);
  });

  it('gets no answer for another host inside of the tunnel', async () => {
    const request = signedRequest('POST', '/', 'evil.example', 'sts');

    const answer = await ask('sts.amazonaws.com', request);

    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain(`Host must be one of AWS's; received \\"evil.example\\".`);
  });

  it('gets no certificate for another name', async () => {
    const { api, folder } = scene();
    const tunnel = await openTunnel(api.url, 'sts.amazonaws.com:443');
    const request = signedRequest('GET', '/', 'evil.example', 's3');

    const answer = await requestByTls(tunnel, authorityFiles(folder).certificate, 'evil.example', request).catch(
      () => '', // whether the handshake fails or just ends depends on who is first
    );

    expect(answer).toBe('');
  });
});

describe('a tunnel', () => {
  it.each([
    ['example.com:22', 'CONNECT must be to port 443 or 80; received "example.com:22". Name hosts with other ports'],
    ['sts.amazonaws.com:8443', 'CONNECT must be to port 443 or 80'],
    ['example.com', 'CONNECT must name HOST:PORT; received "example.com".'],
    ['user@example.com:443', 'CONNECT must name HOST:PORT'],
    ['example.com:443/path', 'CONNECT must name HOST:PORT'],
    [`${'a'.repeat(300)}:443`, 'CONNECT must name HOST:PORT'],
  ])('to %s is refused', async (target, message) => {
    const { answer } = await openTunnel(scene().api.url, target);

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain(message);
  });

  it.each([
    ...['127.0.0.1:443', '127.9.9.9:80', '0.0.0.0:80', '169.254.169.254:80', 'localhost:443'],
    ...['[::1]:443', '[::]:443', '[::ffff:127.0.0.1]:443', '[fe80::1]:443'],
  ])('to %s, which is this machine or its link, is refused', async (target) => {
    const { answer } = await openTunnel(scene().api.url, target);

    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    expect(answer).toContain('The host must be another machine than this one; received');
  });

  it('to another host carries bytes both ways as they are', async () => {
    const upstream = createServer((socket) =>
      socket.on('data', (bytes) => socket.write(bytes.map((byte) => 255 - byte))),
    );
    const asked: unknown[] = [];
    const url = await startProxy(await portOf(upstream), (host, port) => asked.push([host, port]));

    const { answer, socket } = await openTunnel(url, 'Other.Example:443');
    socket.resume().write(Buffer.from([22, 3, 1, 0]));
    const [bytes] = await new Promise<Buffer[]>((resolve) => void socket.once('data', (chunk) => resolve([chunk])));

    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect([...bytes!]).toEqual([233, 252, 254, 255]);
    expect(asked).toEqual([['other.example', 443]]);
  });

  it('to a host that does not answer fails', async () => {
    const server = createServer();
    const port = await portOf(server);
    await new Promise((resolve) => void server.close(resolve));

    const { answer } = await openTunnel(await startProxy(port), 'other.example:443');

    expect(answer).toMatch(/^HTTP\/1\.1 502 [\s\S]*ECONNREFUSED/);
  });
});

describe('a request with a whole URL', () => {
  it('to another host is passed on, without what is for the proxy', async () => {
    const upstream = createHttpServer((request, response) => {
      response.writeHead(418, { 'X-Seen': JSON.stringify(request.headers) });
      request.pipe(response);
    });
    const url = await startProxy(await portOf(upstream));
    const headers = { 'Proxy-Authorization': 'Basic x', 'X-Own': 'kept', Host: 'other.example:8081' };

    const answer = await sendWhole(url, 'http://other.example:8081/a?b=c', headers, 'body');

    expect(answer).toMatchObject({ status: 418, body: 'body' });
    const seen = JSON.parse(answer.seen);
    expect(seen).toMatchObject({ host: 'other.example:8081', 'x-own': 'kept' });
    expect(Object.keys(seen)).not.toContain('proxy-authorization');
  });

  it('to another host is asked for its body, where the client waits for that', async () => {
    const upstream = createHttpServer((request, response) => request.pipe(response));
    const { hostname, port } = new URL(await startProxy(await portOf(upstream)));
    const headers = { Expect: '100-continue', 'Content-Length': 4 };
    const call = httpRequest({ host: hostname, port, path: 'http://other.example/', method: 'POST', headers });
    onTestFinished(() => void call.destroy());
    const answered = once(call, 'response') as Promise<[IncomingMessage]>;

    call.flushHeaders();
    await Promise.race([once(call, 'continue'), answered]);
    call.end('body');
    const [answer] = await answered;

    expect([answer.statusCode, await text(answer)]).toEqual([200, 'body']);
  });

  it("to one of AWS's hosts is answered here", async () => {
    scene().put({ 'plain.txt': 'plain' });

    const answer = await sendWhole(scene().api.url, 'http://data.s3.amazonaws.com/plain.txt', {}, '', 'GET');

    expect(answer).toMatchObject({ status: 200, body: 'plain' });
  });

  it('to this machine is refused', async () => {
    const answer = await sendWhole(scene().api.url, 'http://127.0.0.1:1/', {}, '');

    expect(answer).toMatchObject({ status: 502, body: expect.stringContaining('must be another machine') });
  });
});

it('another machine reaches no host but those of AWS', async () => {
  const dialled: string[] = [];
  const proxy = await openProxy(1, (host) => dialled.push(host));
  const request = (url: string) =>
    ({ url, headers: { expect: '100-continue' }, socket: { remoteAddress: '::ffff:192.0.2.7' } }) as IncomingMessage;
  const client = new PassThrough();
  const response = { setHeader: vi.fn(), writeHead: vi.fn(() => response), end: vi.fn() };

  proxy.connect(request('example.com:443'), client, Buffer.alloc(0));
  proxy.forward(request('http://example.com/'), response as unknown as ServerResponse);

  expect(String(client.read())).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
  expect(response.writeHead).toHaveBeenCalledWith(403, expect.anything());
  expect(response.setHeader).toHaveBeenCalledWith('Connection', 'close'); // the body that was not asked for never comes
  expect(dialled).toEqual([]);
});

// --- internal ---

/** A server with a proxy whose other hosts are all the local port. */
async function startProxy(port: number, onDial?: (host: string, port: number) => void): Promise<string> {
  const proxy = await openProxy(port, onDial);
  const onRequest = (incoming: IncomingMessage, response: ServerResponse) => void proxy.forward(incoming, response);
  const server = createHttpServer(onRequest).on('checkContinue', onRequest);
  server.on('connect', proxy.connect);
  return `http://127.0.0.1:${await portOf(server)}`;
}

async function openProxy(
  port: number,
  onDial: (host: string, port: number) => void = () => undefined,
): Promise<AwsProxy> {
  const proxy = createAwsProxy({
    services: [],
    onError: () => undefined,
    authority: await openAuthority(makeFolder()),
    dial: (host, asked) => {
      onDial(host, asked);
      return connect(port, '127.0.0.1');
    },
  });
  onTestFinished(() => proxy.close());
  return proxy;
}

async function portOf(server: ReturnType<typeof createServer> | Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function sendWhole(proxy: string, path: string, headers: Record<string, string>, body: string, method = 'POST') {
  const { hostname, port } = new URL(proxy);
  return new Promise<{ status: number | undefined; seen: string; body: string }>((resolve, reject) => {
    const call = httpRequest({ host: hostname, port, path, method, headers, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += String(chunk);
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode, seen: String(answer.headers['x-seen']), body: text }),
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}
