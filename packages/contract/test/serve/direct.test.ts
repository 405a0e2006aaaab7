/** Requests that are answered from the bytes of the socket, compared with a server that leaves everything to Node’s own parser. */
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { directly, endDirect, exchange, openAt, PLAIN, start, WITH } from './direct-server.js';
import { openWire, post } from './running-server.js';

afterEach(endDirect);

const REQUESTS = [
  PLAIN,
  PLAIN + PLAIN,
  'GET /ping HTTP/1.1\r\nHost: x\r\n\r\n',
  `GET /ping HTTP/1.1\r\nHost: x\r\n\r\n${PLAIN}`,
  'HEAD /ping HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /ping HTTP/1.0\r\n\r\n',
  'GET /ping HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc',
  'GET /ping?a=b HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n',
  post('error'),
  post(''),
  post('x'.repeat(9_999)),
  post('x'.repeat(10_001)),
  WITH('content-TYPE2:\t a b \t'),
  WITH('Connection: close'),
  WITH('Connection: close') + PLAIN,
  WITH('Connection: Keep-Alive'),
  WITH('Connection: upgrade'),
  WITH('Proxy-Connection: close') + PLAIN,
  WITH('Accept:'),
  WITH('Accept: a\r\nAccept: b'),
  WITH('Content-Type: text/plain'),
  WITH('Content-Length: 5'),
  WITH('Content-Length: 4'),
  WITH('Transfer-Encoding: chunked'),
  WITH('Content-Encoding: gzip'),
  WITH('Expect: 100-continue'),
  WITH('Expect: a-miracle'),
  WITH('X-Folded: a\r\n b'),
  WITH('X-Space : a'),
  WITH(': a'),
  WITH('no colon'),
  WITH('X-Text: \xe9'),
  WITH('X-Zero: a\0b'),
  WITH('X-Return: a\rb'),
  WITH('X-Feed: a\nb'),
  WITH(`X-Long: ${'x'.repeat(5_000)}`),
  WITH('Host: y'),
  WITH('X-Amzn-SageMaker-Custom-Attributes: a'),
  WITH('X-Amzn-SageMaker-Session-Id: a'),
  PLAIN.replace('Host: x\r\n', ''),
  PLAIN.replace('Length: 5', 'Length: +5'),
  PLAIN.replace('Length: 5', 'Length: 005'),
  PLAIN.replace('Length: 5', 'Length: 5, 5'),
  PLAIN.replace('Length: 5', 'Length: '),
  PLAIN.replace('Length: 5', 'Length: 9'),
  PLAIN.replace('Content-Length: 5', 'X: y'),
  PLAIN.replaceAll('\r\n', '\n'),
  PLAIN.replace('POST', 'post'),
  PLAIN.replace(' HTTP', '  HTTP'),
  `\r\n${PLAIN}`,
  'POST /invocations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n1,2,3\r\n0\r\n\r\n',
];

describe('a connection whose requests are answered directly', () => {
  it.each(REQUESTS)('gets the answers of Node’s own server to %j', async (text) => {
    const answers = await Promise.all([start(directly), start()].map(async (server) => exchange(await server, text)));

    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).toMatch(/^HTTP\/1\.1 \d/);
  });

  it('gets the answers of Node’s own server to requests with anything changed', async () => {
    const [direct, own] = [await start(directly), await start()];
    const put = ['', '\r', '\n', '\r\n', ' ', ':', '\t', '0', '5', ',', '\0', 'x', PLAIN];
    const changed = fc
      .tuple(fc.constantFrom(...REQUESTS), fc.nat(400), fc.constantFrom(...put), fc.nat(2))
      .map(([text, at, inserted, removed]) => text.slice(0, at) + inserted + text.slice(at + removed));

    await fc.assert(
      fc.asyncProperty(changed, async (text) => {
        const answers = await Promise.all([direct, own].map((server) => exchange(server, text)));
        // Whether what follows a request is refused, too, depends on whether that one is answered by then.
        const [first, second] = answers.map((answer) =>
          answer.replace(/(?<=.)HTTP\/1\.1 400 Bad Request\r\nConn.*$/s, ''),
        );
        expect(first).toBe(second);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it.each([
    ['two pieces, as many clients send it', 2, 'direct'],
    ['many pieces, by Node’s own parser', 40, 'other'],
  ])('is answered from a body in %s', async (_, count, answered) => {
    const server = await start(({ body }) => ({ status: 200, headers: {}, body: Buffer.from(`direct ${body}`) }));
    const body = 'b'.repeat(count);
    const wire = openWire(server.port);

    wire.send(post(body).slice(0, -count));
    for (const piece of body) {
      await new Promise((resolve) => setTimeout(resolve));
      wire.send(piece);
    }

    expect(await wire.until('b'.repeat(count))).toContain(answered === 'direct' ? 'direct' : `<${body}>`);
    wire.socket.destroy();
  });

  it('gets answers that take time in the order of its requests', async () => {
    const gate = Promise.withResolvers<void>();
    const server = await start((request) =>
      request.body[0] === 'w'.charCodeAt(0) ? gate.promise.then(() => directly(request)) : directly(request),
    );
    const wire = openWire(server.port);

    wire.send(post('wait') + post('next'));
    await new Promise(setImmediate);
    wire.send(post('last'));
    gate.resolve();

    expect((await wire.until('<last>')).match(/<\w+>/g)).toEqual(['<wait>', '<next>', '<last>']);
    wire.socket.destroy();
  });

  it('is handed on, all requests in order, when one needs a worker', async () => {
    const server = await start((request) => (request.body[0] === 'w'.charCodeAt(0) ? undefined : directly(request)));
    const wire = openWire(server.port);

    wire.send(post('1') + post('work') + post('2'));

    expect((await wire.until('<2>')).match(/<\w+>/g)).toEqual(['<1>', '<work>', '<2>']);
    wire.socket.destroy();
  });

  it.each([
    ['the request that waits for it', post('wait') + post('next'), ['<wait>', '<next>']],
    ['one behind it, of which a part is missing', post('next') + post('wait').slice(0, -1), ['<next>']],
  ])('is handed on after its caller has ended its half: %s', async (_, text, expected) => {
    const gate = Promise.withResolvers<void>();
    const server = await start(() => gate.promise.then(() => undefined));
    server.server.listening.once('connection', (socket: Socket) => socket.once('end', gate.resolve));
    const wire = openWire(server.port);

    wire.socket.end(text);
    const received = await wire.closed();

    expect(received.match(/<\w+>/g)).toEqual(expected);
  });

  it('that another process has accepted may end in any way behind a request for a tunnel', async () => {
    const server = await start(directly);
    const accepted = Promise.withResolvers<Socket>();
    const wire = await openAt(accepted.resolve);
    const socket = await accepted.promise;
    server.server.handIn(socket, Buffer.from('CONNECT host:443 HTTP/1.1\r\nHost: host:443\r\n\r\n'));
    await wire.until('405 Method Not Allowed');

    wire.socket.resetAndDestroy();
    await new Promise((resolve) => socket.once('close', resolve));

    expect(socket.errored).toMatchObject({ code: 'ECONNRESET' });
  });
});
