import { afterEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/environment.js';
import { jsonLog, memoryLog } from '../../src/log.js';
import { createFront } from '../../src/serve/front.js';
import type { FrontState } from '../../src/serve/front-state.js';
import { createMemoryBudget } from '../../src/serve/memory-budget.js';
import { emptyAnswer } from '../../src/serve/message.js';
import { createRequestCounts } from '../../src/serve/metrics/request-counts.js';
import { createRequestLog } from '../../src/serve/request-log.js';
import { createInferenceServer } from '../../src/serve/server.js';
import { endServers, openWire, post, type RunningServer, startServer, untilReady } from './running-server.js';

afterEach(endServers);

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

async function start(options: Parameters<typeof startServer>[0] = {}): Promise<RunningServer> {
  const server = await startServer(options);
  await untilReady(server);
  return server;
}

describe('an HTTP connection', () => {
  it('carries several requests, and answers pipelined ones in order', async () => {
    const { port } = await start();
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
    const { port } = await start();
    const wire = openWire(port);

    wire.send('GET /ping HTTP/1.0\r\n\r\n');

    expect(await wire.closed()).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: 0\r\nDate: .*\r\nConnection: close\r\n/);
  });

  it('gets the response even if the caller half-closed it after the request', async () => {
    const { port } = await start();
    const wire = openWire(port);

    wire.socket.end(post('1,2,3'));

    expect(await wire.closed()).toContain('{"predictions":[{"score":6}]}');
  });

  it('may send a chunked body', async () => {
    const { port } = await start();
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n');
    for (const chunk of ['1,', '2,3\n4', ',5,6']) wire.send(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    wire.send('0\r\n\r\n');

    expect(await wire.closed()).toContain('{"predictions":[{"score":6},{"score":15}]}');
  });

  it('gets 100 Continue before a body that waits for it', async () => {
    const { port } = await start();
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n');
    await wire.until('HTTP/1.1 100 Continue\r\n\r\n');
    wire.send('1,2,3');

    expect(await wire.until('score')).toContain('HTTP/1.1 200 OK');
    wire.socket.destroy();
  });

  it('with another expectation is refused before its body is read', async () => {
    const { port } = await start();
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
    const { port } = await start();
    const wire = openWire(port);

    wire.send(post('1,2,3').replace('/invocations', '/nowhere') + post('1,2,3'));

    expect(await wire.until('score')).toMatch(/^HTTP\/1\.1 404 .*HTTP\/1\.1 200 /s);
    wire.socket.destroy();
  });
});

describe('a request line', () => {
  it('in absolute form is answered and logged as its path', async () => {
    const { port, lines } = await start();
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
    const { port } = await start();
    const wire = openWire(port);

    wire.send(request);
    await wire.until('\r\n\r\n');
    wire.socket.end();
    const received = await wire.closed();

    expect(received).toMatch(expected);
  });
});

it('a request that is wrong, that no answer suits, that is too long or of an unknown type has a status of its own', async () => {
  const { url } = await start({ algorithm: { maxPayloadBytes: 100 } });
  const send = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/invocations`, { method: 'POST', headers: { 'Content-Type': 'text/csv', ...headers }, body });

  const answers = [
    await send('1,x,3'),
    await send('1,2,3', { Accept: 'image/png' }),
    await send('1'.repeat(101)),
    await send('1,2,3', { 'Content-Type': 'image/png' }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([400, 406, 413, 415]);
});

describe('a body over the size limit', () => {
  const small = { algorithm: { maxPayloadBytes: 100 } };

  it('is refused by its declared length before it is read', async () => {
    const { port } = await start(small);
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\nExpect: 100-continue\r\n\r\n');
    const received = await wire.until('E_REQUEST_SIZE');
    wire.socket.destroy();

    expect(received).toMatch(/^HTTP\/1\.1 413 Payload Too Large\r\n/);
    expect(received).toContain('Connection: close');
    expect(received).toContain('The body must have at most 100 bytes; received 101 bytes.');
  });

  it('is refused in the middle if it is chunked', async () => {
    const { port } = await start(small);
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (let i = 0; i < 11; i++) wire.send(`a\r\n${'1'.repeat(10)}\r\n`);

    expect(await wire.until('E_REQUEST_SIZE')).toMatch(/^HTTP\/1\.1 413 /);
    wire.send('0\r\n\r\n');
    expect(await wire.closed()).toContain('at most 100 bytes; received more.');
  });

  it('is read and discarded so that a caller who is still writing sees the response', async () => {
    const { url } = await start(small);

    const response = await fetch(`${url}/invocations`, { method: 'POST', body: '1,'.repeat(4_000_000) });

    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'E_REQUEST_SIZE' } });
  });

  it('that never ends is cut off after the linger time', async () => {
    const { port } = await start({ ...small, timeouts: { lingerMs: 30 } });
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n1,2');

    expect(await wire.closed()).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('is not one of exactly the limit, which is answered', async () => {
    const { url } = await start({ algorithm: { maxPayloadBytes: 5 } });

    expect(
      (await fetch(`${url}/invocations`, { method: 'POST', body: '1,2,3', headers: { 'Content-Type': 'text/csv' } }))
        .status,
    ).toBe(200);
  });

  it('is above 25 MiB unless the algorithm says otherwise', async () => {
    const { port } = await start();
    const wire = openWire(port);

    wire.send(`POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: ${25 * 1024 * 1024 + 1}\r\n\r\n`);
    expect(await wire.until('E_REQUEST_SIZE')).toContain('at most 26214400 bytes');
    wire.socket.destroy();
  });
});

describe('an invalid request', () => {
  it.each([
    ['text', 'hello\r\n\r\n', 'HTTP/1.1 400 Bad Request', 'HPE_'],
    [
      'too many headers',
      `GET /ping HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`,
      'HTTP/1.1 431 ',
      'HPE_HEADER_OVERFLOW',
    ],
    [
      'two lengths',
      'POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      'HTTP/1.1 400 ',
      'HPE_',
    ],
  ])('with %s is answered with a status, and the connection is closed', async (_, request, status, logged) => {
    const { port, lines } = await start();
    const wire = openWire(port);

    wire.send(request);
    const received = await wire.closed();

    expect(received.startsWith(status)).toBe(true);
    expect(received).toContain('"code":"E_REQUEST_BODY"');
    expect(lines.join('\n')).toContain(`malformed request ${status.slice(9, 12)} ${logged}`);
  });

  it.each([
    ['headers', 'POST /invocations HTTP/1.1\r\nHo', { headersMs: 40 }],
    [
      'a body',
      'POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1,2',
      { headersMs: 40, requestMs: 60 },
    ],
  ])('that never arrives completely, with %s, is timed out', async (_, part, timeouts) => {
    const { port } = await start({ timeouts: { ...timeouts, checkMs: 20 } });
    const wire = openWire(port);

    wire.send(part);

    expect(await wire.closed()).toMatch(/^HTTP\/1\.1 408 Request Timeout/);
  });
});

describe('a late or malformed request', () => {
  it.each([
    ['the head', 'GET /ping HTTP/1.1\r\nHo', 'The request head must arrive within 0.04 s; it did not.'],
    [
      'the body',
      'POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1,2',
      'The request must arrive with its body within 0.06 s; it did not.',
    ],
  ])('is answered with the reason: %s', async (_, part, message) => {
    const { port } = await start({ timeouts: { headersMs: 40, requestMs: 60, checkMs: 20 } });
    const wire = openWire(port);

    wire.send(part);

    expect(await wire.closed()).toContain(message);
  });

  it('is not a request that arrived while the process was blocked', async () => {
    const { port } = await start({ timeouts: { headersMs: 40, requestMs: 60, checkMs: 20 } });
    const wire = openWire(port);
    await new Promise((resolve) => wire.socket.once('connect', resolve));
    wire.send('GET /ping HTTP/1.1\r\nHost: x\r\n\r\n');
    await wire.until('200 OK');

    wire.send('GET /ping HTTP/1.1\r\nHo');
    await new Promise(setImmediate); // the server has read it
    await new Promise(setImmediate);
    wire.send('st: x\r\nConnection: close\r\n\r\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);

    expect((await wire.closed()).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  });

  it('that is TLS on a plain port is answered with a hint', async () => {
    const { port } = await start();
    const wire = openWire(port);

    wire.send('\x16\x03\x01\x00\xa5\x01\x00');

    expect(await wire.closed()).toContain(
      'The request must be HTTP/1.1; received a TLS handshake. Use http, not https.',
    );
  });

  it('after a valid request does not affect the response to that one', async () => {
    const release = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { port, lines } = await start({
      algorithm: {
        async predict(_, { rows, features }) {
          if (features[0] === 9) begun.resolve();
          if (features[0] === 9) await release.promise;
          return { score: new Float64Array(rows).fill(features[0]!) };
        },
      },
    });
    const wire = openWire(port);

    wire.send(post('9,0,0'));
    await begun.promise;
    wire.send('this is no request\r\n\r\n');
    await expect.poll(() => lines.join('\n')).toContain('malformed request 400');
    release.resolve();

    expect(await wire.closed()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\{"predictions":\[\{"score":9\}\]\}$/s);
  });
});

describe('a caller that disconnects', () => {
  it('in the middle of its body is logged as aborted and affects nobody else', async () => {
    const { port, url, lines } = await start();
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n1,2');
    await wire.until('100 Continue');
    wire.socket.resetAndDestroy();

    await expect.poll(() => lines.join('\n')).toContain('POST /invocations aborted');
    expect((await untilReady({ url })).status).toBe(200);
  });

  it('before its response does not affect the next response', async () => {
    const release: (() => void)[] = [];
    const { port, url, lines } = await start({
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

describe('the request log', () => {
  it('has a line per request with status, time and rows, the first successful ping only, and no payload', async () => {
    const { url, lines } = await start();
    const send = (body: string, path = '/invocations') =>
      fetch(`${url}${path}`, { method: 'POST', body: Buffer.from(body) });

    await send('1,2,3\n4,5,6');
    await send('1,2,secret');
    await send('', '/secret%0d%0aPOST?key=secret');
    await untilReady({ url });

    const requests = lines.filter((line) => / ms=/.test(line));
    expect(requests.filter((line) => line.startsWith('GET /ping 200'))).toHaveLength(1);
    expect(requests.filter((line) => line.startsWith('POST'))).toEqual([
      expect.stringMatching(/^POST \/invocations 200 ms=\d+\.\d rows=2$/),
      expect.stringMatching(/^POST \/invocations 400 ms=\d+\.\d E_DATA_NUMBER$/),
      expect.stringMatching(/^POST \/secret%0d%0aPOST 404 ms=\d+\.\d E_REQUEST_ROUTE$/),
    ]);
    expect(lines.join('\n')).not.toMatch(/"secret"|1,2/);
  });

  it('has the inference id and the trace of a request, where these are by their rules', async () => {
    const { url, lines } = await start();
    const send = (inferenceId: string, traceparent: string) =>
      fetch(`${url}/invocations`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/csv', 'X-Amzn-SageMaker-Inference-Id': inferenceId, traceparent },
        body: '1,2,3',
      });

    await send('order-17', `00-${TRACE}-${SPAN}-01`);
    await send('two words', `00-${'0'.repeat(32)}-${SPAN}-01`);
    await send('x'.repeat(65), `ff-${TRACE}-${SPAN}-01`);

    expect(lines.filter((line) => line.startsWith('POST')).map((line) => line.replace(/ms=\S+/, 'ms='))).toEqual([
      `POST /invocations 200 ms= rows=1 id=order-17 trace=${TRACE}`,
      'POST /invocations 200 ms= rows=1',
      'POST /invocations 200 ms= rows=1',
    ]);
  });

  it('has objects by the names of OpenTelemetry where lines are JSON', () => {
    const memory = memoryLog();
    const { begin } = createRequestLog(jsonLog(memory), createRequestCounts());
    const headers = { 'x-amzn-sagemaker-inference-id': 'a', traceparent: `00-${TRACE}-${SPAN}-01` };

    begin('POST', '/invocations', headers)({ status: 200, headers: {}, body: Buffer.of(1), rows: 3 });
    begin('POST', '/invocations', {})({ status: 400, headers: {}, body: Buffer.of(1), code: 'E_DATA_NUMBER' });
    begin('GET', '/ping', {})(undefined);

    const facts = memory.lines.map((line) => JSON.parse(line));
    const common = { time: expect.any(String), level: 'info', message: 'request', ms: expect.any(Number) };
    const trace = { trace_id: TRACE, span_id: SPAN, trace_flags: '01' };
    expect(facts).toEqual([
      { ...common, method: 'POST', path: '/invocations', status: 200, rows: 3, inference_id: 'a', ...trace },
      { ...common, method: 'POST', path: '/invocations', status: 400, code: 'E_DATA_NUMBER' },
      { ...common, method: 'GET', path: '/ping', status: 'aborted' },
    ]);
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
    state,
    dispatcher: { invoke: async () => emptyAnswer(200) },
    pool: { emptyMs: () => emptyMs, problem: () => undefined },
    settings: readEnvironment({}).serving,
    batchStrategy: 'MULTI_RECORD',
    sessions: undefined,
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
