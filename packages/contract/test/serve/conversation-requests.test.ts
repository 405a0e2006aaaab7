/** Requests for a conversation, before it begins. */
import { afterEach, describe, expect, it } from 'vitest';
import { webSocket } from '../../src/web-socket.js';
import { openCaller } from './caller.js';
import { echo, handshake, start, untilLogged } from './conversing.js';
import { endServers, openWire, post, startServer, untilReady } from './running-server.js';

afterEach(endServers);

describe('a request for a conversation', () => {
  it('of an algorithm without conversations is refused by name', async () => {
    const server = await startServer();
    await untilReady(server);
    const wire = openWire(server.port);
    wire.send(handshake());

    const answer = await wire.until('Use /invocations');

    expect(answer).toMatch(/^HTTP\/1.1 404 /);
    wire.socket.destroy();
  });

  it('without an upgrade gets 426, with one to another protocol too', async () => {
    const { url, port } = await start(echo);
    const plain = await fetch(`${url}/invocations-bidirectional-stream`);
    const wire = openWire(port);
    wire.send(handshake({ Upgrade: 'h2c' }));

    expect(plain.status).toBe(426);
    expect(plain.headers.get('upgrade')).toBe('websocket');
    expect(await wire.until('must be opened as a WebSocket')).toMatch(/^HTTP\/1.1 426 /);
    wire.socket.destroy();
  });

  it.each([
    ['a version that there is not', { 'Sec-WebSocket-Version': '12' }, 400],
    ['no key', { 'Sec-WebSocket-Key': '' }, 400],
    ['two hosts', { 'X-A': '1\r\nHost: other' }, 400],
    ['a body', { 'Content-Length': '2' }, 400],
    ['a body in chunks', { 'Transfer-Encoding': 'chunked' }, 400],
  ])('with %s is refused, and the server answers others', async (_name, headers, status) => {
    const { url, port } = await start(echo);
    const wire = openWire(port);
    wire.send(handshake(headers));

    expect(await wire.closed()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await fetch(`${url}/ping`)).status).toBe(200);
  });

  it.each([
    [
      { 'Sec-WebSocket-Key': 'short' },
      'The request must open a WebSocket (RFC 6455): Missing or invalid Sec-WebSocket-Key header.',
    ],
    [{ 'Content-Length': '2' }, '/invocations-bidirectional-stream must be opened without a body; there is one.'],
  ])('with %o has its reason in the answer, as other errors have', async (headers, message) => {
    const { port } = await start(echo);
    const wire = openWire(port);
    wire.send(handshake(headers));

    const [head = '', body = ''] = (await wire.closed()).split('\r\n\r\n');

    expect(head).toContain('Content-Type: application/json');
    expect(JSON.parse(body).error).toEqual({ code: 'E_REQUEST_BODY', message });
  });

  it('behind a request that is not answered yet is answered after that, and none', async () => {
    const release = Promise.withResolvers<void>();
    const conversation = { description: 'Texts.', protocol: webSocket };
    const server = await startServer({
      algorithm: {
        conversation,
        converse: echo,
        async predict(_, { rows, features }) {
          if (features[0] === 9) await release.promise;
          return { score: new Float64Array(rows).fill(features[0]!) };
        },
      },
    });
    await untilReady(server);
    const wire = openWire(server.port);

    wire.send(post('9,0,0') + handshake());
    await untilLogged(server, /bidirectional-stream 426/);
    release.resolve();
    const received = await wire.until(' 426 ');
    wire.socket.destroy();

    expect(received.match(/HTTP\/1\.1 \d+|"score":\d/g)).toEqual(['HTTP/1.1 200', '"score":9', 'HTTP/1.1 426']);
  });

  it('before the model is loaded gets 503', async () => {
    const loaded = Promise.withResolvers<number>();
    const algorithm = { converse: echo, conversation: { description: 'Texts.', protocol: webSocket } };
    const server = await startServer({ algorithm: { ...algorithm, load: () => loaded.promise } });
    const wire = openWire(server.port);
    wire.send(handshake());

    expect(await wire.closed()).toMatch(/^HTTP\/1.1 503 [\s\S]*E_NOT_READY/);
    loaded.resolve(1);
    await untilReady(server);
  });

  it('that would not fit in memory gets 503, and is taken when there is room', async () => {
    const server = await start(echo, { maxMessageBytes: 25 * 1024 ** 2 }, { memoryBytes: 128 * 1024 ** 2 });
    const first = await openCaller(server.url);

    await expect(openCaller(server.url)).rejects.toThrow('503');

    first.socket.close();
    await untilLogged(server, /101 .* close=1005/);
    const second = await openCaller(server.url);
    second.socket.send('hello');
    expect(await second.next()).toBe('hello');
  });

  it('with an upgrade to another path is answered as one without', async () => {
    const { port } = await start(echo);
    const wire = openWire(port);
    wire.send('GET /ping HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');

    expect(await wire.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
    wire.socket.destroy();
  });
});
