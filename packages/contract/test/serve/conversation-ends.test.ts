/** How a conversation over a WebSocket ends. */
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ConversationRequest } from '../../src/conversation/definition.js';
import { createTalks } from '../../src/serve/conversation/talks.js';
import { openCaller } from './caller.js';
import { start, untilLogged } from './conversing.js';
import { endServers } from './running-server.js';

afterEach(endServers);

describe('a conversation', () => {
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
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const caller = await openCaller(server.url);
    caller.socket.send('hello');
    await caller.next();

    vi.advanceTimersByTime(50);

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
