import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServerClient } from '../src/endpoint/invocation.js';

async function clientOf(server: Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = createServerClient(typeof address === 'object' && address ? address.port : 0);
  onTestFinished(() => {
    client.close();
    server.close();
  });
  return client;
}

function httpClient(listener: RequestListener) {
  return clientOf(createServer(listener));
}

describe('a call of the server', () => {
  it('is retried if the server closed the kept-alive connection', async () => {
    const perConnection: number[] = [];
    const client = await clientOf(
      createTcpServer((socket: Socket) => {
        const connection = perConnection.push(0) - 1;
        socket.on('error', () => undefined);
        socket.on('data', () => {
          perConnection[connection]!++;
          if (perConnection[connection]! > 1) socket.resetAndDestroy();
          else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        });
      }),
    );
    const call = () =>
      client.call({ method: 'POST', path: '/invocations', body: Buffer.from('1'), timeoutMs: 600_000 });

    const answers = [await call(), await call()];

    expect(answers.map((answer) => answer.body.toString())).toEqual(['ok', 'ok']);
    expect(perConnection).toEqual([2, 1]);
  });

  it('has the Host header of the platform, and the length of its body', async () => {
    const client = await httpClient((request, response) => {
      response.end(
        `${request.headers.host} ${request.headers['content-length']} ${request.headers['transfer-encoding']}`,
      );
    });
    const post = { method: 'POST', path: '/invocations', timeoutMs: 600_000 } as const;

    const whole = await client.call({ ...post, body: Buffer.from('123') });
    const chunked = await client.call({ ...post, body: () => Readable.from([Buffer.from('123')]) });

    expect(whole.body.toString()).toBe('model.aws.local:8080 3 undefined');
    expect(chunked.body.toString()).toBe('model.aws.local:8080 undefined chunked');
  });

  it('gives an answer as it comes to whoever takes it, also before all of the request is sent', async () => {
    const client = await httpClient((request, response) => void request.pipe(response.writeHead(200)));
    const first = Promise.withResolvers<void>();
    async function* chunks() {
      yield Buffer.from('one ');
      await first.promise; // without it the second never comes
      yield Buffer.from('two');
    }
    const taken: string[] = [];
    const take = async (body: AsyncIterable<Buffer>) => {
      for await (const bytes of body) {
        taken.push(bytes.toString());
        first.resolve();
      }
    };

    const body = () => Readable.from(chunks());
    const answer = await client.call({ method: 'POST', path: '/invocations', body, take, timeoutMs: 600_000 });

    expect(taken).toEqual(['one ', 'two']);
    expect(answer).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  });

  it('fails with the error of whoever takes an answer', async () => {
    const client = await httpClient((_request, response) => void response.end('text'));
    const take = () => Promise.reject(new Error('no space left'));

    const call = client.call({
      method: 'POST',
      path: '/invocations',
      body: Buffer.from('1'),
      take,
      timeoutMs: 600_000,
    });

    await expect(call).rejects.toThrow('no space left');
  });

  it('returns the answer of a server that refuses a body before reading it', async () => {
    const client = await httpClient((_request, response) => {
      response.writeHead(413, { Connection: 'close' }).end('too large');
    });
    const body = () => Readable.from(endless());

    const answer = await client.call({ method: 'POST', path: '/invocations', body, timeoutMs: 600_000 });

    expect([answer.status, answer.body.toString()]).toEqual([413, 'too large']);
  });

  it('ends with a TimeoutError even if the answer has begun', async () => {
    const client = await httpClient((_request, response) => {
      response.writeHead(200).write('begun');
    });

    const call = client.call({ method: 'GET', path: '/ping', timeoutMs: 50 });

    await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

function* endless(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(65_536);
}
