/** Requests that are answered from the bytes of the socket, compared with a server that leaves everything to Node’s own parser. */

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { memoryLog } from '../../src/log.js';
import { createDirectConnections } from '../../src/serve/direct/connections.js';
import { createMemoryBudget } from '../../src/serve/memory-budget.js';
import { type Answer, errorAnswer } from '../../src/serve/message.js';
import { createRequestCounts } from '../../src/serve/metrics/request-counts.js';
import type { Service } from '../../src/serve/router.js';
import { createInferenceServer, type InferenceServer } from '../../src/serve/server.js';
import { SERVER_TIMEOUTS, type ServerTimeouts } from '../../src/serve/server-timeouts.js';
import { openWire, post, type Wire } from './running-server.js';

interface Running {
  readonly port: number;
  readonly server: InferenceServer;
  readonly lines: readonly string[];
}

const running: Running[] = [];
afterEach(async () => {
  for (const { server } of running.splice(0)) {
    server.close();
    await server.drain();
  }
});

/** @param invokeNow undefined: nothing is answered directly */
async function start(invokeNow?: Service['invokeNow'], timeouts?: Partial<ServerTimeouts>): Promise<Running> {
  const log = memoryLog();
  const server = createInferenceServer({
    service: {
      unavailable: () => undefined,
      isAlive: () => true,
      invoke: async (request) => echo(Buffer.concat(request.body as Uint8Array[]), request.contentType),
      ...(invokeNow && { invokeNow }),
      executionParameters: () => ({ MaxConcurrentTransforms: 1, BatchStrategy: 'MULTI_RECORD', MaxPayloadInMB: 1 }),
      metrics: () => '',
    },
    maxBodyBytes: 10_000,
    budget: createMemoryBudget(1024 * 1024),
    counts: createRequestCounts(),
    log,
    ...(timeouts && { timeouts }),
  });
  const one = { server, lines: log.lines, port: await server.listen(0, '127.0.0.1') };
  running.push(one);
  return one;
}

const directly: NonNullable<Service['invokeNow']> = ({ body, contentType }) => echo(body, contentType);

function echo(body: Uint8Array, contentType = 'none'): Answer {
  if (body[0] === 'e'.charCodeAt(0)) return errorAnswer(new RangeError('an error'));
  return {
    status: 200,
    headers: { 'Content-Type': contentType },
    body: Buffer.from(`<${Buffer.from(body)}>`),
    rows: 1,
  };
}

/** All that comes back for `text`, dates left out; the other side ends its half behind it. */
async function exchange({ port }: Running, text: string): Promise<string> {
  const wire = openWire(port);
  wire.socket.end(Buffer.from(text, 'latin1'));
  return (await wire.closed()).replaceAll(/Date: .*\r\n/g, '');
}

/** One connection to what answers directly, as a door has it. @returns besides, when the first request was, by its report */
async function openDirectly({
  body,
  ready,
  onEmpty,
}: {
  readonly body: Buffer;
  readonly ready?: Promise<void>;
  readonly onEmpty?: () => void;
}) {
  const answer = { status: 200, headers: {}, body };
  const reported = Promise.withResolvers<number>();
  const accepted = Promise.withResolvers<Socket>();
  const connections = createDirectConnections({
    service: {
      unavailable: () => undefined,
      isAlive: () => true,
      invokeNow: () => ready?.then(() => answer) ?? answer,
    },
    limits: SERVER_TIMEOUTS,
    maxBytes: 100,
    handOver: (socket) => void socket.destroy(),
    refuse: (socket) => void socket.destroy(),
    report: (_isPing, _headers, startedMs) => reported.resolve(startedMs),
    onUnread: () => {},
    ...(onEmpty && { onEmpty }),
  });
  const wire = await openAt((socket) => {
    connections.take(socket);
    accepted.resolve(socket);
  });
  return { connections, wire, socket: await accepted.promise, reported: reported.promise };
}

/** A connection of which `accept` gets the other end. */
async function openAt(accept: (socket: Socket) => void): Promise<Wire> {
  const door = createServer({ allowHalfOpen: true }, accept).listen(0, '127.0.0.1');
  onTestFinished(() => void door.close());
  await once(door, 'listening');
  return openWire((door.address() as AddressInfo).port);
}

const PLAIN = post('1,2,3');
const WITH = (header: string) => post('1,2,3', `${header}\r\n`);
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

  it('is open until its caller has taken the last answer', async () => {
    const body = Buffer.alloc(32 * 1024 * 1024, 'x');
    let isEmpty = false;
    const onEmpty = () => {
      isEmpty = true;
    };
    const { connections, wire, reported } = await openDirectly({ body, onEmpty });
    wire.socket.pause();
    wire.send(WITH('Connection: close'));
    await reported;

    connections.drain();
    const wasEmpty = isEmpty;
    wire.socket.resume();
    const received = await wire.closed();
    await expect.poll(() => isEmpty).toBe(true);

    expect(wasEmpty).toBe(false);
    expect(received.length).toBeGreaterThan(body.length);
  });

  it('has the whole time for reading, however long its answer has taken', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const gate = Promise.withResolvers<void>();
    const body = Buffer.alloc(32 * 1024 * 1024, 'x');
    const { wire, socket, reported } = await openDirectly({ body, ready: gate.promise });
    const isRead = once(socket, 'data');
    wire.socket.pause();
    wire.send(WITH('Connection: keep-alive'));
    await isRead;

    vi.advanceTimersByTime(SERVER_TIMEOUTS.unreadMs);
    gate.resolve();
    await reported;
    vi.advanceTimersByTime(SERVER_TIMEOUTS.unreadMs - 1);
    const wasCut = socket.destroyed;
    vi.advanceTimersByTime(SERVER_TIMEOUTS.checkMs);

    expect([wasCut, socket.destroyed]).toEqual([false, true]);
    wire.socket.destroy();
  });

  it('has its time from the head of a request on, where the body comes later', async () => {
    const { wire, socket, reported } = await openDirectly({ body: Buffer.from('answer') });
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
    onTestFinished(() => clock.mockRestore());
    const isRead = once(socket, 'data');
    wire.send(PLAIN.slice(0, -1));
    await isRead;
    clock.mockReturnValue(2000);

    wire.send(PLAIN.slice(-1));

    expect(await reported).toBe(1000);
    wire.socket.destroy();
  });

  it('is closed after it was idle for as long as connections are kept', async () => {
    const server = await start(directly, { keepAliveMs: 30, checkMs: 10 });
    const wire = openWire(server.port);

    wire.send(PLAIN);

    expect(await wire.closed()).toContain('<1,2,3>');
  });

  it.each([
    ['that never begins', ''],
    ['that stops in its body', PLAIN.slice(0, -1)],
  ])('with a request %s is timed out', async (_, text) => {
    const server = await start(directly, { headersMs: 20, requestMs: 30, checkMs: 10 });
    const wire = openWire(server.port);

    wire.send(text);

    expect(await wire.closed()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('is not read from while its caller takes no answers, and is cut when that takes too long', async () => {
    let calls = 0;
    const large = Buffer.alloc(100_000, 'x');
    const server = await start(
      () => {
        calls += 1;
        return { status: 200, headers: {}, body: large };
      },
      { unreadMs: 50, checkMs: 10 },
    );
    const wire = openWire(server.port);
    wire.socket.pause();

    wire.send(PLAIN.repeat(2_000));
    await expect.poll(() => server.lines.join('\n')).toContain('POST response aborted: the client read none of it');
    wire.socket.destroy();

    expect(calls).toBeLessThan(2_000);
  });

  it('that its caller leaves in the middle of a body is logged as aborted', async () => {
    const server = await start(directly);
    const wire = openWire(server.port);
    wire.send(PLAIN + PLAIN.slice(0, -1));
    await wire.until('<1,2,3>');

    wire.socket.resetAndDestroy();

    await expect.poll(() => server.lines.join('\n')).toContain('POST /invocations aborted');
  });

  it('has the last answer with the end of the server, and is closed when it is idle', async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const server = await start((request) => {
      begun.resolve();
      return gate.promise.then(() => directly(request));
    });
    const [idle, busy] = [openWire(server.port), openWire(server.port)];
    idle.send('GET /ping HTTP/1.1\r\nHost: x\r\n\r\n');
    await idle.until('200 OK');
    busy.send(PLAIN);
    await begun.promise;

    const drained = server.server.drain();
    await idle.closed();
    gate.resolve();

    expect(await busy.closed()).toMatch(/Connection: close\r\n\r\n<1,2,3>$/);
    await drained;
  });
});
