import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { requestsPerSecond } from '../src/load.js';

async function listen(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('requestsPerSecond', () => {
  it.each([
    ['keeps', 'keep-alive'],
    ['closes', 'close'],
  ])('counts the answers of a server that %s its connections', async (_, connection) => {
    const bodies: string[] = [];
    let sockets = 0;
    const { server, port } = await listen(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      bodies.push(`${request.method} ${request.url} ${request.headers['x-name']} ${body}`);
      response.writeHead(200, { 'Content-Length': 6, Connection: connection }).write('one');
      response.end('two');
    });
    server.on('connection', () => sockets++);
    const post = (body: string) => ({ method: 'POST', path: '/', headers: { 'X-Name': 'a' }, body }) as const;

    const rate = await requestsPerSecond({ port, questions: [post('1'), post('2')], connections: 2, seconds: 0.3 });

    expect(bodies.slice(0, 2).sort()).toEqual(['POST / a 1', 'POST / a 2']);
    expect(rate).toBeGreaterThan(0);
    expect(rate).toBeLessThanOrEqual(bodies.length / 0.3); // it measures for these seconds or longer
    expect(sockets).toBe(connection === 'close' ? bodies.length : 2);
  });

  it('rejects an answer that is not 200 with its text', async () => {
    const { port } = await listen((_, response) => response.writeHead(400, { 'Content-Length': 3 }).end('bad'));

    const load = requestsPerSecond({ port, questions: [{ path: '/' }], connections: 1, seconds: 1 });

    await expect(load).rejects.toThrow(/must be 200; received HTTP\/1.1 400 Bad Request[\s\S]*bad/);
  });

  it('rejects an answer without a Content-Length, which it cannot read to its end', async () => {
    const { port } = await listen((_, response) => {
      response.writeHead(200, { 'Transfer-Encoding': 'chunked' });
      response.end('one');
    });

    const load = requestsPerSecond({ port, questions: [{ path: '/' }], connections: 1, seconds: 1 });

    await expect(load).rejects.toThrow('The answer must have a Content-Length');
  });
});
