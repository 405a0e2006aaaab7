/** How long a connection is open whose requests are answered from its bytes. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDirectConnections } from '../../src/serve/direct/connections.js';
import { SERVER_TIMEOUTS } from '../../src/serve/server-timeouts.js';
import { directly, endDirect, openAt, PLAIN, start, WITH } from './direct-server.js';
import { openWire } from './running-server.js';

afterEach(endDirect);

/** One connection to what answers directly, as a door has it. @returns besides, when the first request was, by its report */
async function openDirectly({
  body,
  ready,
  onEmpty,
  keepAliveMs = SERVER_TIMEOUTS.keepAliveMs,
}: {
  readonly body: Buffer;
  readonly keepAliveMs?: number;
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
    limits: { ...SERVER_TIMEOUTS, keepAliveMs },
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

describe('a connection whose requests are answered directly', () => {
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

  it('is closed behind the answers that its caller reads slowly when the server ends', async () => {
    const body = Buffer.alloc(32 * 1024 * 1024, 'x');
    const { connections, wire, reported } = await openDirectly({ body, keepAliveMs: Number.POSITIVE_INFINITY });
    wire.socket.pause();
    wire.send(WITH('Connection: keep-alive'));
    await reported;

    connections.drain();
    wire.socket.resume();

    expect((await wire.closed()).length).toBeGreaterThan(body.length);
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
