/** Connections of callers, and what they get of the server that owns the sockets. */
import { afterEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/environment.js';
import { memoryLog } from '../../src/log.js';
import { createFront } from '../../src/serve/front.js';
import type { FrontState } from '../../src/serve/front-state.js';
import { createMemoryBudget } from '../../src/serve/memory-budget.js';
import { emptyAnswer } from '../../src/serve/message.js';
import { createRequestCounts } from '../../src/serve/metrics/request-counts.js';
import { createInferenceServer } from '../../src/serve/server.js';
import { endServers, openWire, post, startReady, untilReady } from './running-server.js';
import { sumAlgorithm } from './sum-algorithm.js';

afterEach(endServers);

describe('an HTTP connection', () => {
  it('carries several requests, and answers pipelined ones in order', async () => {
    const { port } = await startReady();
    const wire = openWire(port);

    wire.send(post('1,2,3') + post('4,5,6') + post('x,5,6') + post('7,8,9'));
    const received = await wire.until('{"score":24}');
    wire.socket.destroy();

    expect(received.match(/HTTP\/1\.1 \d+|"score":\d+|"code":"\w+"/g)).toEqual([
      'HTTP/1.1 200',
      '"score":6',
      'HTTP/1.1 200',
      '"score":15',
      'HTTP/1.1 400',
      '"code":"E_DATA_NUMBER"',
      'HTTP/1.1 200',
      '"score":24',
    ]);
    expect(received).toContain('Keep-Alive: timeout=75');
  });

  it('with HTTP/1.0 is closed after the response', async () => {
    const { port } = await startReady();
    const wire = openWire(port);

    wire.send('GET /ping HTTP/1.0\r\n\r\n');

    expect(await wire.closed()).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: 0\r\nDate: .*\r\nConnection: close\r\n/);
  });

  it('gets the response even if the caller half-closed it after the request', async () => {
    const { port } = await startReady();
    const wire = openWire(port);

    wire.socket.end(post('1,2,3'));

    expect(await wire.closed()).toContain('{"predictions":[{"score":6}]}');
  });

  it('may send a chunked body', async () => {
    const { port } = await startReady();
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n');
    for (const chunk of ['1,', '2,3\n4', ',5,6']) wire.send(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    wire.send('0\r\n\r\n');

    expect(await wire.closed()).toContain('{"predictions":[{"score":6},{"score":15}]}');
  });

  it('gets 100 Continue before a body that waits for it', async () => {
    const { port } = await startReady();
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n');
    await wire.until('HTTP/1.1 100 Continue\r\n\r\n');
    wire.send('1,2,3');

    expect(await wire.until('score')).toContain('HTTP/1.1 200 OK');
    wire.socket.destroy();
  });

  it.each([
    ['that is sent all the same', false],
    ['that waits for it', true],
  ])('gets 100 Continue behind an answer that is due before it, for a body %s', async (_, waits) => {
    const release = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { port } = await startReady({
      algorithm: {
        async predict(_, { rows, features }) {
          begun.resolve();
          if (features[0] === 9) await release.promise;
          return { score: new Float64Array(rows).fill(features[0]!) };
        },
      },
    });
    const wire = openWire(port);
    const expecting = post('1,2,3', 'Expect: 100-continue\r\n');

    wire.send(post('9,0,0') + (waits ? expecting.slice(0, -5) : expecting));
    await begun.promise;
    release.resolve();
    if (waits) await wire.until('HTTP/1.1 100 Continue\r\n\r\n');
    if (waits) wire.send('1,2,3');
    const received = await wire.until('"score":1}');
    wire.socket.destroy();

    const [first, second = ''] = received.split('{"predictions":[{"score":9}]}');
    expect(first).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(second.match(/HTTP\/1\.1 \d+|\r\n\r\n\{/g)).toEqual([
      ...(waits ? ['HTTP/1.1 100'] : []),
      ...['HTTP/1.1 200', '\r\n\r\n{'],
    ]);
  });

  it('with another expectation is refused before its body is read', async () => {
    const { port } = await startReady();
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: a-miracle\r\n\r\n');
    const received = await wire.until('}}');
    wire.socket.destroy();

    expect(received).toMatch(/^HTTP\/1\.1 417 Expectation Failed\r\n/);
    expect(received).toContain('Connection: close');
    expect(received).toContain(
      '{"error":{"code":"E_REQUEST_BODY","message":"Header Expect must be 100-continue; received \\"a-miracle\\"."}}',
    );
  });

  it('stays usable after a body that no route reads', async () => {
    const { port } = await startReady();
    const wire = openWire(port);

    wire.send(post('1,2,3').replace('/invocations', '/nowhere') + post('1,2,3'));

    expect(await wire.until('score')).toMatch(/^HTTP\/1\.1 404 .*HTTP\/1\.1 200 /s);
    wire.socket.destroy();
  });
});

describe('a request line', () => {
  it('in absolute form is answered and logged as its path', async () => {
    const { port, lines } = await startReady();
    const wire = openWire(port);

    wire.send('GET http://user:word@model.aws.local:8080/ping?a=b HTTP/1.1\r\nHost: proxy\r\n\r\n');
    wire.send(post('1,2,3').replace('/invocations', 'http://model.aws.local:8080/invocations'));
    const received = await wire.until('score');
    wire.socket.destroy();

    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
    expect(lines.join('\n')).toMatch(/POST \/invocations 200/);
    expect(lines.join('\n')).not.toMatch(/word|model\.aws/);
  });

  it.each([
    ['OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 204 No Content\r\nAllow: GET, HEAD, POST\r\n/],
    ['CONNECT host:443 HTTP/1.1\r\nHost: host:443\r\n\r\n', /^HTTP\/1\.1 405 Method Not Allowed\r\n/],
    ['GET /ping HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 .*one Host header; received 0\./s],
    ['GET /ping HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', /^HTTP\/1\.1 400 .*one Host header; received 2\./s],
    [
      'POST /invocations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1\.1 501 .*must be chunked; received/s,
    ],
  ])('%j is handled according to RFC 9112', async (request, expected) => {
    const { port } = await startReady();
    const wire = openWire(port);

    wire.send(request);
    await wire.until('\r\n\r\n');
    wire.socket.end();
    const received = await wire.closed();

    expect(received).toMatch(expected);
  });
});

describe('a caller that disconnects', () => {
  it('in the middle of its body is logged as aborted and affects nobody else', async () => {
    const { port, url, lines } = await startReady();
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n1,2');
    await wire.until('100 Continue');
    wire.socket.resetAndDestroy();

    await expect.poll(() => lines.join('\n')).toContain('POST /invocations aborted');
    expect((await untilReady({ url })).status).toBe(200);
  });

  it('before its response does not affect the next response', async () => {
    const release: (() => void)[] = [];
    const { port, url, lines } = await startReady({
      algorithm: {
        async predict(_, { rows, features }) {
          if (features[0] === 99) await new Promise<void>((resolve) => release.push(resolve));
          return { score: new Float64Array(rows).fill(features[0]!) };
        },
      },
    });
    const wire = openWire(port);
    wire.send(post('99,0,0'));
    await expect.poll(() => release.length).toBe(1);

    wire.socket.resetAndDestroy();
    await wire.closed();
    const next = await fetch(`${url}/invocations`, { method: 'POST', body: Buffer.from('5,0,0') });
    release[0]!();

    expect(await next.json()).toEqual({ predictions: [{ score: 5 }] });
    await expect.poll(() => lines.join('\n')).toContain('POST /invocations aborted');
  });
});

it('a caller that has its whole answer has not left', async () => {
  const signals: AbortSignal[] = [];
  const inference = createInferenceServer({
    service: {
      unavailable: () => undefined,
      isAlive: () => true,
      async invoke(_request, left) {
        signals.push(left!());
        return { status: 200, headers: {}, body: Buffer.from('1\n') };
      },
      executionParameters: () => ({ MaxConcurrentTransforms: 1, BatchStrategy: 'MULTI_RECORD', MaxPayloadInMB: 1 }),
      metrics: () => '',
    },
    maxBodyBytes: 100,
    budget: createMemoryBudget(1024 * 1024),
    log: memoryLog(),
    counts: createRequestCounts(),
  });
  const port = await inference.listen(0, '127.0.0.1');
  const wire = openWire(port);

  wire.send(post('1,0,0\n'));
  await wire.until('1\n');
  await inference.drain();

  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  wire.socket.destroy();
});

it('/ping is 503 where no worker can answer for 5 s, and 200 as soon as one can again', async () => {
  let emptyMs = 0;
  const state: FrontState = { model: 'ready', workers: 1, own: undefined, loadSeconds: 1 };
  const service = createFront({
    algorithm: sumAlgorithm(),
    state,
    dispatcher: { invoke: async () => emptyAnswer(200), isIdle: true },
    pool: { emptyMs: () => emptyMs, problem: () => undefined },
    settings: readEnvironment({}).serving,
    metrics: () => '',
  });
  const inference = createInferenceServer({
    service,
    maxBodyBytes: 100,
    budget: createMemoryBudget(1024 * 1024),
    log: memoryLog(),
    counts: createRequestCounts(),
  });
  const port = await inference.listen(0, '127.0.0.1');
  const ping = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/ping`);
    return [response.status, await response.text()];
  };

  const answers: unknown[] = [];
  for (emptyMs of [0, 4999, 5000, 0]) answers.push(await ping());
  await inference.drain();

  const restarting = [503, expect.stringContaining('"code":"E_NOT_READY"')];
  expect(answers).toEqual([[200, ''], [200, ''], restarting, [200, '']]);
});
