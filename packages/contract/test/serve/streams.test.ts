/** Answers that `predict` gives part by part: to a caller on a socket, from this process or from a worker. */
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { AlgorithmError, ClientError } from '../../src/errors.js';
import type { PredictRequest } from '../../src/prediction.js';
import { sendParts } from '../../src/serve/part-flow.js';
import { streamParts } from '../../src/serve/streamed-answer.js';
import { startProgram, untilLogged } from './running-program.js';
import { endServers, openWire, post, type RunningServer, startServer, untilReady } from './running-server.js';

afterEach(endServers);

/** Gives a part for each row of the request, and says what happens to it. */
function createStreaming({ failAt = -1, wait = async (_part: number) => {} } = {}) {
  const events: string[] = [];
  const requests: PredictRequest[] = [];
  async function* predict(
    _model: unknown,
    { rows, features }: { rows: number; features: ArrayLike<number> },
    request: PredictRequest,
  ) {
    requests.push(request);
    try {
      for (let row = 0; row < rows; row++) {
        await wait(row);
        if (row === failAt) throw new AlgorithmError('E_ALGORITHM', 'the secret of the algorithm');
        events.push(`part ${row}`);
        yield { score: Float64Array.of(features[3 * row]!) };
      }
    } finally {
      events.push('end');
    }
  }
  return { events, requests, predict };
}

async function start(algorithm: Parameters<typeof startServer>[0]): Promise<RunningServer> {
  const server = await startServer(algorithm);
  await untilReady(server);
  return server;
}

async function ask({ url }: { readonly url: string }, accept: string, body = '1,0,0\n2,0,0\n3,0,0\n') {
  const headers = { 'Content-Type': 'text/csv', Accept: accept };
  const response = await fetch(`${url}/invocations`, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('a streamed answer', () => {
  it.each([
    ['application/jsonlines', '{"score":1}\n{"score":2}\n{"score":3}\n'],
    ['text/csv', '1\n2\n3\n'],
    ['application/json', '{"predictions":[{"score":1},{"score":2},{"score":3}]}'],
    ['text/event-stream', 'data: {"score":1}\n\ndata: {"score":2}\n\ndata: {"score":3}\n\n'],
  ])('in %s is all parts one after another, chunked', async (type, text) => {
    const { predict } = createStreaming();
    const answer = await ask(await start({ algorithm: { predict } }), type);

    expect(answer.text).toBe(text);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('content-length')).toBeNull();
  });

  it('is on its way before the next part is made', async () => {
    const second = Promise.withResolvers<void>();
    const { predict } = createStreaming({ wait: async (part) => (part === 1 ? second.promise : undefined) });
    const { port } = await start({ algorithm: { predict } });
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
    const running = await start({ algorithm: { predict } });

    expect(await ask(running, 'application/jsonlines')).toMatchObject({ status: 204, text: '' });
    expect(await ask(running, 'application/json')).toMatchObject({ status: 200, text: '{"predictions":[]}' });
  });

  it('in a batch transform keeps blank lines in their places', async () => {
    const { predict } = createStreaming();
    const running = await start({ algorithm: { predict }, variables: { SAGEMAKER_BATCH: 'true' } });
    const body = '\n1,0,0\n\n\n2,0,0\n3,0,0\n\n';

    expect((await ask(running, 'text/csv', body)).text).toBe('\n1\n\n\n2\n3\n\n');
    expect((await ask(running, 'application/json', body)).text).toBe(
      '{"predictions":[null,{"score":1},null,null,{"score":2},{"score":3},null]}\n',
    );
  });

  it('that fails before its first part is a normal error', async () => {
    let failure: Error | undefined; // the self-test succeeds
    const running = await start({
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
    const running = await start({ algorithm: { predict } });
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
    const running = await start({ algorithm: { predict } });
    const wire = openWire(running.port);
    wire.send(post('1,0,0\n'));

    await wire.closed();

    expect(running.lines.join('\n')).toContain('cut in the middle: predict: "other" is not a declared output');
  });
});

const NOTES = 'text/x-notes';
const notes = {
  description: 'A note for each part.',
  encode: ({ score }: { score: Float64Array }, { parameters }: { parameters: Readonly<Record<string, string>> }) =>
    `${parameters.prefix ?? ''}${score[0]};`,
};

describe('a streamed answer in a media type of the algorithm’s own', () => {
  it('is what its encoder makes of each part, one after another, with nothing around or between', async () => {
    const { predict } = createStreaming();
    const running = await start({ algorithm: { predict, answers: { [NOTES]: notes } } });

    const answer = await ask(running, `${NOTES}; prefix=n`);

    expect(answer).toMatchObject({ status: 200, text: 'n1;n2;n3;' });
    expect(answer.headers.get('content-type')).toBe(NOTES);
    expect(answer.headers.get('content-length')).toBeNull();
  });

  it('is a line of JSON for each part where a schema describes it, and cut at a part that breaks the schema', async () => {
    async function* predict(_model: unknown, input: { rows: number }, { accept }: PredictRequest) {
      if (accept.type !== 'application/json') yield { score: new Float64Array(input.rows) };
      else for (const note of [1, 2, 'three']) yield { note };
    }
    const running = await start({
      algorithm: {
        predict,
        contentTypes: { input: ['text/csv'], output: ['text/csv'] },
        answers: { 'application/json': { description: 'Notes.', schema: z.object({ note: z.number() }) } },
      },
    });
    const wire = openWire(running.port);
    wire.send(post('1,0,0\n', 'Accept: application/json\r\n'));

    const received = await wire.closed();

    expect(received).toContain('{"note":1}\n');
    expect(received).toContain('{"note":2}\n');
    expect(received).not.toContain('three');
    expect(running.lines.join('\n')).toContain('cut in the middle: predict: note must be a number; received "three"');
  });

  it('is JSON as events where there are no JSON Lines', async () => {
    async function* predict(_model: unknown, input: { rows: number }, { accept }: PredictRequest) {
      if (accept.type !== 'application/json') yield { score: new Float64Array(input.rows) };
      else for (const note of [1, 2]) yield { note };
    }
    const running = await start({
      algorithm: {
        predict,
        contentTypes: { input: ['text/csv'], output: ['text/csv'] },
        answers: { 'application/json': { description: 'Notes.', schema: z.object({ note: z.number() }) } },
      },
    });

    const answer = await ask(running, 'text/event-stream');

    expect(answer).toMatchObject({ status: 200, text: 'data: {"note":1}\n\ndata: {"note":2}\n\n' });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
  });

  it('is predicted alone by a definition with batching, whose other requests are answered meanwhile', async () => {
    const second = Promise.withResolvers<void>();
    const { predict: stream } = createStreaming({ wait: async (part) => (part === 1 ? second.promise : undefined) });
    const calls: number[] = [];
    const running = await start({
      algorithm: {
        batching: { maxRows: 8 },
        answers: { [NOTES]: notes },
        predict(model: unknown, block: { rows: number; features: ArrayLike<number> }, request: PredictRequest) {
          calls.push(block.rows);
          if (request.accept.type === NOTES) return stream(model, block, request);
          return Promise.resolve({ score: new Float64Array(block.rows).fill(7) });
        },
      },
    });
    const wire = openWire(running.port);
    wire.send(post('1,0,0\n2,0,0\n', `Accept: ${NOTES}\r\n`));
    const begun = await wire.until('1;');

    const other = await ask(running, 'text/csv', '5,0,0\n');
    second.resolve();
    const complete = await wire.until('\r\n0\r\n\r\n');

    expect(begun).not.toContain('2;');
    expect(other).toMatchObject({ status: 200, text: '7\n' });
    expect(complete).toContain('2;');
    expect(calls).toEqual([1, 2, 1]); // the first is the self-test
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
    const running = await start({ algorithm: { predict, answers: { [NOTES]: notes } } });
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
    const running = await start({ algorithm: { predict: wide } });
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

  it('that takes nothing for too long loses it', async () => {
    const { predict, events } = createStreaming();
    const wide = async function* (...given: Parameters<typeof predict>) {
      for await (const _part of predict(...given)) yield { score: new Float64Array(100_000).fill(1 / 3) };
    };
    const running = await start({ algorithm: { predict: wide }, timeouts: { unreadMs: 100 } });
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
    const predict = async (_model: unknown, { rows }: { rows: number }, request: PredictRequest) => {
      requests.push(request);
      const { signal } = request;
      if (requests.length > 1) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { score: new Float64Array(rows) };
    };
    const running = await start({ algorithm: { predict }, timeouts: { callMs: 200 } });
    vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
    onTestFinished(() => void vi.restoreAllMocks());

    await ask(running, 'text/csv');

    const { deadline, signal } = requests[1]!;
    expect(requests[0]!.deadline).toBe(Number.POSITIVE_INFINITY);
    expect(deadline).toBe(1_700_000_000_200);
    await expect.poll(() => signal.aborted).toBe(true);
  });
});

describe('a stream from a worker process', () => {
  it('comes part by part, and its worker answers the next request', async () => {
    const program = await startProgram({ program: 'stream-program.ts', workers: 1 });
    await untilLogged(program, /model ready/);

    const whole = await ask(program, 'application/jsonlines', '3,100000,0\n');
    const next = await ask(program, 'text/event-stream', '2,1,0\n');

    expect(whole.text.split('\n').length).toBe(300_001);
    expect(next.text).toBe('data: {"score":0}\n\ndata: {"score":1}\n\n');
  });

  it('is ended with its caller, and the worker goes on', async () => {
    const program = await startProgram({ program: 'stream-program.ts', workers: 1 });
    await untilLogged(program, /model ready/);
    const wire = openWire(program.port);
    wire.send(post('1000000000,1,0\n'));
    await wire.until('score');

    wire.socket.resetAndDestroy();
    await untilLogged(program, /stream ended after \d+ parts, aborted=true/);

    expect((await ask(program, 'text/csv', '1,1,0\n')).text).toBe('0\n');
    expect(program.lines.join('\n')).not.toContain('is ended and replaced');
  });

  it('whose worker dies in the middle is cut', async () => {
    const program = await startProgram({ program: 'stream-program.ts', workers: 1 });
    await untilLogged(program, /model ready/);
    const wire = openWire(program.port);
    wire.send(post('2,1,1\n'));

    const received = await wire.closed();

    expect(received).toContain('score');
    expect(received).not.toMatch(/0\r\n\r\n$/);
    await untilLogged(program, /cut in the middle: The worker process ended during this answer/);
  });

  it('that takes too long in all is cut', async () => {
    const program = await startProgram({
      program: 'stream-program.ts',
      workers: 1,
      serve: { timeouts: { streamMs: 300 } },
    });
    await untilLogged(program, /model ready/);
    const wire = openWire(program.port);
    wire.send(post('1000000000,1,0\n'));

    await wire.closed();

    await untilLogged(program, /cut in the middle: A streamed answer must be complete within 0.3 s/);
    await untilLogged(program, /stream ended after \d+ parts/);
  });
});
