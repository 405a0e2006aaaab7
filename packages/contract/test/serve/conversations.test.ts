/** Conversations over a WebSocket, as the platform opens them, with a worker in this process. */
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import type { ConversationDefinition, ConversationRequest } from '../../src/conversation/definition.js';
import type { Message } from '../../src/conversation/wire-message.js';
import { AlgorithmError, ClientError } from '../../src/errors.js';
import { createTalks } from '../../src/serve/conversation/talks.js';
import { webSocket } from '../../src/web-socket.js';
import { openCaller } from './caller.js';
import { endServers, openWire, type RunningServer, startServer, untilReady } from './running-server.js';

afterEach(endServers);

type Converse = NonNullable<Algorithm['converse']>;

async function start(
  converse: Converse,
  definition: Partial<ConversationDefinition> = {},
  options: Parameters<typeof startServer>[0] = {},
): Promise<RunningServer> {
  const conversation = { description: 'Texts.', protocol: webSocket, ...definition };
  const server = await startServer({ algorithm: { conversation, converse }, ...options });
  await untilReady(server);
  return server;
}

/** Says each message again. */
async function* echo(_model: unknown, messages: AsyncIterable<Message>) {
  for await (const message of messages) yield message;
}

function untilLogged({ lines }: RunningServer, pattern: RegExp): Promise<void> {
  return expect.poll(() => lines.join('\n')).toMatch(pattern);
}

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

  it('that yields what is no message is an error of the algorithm', async () => {
    const server = await start(async function* () {
      yield { part: 'text', isLast: false };
      yield { part: Buffer.of(1), isLast: true };
    });
    const caller = await openCaller(server.url);

    expect((await caller.closed).code).toBe(1011);
    expect(server.lines.join('\n')).toContain("what it yields must be text, as the message's first part");
  });

  it('ends with its caller, whether that closes or is gone', async () => {
    const requests: ConversationRequest[] = [];
    const ended: string[] = [];
    const server = await start(async function* (_model, messages, request) {
      requests.push(request);
      try {
        for await (const message of messages) yield message;
      } finally {
        ended.push(`aborted=${request.signal.aborted}`);
      }
    });
    const [closing, leaving] = [await openCaller(server.url), await openCaller(server.url)];
    for (const { socket, next } of [closing, leaving]) {
      socket.send('hello');
      await next();
    }

    closing.socket.close(1000);
    leaving.socket.terminate();

    await expect.poll(() => ended).toEqual(['aborted=true', 'aborted=true']);
    expect(await closing.closed).toMatchObject({ code: 1000 });
    await untilLogged(server, /close=1006/);
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

  it('that takes longer than its time is closed with 1008, aborted', async () => {
    const ended = Promise.withResolvers<boolean>();
    const server = await start(
      async function* (_model, messages, { signal }) {
        for await (const message of messages) yield message;
        ended.resolve(signal.aborted);
      },
      {},
      { timeouts: { conversationMs: 50 } },
    );
    const caller = await openCaller(server.url);

    expect(await caller.closed).toEqual({ code: 1008, reason: 'A conversation may take 0.05 s in all.' });
    expect(await ended.promise).toBe(true);
  });

  it('is ended when the container is stopped, after what the algorithm still has to say', async () => {
    const heard = Promise.withResolvers<void>();
    const server = await start(async function* (_model, messages) {
      let count = 0;
      for await (const _ of messages) {
        count++;
        heard.resolve();
      }
      yield `${count} messages`;
    });
    const caller = await openCaller(server.url);
    caller.socket.send('one');
    await heard.promise;
    server.stop();

    expect(await caller.next()).toBe('1 messages');
    expect(await caller.closed).toEqual({ code: 1001, reason: 'The container is being stopped.' });
    expect(await server.exitCode).toBe(0);
  });

  it('that does not end is cut when the time of the stop is over', async () => {
    const server = await start(
      async function* () {
        yield 'hello';
        await new Promise(() => {});
      },
      {},
      { timeouts: { drainMs: 20 } },
    );
    const caller = await openCaller(server.url);
    await caller.next();
    server.stop();

    expect((await caller.closed).code).toBe(1006);
    expect(await server.exitCode).toBe(0);
    expect(server.lines.join('\n')).toContain('stopped with 1 requests unanswered');
  });
});

it('a conversation that begins just after its worker has ended closes with 1011', async () => {
  const talks = createTalks(() => {});
  talks.lose();
  const incoming = { next: () => new Promise<never>(() => {}), return: async () => {} };

  const messages = talks.begin(incoming, { head: { query: '' }, deadline: Date.now(), onMetered: () => {} });

  await expect(messages.next()).rejects.toMatchObject({ close: { code: 1011 } });
  expect(talks.openCount).toBe(0);
});

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
  ])('with %s is refused, and the server answers others', async (_name, headers, status) => {
    const { url, port } = await start(echo);
    const wire = openWire(port);
    wire.send(handshake(headers));

    expect(await wire.closed()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await fetch(`${url}/ping`)).status).toBe(200);
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

// --- internal ---

/** The head of an opening handshake, RFC 6455, 4.1. */
function handshake(changes: Readonly<Record<string, string>> = {}): string {
  const headers = {
    ...{ Host: 'x', Connection: 'Upgrade', Upgrade: 'websocket' },
    ...{ 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' },
    ...changes,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET /invocations-bidirectional-stream HTTP/1.1\r\n${lines.join('')}\r\n`;
}
