/** Conversations over a WebSocket, as the platform opens them, with a worker in this process. */
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { AlgorithmError, ClientError } from '../../src/errors.js';
import { openCaller } from './caller.js';
import { echo, handshake, start, untilLogged } from './conversing.js';
import { endServers, openWire, type RunningServer } from './running-server.js';

afterEach(endServers);

/** Until a count stays the same while the server answers pings, which it does between all that it has to do. */
async function untilHeld({ url }: RunningServer, count: () => number): Promise<void> {
  for (let before = -1, same = 0; same < 20; ) {
    await (await fetch(`${url}/ping`)).arrayBuffer();
    same = count() === before ? same + 1 : 0;
    before = count();
  }
}

describe('a conversation', () => {
  it('has texts and bytes both ways, whole however they are cut', async () => {
    const server = await start(echo);
    const caller = await openCaller(server.url);

    caller.socket.send('grüße');
    caller.socket.send(Buffer.of(1, 2, 3));
    caller.socket.send('in ', { fin: false });
    caller.socket.send('two ', { fin: false });
    caller.socket.send('frames', { fin: true });
    caller.socket.send('');

    expect([await caller.next(), await caller.next(), await caller.next(), await caller.next()]).toEqual([
      ...['grüße', '010203'],
      ...['in two frames', ''],
    ]);
    caller.socket.close(1000);
    await untilLogged(server, /GET \/invocations-bidirectional-stream 101 ms=[\d.]+ received=4 sent=4 close=1000/);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/route="\/invocations-bidirectional-stream",status="101"\} 1/);
  });

  it('ends normally when the algorithm has said all, and says the query of its caller', async () => {
    const server = await start(async function* (_model, _messages, { query }) {
      yield `for ${query.get('language')}`;
    });
    const caller = await openCaller(server.url, '/invocations-bidirectional-stream?language=de%20CH');

    expect(await caller.next()).toBe('for de CH');
    expect(await caller.closed).toEqual({ code: 1000, reason: '' });
  });

  it('has messages whose parts are sent as they are made', async () => {
    const rest = Promise.withResolvers<void>();
    const server = await start(async function* () {
      yield { part: 'one ', isLast: false };
      await rest.promise;
      yield { part: 'message', isLast: true };
    });
    const wire = openWire(server.port);
    wire.send(handshake());

    const first = await wire.until('one ');
    rest.resolve();
    const second = await wire.until('message');

    expect(first).toContain('\x01\x04one '); // RFC 6455, 5.2: FIN 0, opcode 1 (text)
    expect(second).toContain('\x80\x07message'); // FIN 1, opcode 0 (continuation)
    wire.socket.destroy();
  });

  it.each([
    [new ClientError('E_REQUEST_BODY', 'message: expected JSON.'), 1008, 'message: expected JSON.'],
    [new AlgorithmError('E_ALGORITHM', 'the secret of the algorithm'), 1011, 'its log has the details'],
  ])('that fails by %s closes with %i', async (error, code, reason) => {
    const server = await start(async function* (_model, messages) {
      for await (const message of messages) {
        if (message === 'fail') throw error;
        yield message;
      }
    });
    const caller = await openCaller(server.url);
    caller.socket.send('before');
    caller.socket.send('fail');

    expect(await caller.next()).toBe('before');
    const close = await caller.closed;

    expect(close.code).toBe(code);
    expect(close.reason).toContain(reason);
    expect(server.lines.join('\n').includes('bidirectional-stream: AlgorithmError: the secret')).toBe(code === 1011);
  });

  it('that makes messages faster than its caller reads is held up', async () => {
    let made = 0;
    const server = await start(async function* () {
      for (; made < 600; made++) yield Buffer.alloc(64 * 1024);
    });
    const caller = await openCaller(server.url);
    await caller.next();
    caller.socket.pause();

    await untilHeld(server, () => made);

    expect(made).toBeLessThan(500); // of 39 MB: what the system's buffers and the windows take
    caller.socket.resume();
    await expect.poll(() => made).toBe(600);
    expect((await caller.closed).code).toBe(1000);
  });

  it('whose algorithm takes no messages holds its caller up, and one that wants no more of them drops them', async () => {
    const go = Promise.withResolvers<void>();
    let taken = 0;
    const server = await start(async function* (_model, messages) {
      await go.promise;
      for await (const _ of messages) if (++taken === 10) break;
      yield 'enough';
      await new Promise(setImmediate);
      yield 'bye';
    });
    const caller = await openCaller(server.url);
    const message = Buffer.alloc(256 * 1024);
    let sent = 0;
    const sendAll = async () => {
      for (; sent < 200; sent++) await new Promise<void>((resolve) => caller.socket.send(message, () => resolve()));
    };
    const sending = sendAll();

    await untilHeld(server, () => sent);
    const heldAt = sent;
    go.resolve();
    await sending;

    expect(heldAt).toBeLessThan(200);
    expect([await caller.next(), await caller.next()]).toEqual(['enough', 'bye']);
    expect((await caller.closed).code).toBe(1000);
    expect(taken).toBe(10);
  });

  it.each([
    ['a message over the limit', 1009, (socket: { send(data: unknown): void }) => socket.send(Buffer.alloc(101))],
    [
      'fragments that are over the limit together',
      1009,
      (socket: { send(data: unknown, options?: object): void }) => {
        socket.send(Buffer.alloc(60), { fin: false });
        socket.send(Buffer.alloc(60), { fin: true });
      },
    ],
    [
      'a text that is not UTF-8',
      1007,
      (socket: { send(data: unknown, options: object): void }) => socket.send(Buffer.of(0xff), { binary: false }),
    ],
  ])('with %s is closed with %i', async (_name, code, send) => {
    const server = await start(echo, { maxMessageBytes: 100 });
    const caller = await openCaller(server.url);
    send(caller.socket as never);

    expect((await caller.closed).code).toBe(code);
    await untilLogged(server, new RegExp(`close=${code}`));
  });

  it('answers pings while the algorithm is at work, and /ping is answered, too', async () => {
    const go = Promise.withResolvers<void>();
    const server = await start(async function* (_model, _messages, { signal }) {
      await go.promise;
      yield String(signal.aborted);
    });
    const caller = await openCaller(server.url);
    caller.socket.ping('are you there');
    const [pong] = (await once(caller.socket, 'pong')) as [Buffer];

    expect(pong.toString()).toBe('are you there');
    expect((await fetch(`${server.url}/ping`)).status).toBe(200);
    go.resolve();
    expect(await caller.next()).toBe('false');
  });
});
