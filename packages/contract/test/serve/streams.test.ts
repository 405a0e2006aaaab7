/** Answers that `predict` gives part by part: to a caller on a socket, from this process or from a worker. */
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AlgorithmError, ClientError } from '../../src/errors.js';
import type { PredictRequest } from '../../src/prediction.js';
import { sendParts } from '../../src/serve/part-flow.js';
import { streamParts } from '../../src/serve/streamed-answer.js';
import { endServers, openWire, post, startReady } from './running-server.js';
import { ask, createStreaming, NOTES, notes } from './streaming.js';

afterEach(endServers);

describe('a streamed answer', () => {
  it.each([
    ['application/jsonlines', '{"score":1}\n{"score":2}\n{"score":3}\n'],
    ['text/csv', '1\n2\n3\n'],
    ['application/json', '{"predictions":[{"score":1},{"score":2},{"score":3}]}'],
    ['text/event-stream', 'data: {"score":1}\n\ndata: {"score":2}\n\ndata: {"score":3}\n\n'],
  ])('in %s is all parts one after another, chunked', async (type, text) => {
    const { predict } = createStreaming();
    const answer = await ask(await startReady({ algorithm: { predict } }), type);

    expect(answer.text).toBe(text);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('content-length')).toBeNull();
  });

  it('counts as the rows of its request, in the log and in the metrics', async () => {
    const { predict } = createStreaming();
    const server = await startReady({ algorithm: { predict } });

    await ask(server, 'text/csv');
    await expect.poll(() => server.lines.at(-1)).toMatch(/^POST \/invocations 200 ms=[\d.]+ rows=3$/);

    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^algo_rows_total 3$/m);
  });

  it('is on its way before the next part is made', async () => {
    const second = Promise.withResolvers<void>();
    const { predict } = createStreaming({ wait: async (part) => (part === 1 ? second.promise : undefined) });
    const { port } = await startReady({ algorithm: { predict } });
    const wire = openWire(port);
    wire.send(post('1,0,0\n2,0,0\n', 'Accept: application/jsonlines\r\n'));

    const before = await wire.until('{"score":1}');
    second.resolve();
    const after = await wire.until('\r\n0\r\n\r\n');

    expect(before).not.toContain('{"score":2}');
    expect(after).toContain('{"score":2}');
    wire.socket.destroy();
  });

  it('without any part is an empty one, in JSON an empty document', async () => {
    async function* predict() {}
    const running = await startReady({ algorithm: { predict } });

    expect(await ask(running, 'application/jsonlines')).toMatchObject({ status: 204, text: '' });
    expect(await ask(running, 'application/json')).toMatchObject({ status: 200, text: '{"predictions":[]}' });
  });

  it('in a batch transform keeps blank lines in their places', async () => {
    const { predict } = createStreaming();
    const running = await startReady({ algorithm: { predict }, variables: { SAGEMAKER_BATCH: 'true' } });
    const body = '\n1,0,0\n\n\n2,0,0\n3,0,0\n\n';

    expect((await ask(running, 'text/csv', body)).text).toBe('\n1\n\n\n2\n3\n\n');
    expect((await ask(running, 'application/json', body)).text).toBe(
      '{"predictions":[null,{"score":1},null,null,{"score":2},{"score":3},null]}\n',
    );
  });

  it('that fails before its first part is a normal error', async () => {
    let failure: Error | undefined; // the self-test succeeds
    const running = await startReady({
      algorithm: {
        async *predict() {
          if (failure) throw failure;
          yield { score: Float64Array.of(1) };
        },
      },
    });

    failure = new ClientError('E_REQUEST_BODY', 'request: expected other rows.');
    const refused = await ask(running, 'text/csv');
    failure = new AlgorithmError('E_ALGORITHM', 'the secret of the algorithm');
    const failed = await ask(running, 'text/csv');

    expect(refused).toMatchObject({ status: 400, text: expect.stringContaining('request: expected other rows.') });
    expect(failed.status).toBe(500);
    expect(failed.text).not.toContain('secret');
  });

  it('that fails after its first part ends the connection without the end of the body, and is logged', async () => {
    const { predict, events } = createStreaming({ failAt: 2 });
    const running = await startReady({ algorithm: { predict } });
    const wire = openWire(running.port);
    wire.send(post('1,0,0\n2,0,0\n3,0,0\n'));

    const received = await wire.closed();

    expect(received).toContain('"score":2');
    expect(received).not.toMatch(/0\r\n\r\n$/);
    expect(events.at(-1)).toBe('end');
    const log = running.lines.join('\n');
    expect(log).toContain('POST /invocations: the answer was cut in the middle: the secret of the algorithm');
    expect(log).toMatch(/POST \/invocations 200 ms=.* E_ALGORITHM/);
  });

  it('whose part breaks the definition is cut too', async () => {
    async function* predict() {
      yield { score: Float64Array.of(1) };
      yield { other: Float64Array.of(1) };
    }
    const running = await startReady({ algorithm: { predict } });
    const wire = openWire(running.port);
    wire.send(post('1,0,0\n'));

    await wire.closed();

    expect(running.lines.join('\n')).toContain('cut in the middle: predict: "other" is not a declared output');
  });
});

describe('a caller of a stream', () => {
  it.each([
    ['in columns', 'application/json', '"score":2'],
    ['in a media type of the algorithm’s own', NOTES, '2;'],
  ])('that goes away ends it, and its request is aborted: %s', async (_, accept, seen) => {
    const forever = Promise.withResolvers<void>();
    const { predict, events, requests } = createStreaming({
      wait: async (part) => (part === 2 ? forever.promise : undefined),
    });
    const running = await startReady({ algorithm: { predict, answers: { [NOTES]: notes } } });
    const wire = openWire(running.port);
    wire.send(post('1,0,0\n2,0,0\n3,0,0\n', `Accept: ${accept}\r\n`));
    await wire.until(seen);

    const { signal } = requests.at(-1)!;
    wire.socket.resetAndDestroy();
    await new Promise((resolve) => (signal.aborted ? resolve(0) : signal.addEventListener('abort', resolve)));
    forever.resolve();

    await expect.poll(() => events.at(-1)).toBe('end');
    await expect.poll(() => running.lines.join('\n')).toContain('POST /invocations aborted');
    expect(running.lines.join('\n')).not.toContain('malformed');
    expect(events).not.toContain('part 3');
  });

  it('that goes away while a part is made calls `return` of its iterator once', async () => {
    const made = Promise.withResolvers<IteratorResult<Buffer>>();
    let asked = 0;
    let returned = 0;
    const iterator = {
      next: () => (asked++ === 0 ? Promise.resolve({ value: Buffer.from('first'), done: false }) : made.promise),
      async return() {
        returned += 1;
        made.resolve({ value: Buffer.from('late'), done: false });
        return { value: undefined, done: true as const };
      },
    };
    const writer = { write: (part: unknown) => part as Buffer, end: () => Buffer.alloc(0) };
    const { rest } = await streamParts({ [Symbol.asyncIterator]: () => iterator }, writer, () => {});
    const sending = sendParts(rest!, () => {});
    await expect.poll(() => asked).toBe(2);

    sending.cancel();
    await sending.done;

    expect(returned).toBe(1);
  });

  it('that reads slowly holds up the stream', async () => {
    const { events, predict } = createStreaming();
    const wide = async function* (...given: Parameters<typeof predict>) {
      for await (const _part of predict(...given)) yield { score: new Float64Array(100_000).fill(1 / 3) };
    };
    const running = await startReady({ algorithm: { predict: wide } });
    const wire = openWire(running.port);
    wire.socket.pause();
    wire.send(post('1,0,0\n'.repeat(200)));
    await expect.poll(() => events.length).toBeGreaterThan(2);
    let seen = -1;
    while (seen !== events.length) {
      seen = events.length;
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    }

    expect(seen).toBeLessThan(20);
    wire.socket.destroy();
    await expect.poll(() => events.at(-1)).toBe('end');
  });

  it('that asks for a tunnel behind its request gets all of it', async () => {
    const { predict } = createStreaming();
    const wide = { description: 'Many letters.', encode: () => 'x'.repeat(1024 * 1024) };
    const { port } = await startReady({ algorithm: { predict, answers: { [NOTES]: wide } } });
    const wire = openWire(port);
    wire.send(
      `${post('1,0,0\n'.repeat(8), `Accept: ${NOTES}\r\n`)}CONNECT host:443 HTTP/1.1\r\nHost: host:443\r\n\r\n`,
    );

    expect((await wire.closed()).slice(-8)).toBe('x\r\n0\r\n\r\n');
  });

  it('that takes nothing for too long loses it', async () => {
    const { predict, events } = createStreaming();
    const wide = async function* (...given: Parameters<typeof predict>) {
      for await (const _part of predict(...given)) yield { score: new Float64Array(100_000).fill(1 / 3) };
    };
    const running = await startReady({ algorithm: { predict: wide }, timeouts: { unreadMs: 100 } });
    const wire = openWire(running.port);
    wire.socket.pause();
    wire.send(post('1,0,0\n'.repeat(200)));

    await expect.poll(() => running.lines.join('\n')).toContain('POST /invocations aborted');
    expect(running.lines).toContain('POST response aborted: the client read none of it for 0.1 s');
    expect(running.lines.join('\n')).not.toContain('E_ALGORITHM');
    await expect.poll(() => events.at(-1)).toBe('end');
    // The connection is closed immediately, so the server need not wait for it.
    running.stop();
    expect(await running.exitCode).toBe(0);
    expect(running.lines.join('\n')).not.toContain('unanswered');
    wire.socket.destroy();
  });
});

describe('a request', () => {
  it('knows its deadline, and is aborted when that passes', async () => {
    const requests: PredictRequest[] = [];
    const begun = Promise.withResolvers<void>();
    const predict = async (_model: unknown, { rows }: { rows: number }, request: PredictRequest) => {
      requests.push(request);
      const { signal } = request;
      if (requests.length > 1) {
        begun.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
      return { score: new Float64Array(rows) };
    };
    const running = await startReady({ algorithm: { predict }, timeouts: { callMs: 200 } });
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: 1_700_000_000_000 });
    onTestFinished(() => void vi.useRealTimers());

    const asked = ask(running, 'text/csv');
    await begun.promise; // a poll would move the clock
    const { deadline, signal } = requests[1]!;
    const wasAborted = signal.aborted;
    vi.advanceTimersByTime(200);

    expect(requests[0]!.deadline).toBe(Number.POSITIVE_INFINITY);
    expect(deadline).toBe(1_700_000_000_200);
    expect([wasAborted, signal.aborted]).toEqual([false, true]);
    await asked;
  });
});
