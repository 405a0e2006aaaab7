/** Requests that are predicted together: of a server, by the definition's own limits. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import { ClientError } from '../../src/errors.js';
import { memoryLog } from '../../src/log.js';
import { denseRows } from '../../src/payloads/rows.js';
import type { PredictRequest } from '../../src/prediction.js';
import { createInvocation } from '../../src/serve/invocation.js';
import { endServers, openWire, post, type RunningServer, startServer, untilReady } from './running-server.js';
import { sumAlgorithm } from './sum-algorithm.js';

afterEach(endServers);

/** A model that notes how many rows each call has, and waits for `go` once `isHeld`. */
function createModel(overrides: Partial<Algorithm> = {}) {
  const calls: { readonly rows: readonly number[]; readonly request: PredictRequest }[] = [];
  const gate = { isHeld: false, go: Promise.withResolvers<void>(), submitted: 0 };
  const outputs = { score: { description: 'The value.' }, twice: { description: 'Twice the value.', optional: true } };
  const algorithm: Partial<Algorithm> = {
    batching: { maxRows: 4 },
    outputs,
    availableOutputs: () => ({ names: ['score', 'twice'] }),
    // Asked once per request has been handed to the queue, and when a call has come back, which none has while it is held.
    modelOutputs() {
      gate.submitted += 1;
      return outputs;
    },
    async predict(_model, input, request) {
      const { rows, columns, features } = input as { rows: number; columns: number; features: Float64Array };
      const values = Array.from({ length: rows }, (_, row) => features[row * columns]!);
      calls.push({ rows: values, request });
      if (gate.isHeld) await gate.go.promise;
      if (values.includes(-1)) throw new Error('a bad value');
      return { score: Float64Array.from(values), twice: Float64Array.from(values, (value) => 2 * value) };
    },
    ...overrides,
  };
  return { calls, gate, algorithm };
}

async function start(algorithm: Partial<Algorithm>, variables: Record<string, string> = {}): Promise<RunningServer> {
  const server = await startServer({ algorithm, variables });
  await untilReady(server);
  return server;
}

async function ask({ url }: RunningServer, values: readonly number[], accept = 'text/csv') {
  const headers = { 'Content-Type': 'text/csv', Accept: accept };
  const body = values.map((value) => `${value},0,0\n`).join('');
  const response = await fetch(`${url}/invocations`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text(), retry: response.headers.get('retry-after') };
}

const rowsOf = (calls: ReturnType<typeof createModel>['calls']) => calls.slice(1).map(({ rows }) => rows.length);

/** All of these requests have come before the model is free again. */
async function whileBusy<T>(
  { calls, gate }: ReturnType<typeof createModel>,
  running: RunningServer,
  requests: () => Promise<T>[],
): Promise<T[]> {
  gate.isHeld = true;
  const first = ask(running, [0]);
  await expect.poll(() => calls.length).toBe(2); // after the self-test
  const before = gate.submitted;
  const answers = requests();
  await expect.poll(() => gate.submitted).toBe(before + answers.length);
  gate.isHeld = false;
  gate.go.resolve();
  await first;
  return Promise.all(answers);
}

describe('requests that come while a batching model is busy', () => {
  it('are predicted together, and each gets its own rows', async () => {
    const model = createModel();
    const running = await start(model.algorithm);

    const answers = await whileBusy(model, running, () => [[1], [2, 3], [4]].map((values) => ask(running, values)));

    expect(answers.map(({ text }) => text)).toEqual(['1,2\n', '2,4\n3,6\n', '4,8\n']);
    expect(rowsOf(model.calls)).toEqual([1, 4]);
  });

  it('are predicted apart where they ask for different formats or outputs', async () => {
    const model = createModel();
    const running = await start(model.algorithm);
    const accepts = ['text/csv', 'application/jsonlines', 'text/csv;output=twice', 'text/csv'];

    const answers = await whileBusy(model, running, () => accepts.map((accept, i) => ask(running, [i + 1], accept)));

    expect(answers.map(({ text }) => text)).toEqual(['1,2\n', '{"score":2,"twice":4}\n', '6\n', '4,8\n']);
    expect(rowsOf(model.calls)).toEqual([1, 2, 1, 1]);
  });

  it('fail alone', async () => {
    const model = createModel();
    const running = await start(model.algorithm);

    const answers = await whileBusy(model, running, () => [1, -1, 2].map((value) => ask(running, [value])));

    expect(answers.map(({ status }) => status)).toEqual([200, 500, 200]);
    expect(answers.map(({ text }) => text)).toEqual(['1,2\n', expect.stringContaining('E_ALGORITHM'), '2,4\n']);
  });

  it('are refused with 503 and Retry-After beyond the queue', async () => {
    const model = createModel({ batching: { maxRows: 2, maxQueuedRows: 3 } });
    const running = await start(model.algorithm);

    const answers = await whileBusy(model, running, () => [1, 2, 3, 4, 5].map((value) => ask(running, [value])));

    const refused = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ retry: '1', text: expect.stringContaining('At most 3 rows may wait') });
  });

  it('of many rows take turns with small ones', async () => {
    const model = createModel();
    const running = await start(model.algorithm);
    const many = Array.from({ length: 10 }, (_, i) => i);

    const [large, small] = await whileBusy(model, running, () => [ask(running, many), ask(running, [100])]);

    expect(large!.text).toBe(many.map((value) => `${value},${2 * value}\n`).join(''));
    expect(small!.text).toBe('100,200\n');
    const order = model.calls.slice(2).map(({ rows }) => rows.includes(100));
    expect(order.indexOf(true)).toBeLessThan(order.length - 1);
    expect(Math.max(...rowsOf(model.calls))).toBe(4);
  });

  it('are also those of decoded values that are rows of the model, and each gets its own answer', async () => {
    const model = createModel({
      inputs: {
        'text/x-number': { description: 'A number.', decode: (bytes) => Number(Buffer.from(bytes).toString()) },
      },
      async rowsOf(_model, value) {
        if (Number.isNaN(value)) throw new ClientError('E_REQUEST_BODY', 'request: the body must be a number.');
        return denseRows(Float64Array.of(value as number, 0, 0), 3);
      },
    });
    const running = await start(model.algorithm);
    const headers = { 'Content-Type': 'text/x-number', Accept: 'text/csv' };
    const askFor = async (body: string) => {
      const response = await fetch(`${running.url}/invocations`, { method: 'POST', headers, body });
      return { status: response.status, text: await response.text() };
    };

    const answers = await whileBusy(model, running, () => ['1', '2', '3'].map(askFor));

    expect(answers.map(({ text }) => text)).toEqual(['1,2\n', '2,4\n', '3,6\n']);
    expect(rowsOf(model.calls).at(-1)).toBe(3);
    expect((await askFor('x')).status).toBe(400);
  });

  it('are given up when all their callers have left', async () => {
    const model = createModel();
    const running = await start(model.algorithm);
    model.gate.isHeld = true;
    const send = (value: number) => {
      const wire = openWire(running.port);
      wire.send(post(`${value},0,0\n`));
      return wire;
    };
    const first = send(1);
    await expect.poll(() => rowsOf(model.calls)).toEqual([1]);
    const before = model.gate.submitted;
    const second = send(2);
    await expect.poll(() => model.gate.submitted).toBe(before + 1);

    const { signal } = model.calls[1]!.request;
    for (const { socket } of [second, first]) socket.resetAndDestroy(); // the one that waits first, so that it is known

    await expect.poll(() => signal.aborted).toBe(true);
    model.gate.go.resolve();
    expect((await ask(running, [7])).text).toBe('7,14\n');
    expect(model.calls.flatMap(({ rows }) => rows)).not.toContain(2);
  });
});

/** A request's head besides its content type. */
const NO_HEAD = { contentEncoding: undefined, accept: undefined, customAttributes: undefined };

describe('small requests that the first process answers by itself', () => {
  it('are answered immediately, not as a promise, where predict gives columns', async () => {
    const { invokeIfCheap } = createInvocation({
      algorithm: sumAlgorithm({ boundedRows: () => 4 }),
      model: 1,
      featureCount: 3,
      settings: { isBatch: false, defaultAccept: 'text/csv', inferenceOutput: undefined },
      log: memoryLog(),
    });
    const ask = (body: string) => invokeIfCheap({ contentType: 'text/csv', ...NO_HEAD, body: Buffer.from(body) });
    await ask('1,2,3\n'); // loads the reader

    expect(ask('1,2,3\n')).toMatchObject({ status: 200, rows: 1, body: Buffer.from('6\n') });
    expect(ask('1,x,3\n')).toMatchObject({ status: 400, code: 'E_DATA_NUMBER' });
    expect(ask('1,2,3\n'.repeat(5))).toBeUndefined();
  });

  it('wait for no others, and are never predicted at the same time', async () => {
    const model = createModel({ batching: { maxRows: 4, maxDelayMs: 10_000 }, boundedRows: () => 4 });
    const { invokeIfCheap } = createInvocation({
      algorithm: sumAlgorithm(model.algorithm),
      model: 1,
      featureCount: 3,
      settings: { isBatch: false, defaultAccept: 'text/csv', inferenceOutput: undefined },
      log: memoryLog(),
    });
    const head = { contentType: 'text/csv', ...NO_HEAD };
    model.gate.isHeld = true;

    const answers = [1, 2].map((value) => invokeIfCheap({ ...head, body: Buffer.from(`${value},0,0\n`) }));

    await expect.poll(() => model.gate.submitted).toBe(2);
    expect(model.calls.map(({ rows }) => rows)).toEqual([[1]]);
    model.gate.go.resolve();
    expect((await Promise.all(answers)).map((answer) => String(answer?.body))).toEqual(['1,2\n', '2,4\n']);
  });
});

describe('limits of batching', () => {
  it('may come from the loaded model', async () => {
    const model = createModel({ modelBatching: () => ({ maxRows: 2 }) });
    const running = await start(model.algorithm);

    expect((await ask(running, [1, 2, 3])).text).toBe('1,2\n2,4\n3,6\n');
    expect(rowsOf(model.calls)).toEqual([2, 1]);
  });

  it('may be those of the operator', async () => {
    const model = createModel();
    const running = await start(model.algorithm, { ALGO_BATCH_MAX_ROWS: '3', ALGO_BATCH_MAX_DELAY_MS: '1.5' });

    await ask(running, [1, 2, 3, 4]);

    expect(rowsOf(model.calls)).toEqual([3, 1]);
  });

  it('that are no numbers end the start with what is wrong', async () => {
    const { algorithm } = createModel();
    const server = await startServer({
      algorithm,
      variables: { ALGO_BATCH_MAX_ROWS: 'many' },
      timeouts: { failedMs: 1 },
    });

    expect(await server.exitCode).toBe(1);
    expect(server.lines.join('\n')).toContain(
      'Variable ALGO_BATCH_MAX_ROWS must be an integer in [1, 1000000]; received "many".',
    );
  });
});
