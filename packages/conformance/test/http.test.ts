/** Calls to servers that do not speak HTTP as they should: each ends, with an answer or with Broken. */
import { createServer, type Server, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readChunked, sendForStream } from '../src/lab/chunked-answer.js';
import { exchange } from '../src/lab/http.js';
import { openConnection } from '../src/lab/raw-connection.js';
import { Broken, NotTried } from '../src/verdict.js';

const EMPTY = 'Content-Length: 0\r\n\r\n';

/** The port of a server that does this when the first bytes of a connection have come. */
async function serve(answer: (socket: Socket, first: Buffer) => void): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (first: Buffer) => answer(socket, first));
  });
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await promisify(server.close.bind(server))();
  });
  await listen(server);
  return portOf(server);
}

const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  return address.port;
}

describe('a call', () => {
  it('whose answer is not kept takes one of more than 100 MB, and has its start', async () => {
    const bytes = 101 * 2 ** 20;
    const port = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`);
      socket.write(Buffer.alloc(bytes, '1\n'));
    });

    const answer = await exchange(port, { path: '/invocations', isBodyDropped: true });

    expect(answer.status).toBe(200);
    expect(answer.body.subarray(0, 4).toString()).toBe('1\n1\n');
    expect(answer.body.length).toBeLessThan(2 ** 20);
  });

  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['closes the connection', (socket) => socket.end(), /no answer \(socket hang up\)/],
    ['resets the connection', (socket) => socket.resetAndDestroy(), /no answer \(read ECONNRESET\)/],
    ['sends bytes that are no HTTP', (socket) => socket.end(Buffer.from([0, 255, 13, 10])), /Parse Error/],
    [
      'upgrades, which nobody asked for',
      (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      /no answer \(the connection was closed\)/,
    ],
    [
      'breaks off in the body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
      /no answer \(aborted\)/,
    ],
    [
      'sends a chunk without a size',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
      /no answer/,
    ],
    ['sends a body without end', sendWithoutEnd, /the answer has more than 100 MB/],
  ])('is broken by a server that %s', async (_, answer, message) => {
    const port = await serve(answer);

    const called = exchange(port, { method: 'POST', path: '/invocations', body: Buffer.from('1\n') });

    await expect(called).rejects.toThrow(Broken);
    await expect(called).rejects.toThrow(message);
  });

  it('has the first answer of a server that sends several', async () => {
    const port = await serve((socket) => socket.write(`HTTP/1.1 204 A\r\n\r\nHTTP/1.1 500 B\r\n${EMPTY}`));

    expect((await exchange(port, { path: '/ping' })).status).toBe(204);
  });

  it('sends a body in pieces, each when it is to come', async () => {
    let received = '';
    const port = await serve((socket, first) => {
      const take = (bytes: Buffer) => {
        received += bytes;
        if (received.endsWith('\r\n\r\nabc')) socket.end(`HTTP/1.1 200 OK\r\n${EMPTY}`);
      };
      take(first);
      socket.on('data', take);
    });
    const seen: (string | undefined)[] = [];
    const between = async () => {
      await expect.poll(() => received).toMatch(new RegExp(`\r\n\r\n.{${seen.length + 1}}$`));
      seen.push(received.split('\r\n\r\n')[1]);
    };

    await exchange(port, { method: 'POST', path: '/', body: Buffer.from('abc'), pieces: { count: 3, between } });

    expect(seen).toEqual(['a', 'ab']);
  });
});

describe('a streamed answer', () => {
  const request = { name: 'it', body: Buffer.from('1'), contentType: 'text/csv' };
  const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n';

  it.each([
    ['in chunks has them apart', [`${HEAD}2;a=b\r\nab\r`, '\n1\r\nc\r\n0\r\n\r\n'], ['ab', 'c']],
    ['with a length has none', ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'], []],
  ])('%s', async (_, pieces, chunks) => {
    const port = await serve((socket) => {
      for (const piece of pieces) socket.write(piece);
    });

    const answer = await readChunked(await sendForStream(port, request));

    expect(answer.chunks.map(String)).toEqual(chunks);
  });

  it.each([
    ['breaks off', `${HEAD}5\r\nab`, /closed without an answer/],
    ['has a chunk without a size', `${HEAD}zz\r\n`, /a chunk of the answer has no size: "zz"/],
  ])('that %s is broken', async (_, text, message) => {
    const port = await serve((socket) => socket.end(text));

    const read = sendForStream(port, request).then(readChunked);

    await expect(read).rejects.toThrow(Broken);
    await expect(read).rejects.toThrow(message);
  });
});

it('a streamed answer that is too large to be kept is no fault', async () => {
  const read = sendForStream(await serve(sendWithoutEnd), {
    ...{ name: 'it', body: Buffer.from('1'), contentType: 'text/csv' },
  }).then(readChunked);

  await expect(read).rejects.toThrow(NotTried);
  await expect(read).rejects.toThrow('the answer has more than 4 MB; give a request with a shorter one');
});

describe('a connection', () => {
  it('is broken where nothing listens', async () => {
    const server = createServer();
    await listen(server);
    const port = portOf(server);
    await promisify(server.close.bind(server))();

    await expect(openConnection(port)).rejects.toThrow(/no connection \(.*ECONNREFUSED/);
  });

  it('is broken by a server that sends bytes without end, none of them an answer', async () => {
    const connection = await openConnection(await serve((socket) => pourOut(socket)));

    connection.write('GET / HTTP/1.1\r\n\r\n');

    await expect(connection.answer()).rejects.toThrow('the connection was closed without an answer');
  });
});

function sendWithoutEnd(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
  pourOut(socket, Buffer.from(`100000\r\n${'x'.repeat(0x100000)}\r\n`));
}

function pourOut(socket: Socket, bytes = Buffer.alloc(1024 * 1024)): void {
  const pour = () => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', pour);
  pour();
}
