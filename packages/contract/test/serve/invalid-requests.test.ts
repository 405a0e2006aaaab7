/** Requests that are wrong, malformed or late. */
import { afterEach, describe, expect, it } from 'vitest';
import { endServers, openWire, post, startReady } from './running-server.js';

afterEach(endServers);

it('a request that is wrong, that no answer suits, that is too long or of an unknown type has a status of its own', async () => {
  const { url } = await startReady({ algorithm: { maxPayloadBytes: 100 } });
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
    const { port, lines } = await startReady();
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
    const { port } = await startReady({ timeouts: { ...timeouts, checkMs: 20 } });
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
    const { port } = await startReady({ timeouts: { headersMs: 40, requestMs: 60, checkMs: 20 } });
    const wire = openWire(port);

    wire.send(part);

    expect(await wire.closed()).toContain(message);
  });

  it('is not a request that arrived while the process was blocked', async () => {
    const { port } = await startReady({ timeouts: { headersMs: 40, requestMs: 60, checkMs: 20 } });
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
    const { port } = await startReady();
    const wire = openWire(port);

    wire.send('\x16\x03\x01\x00\xa5\x01\x00');

    expect(await wire.closed()).toContain(
      'The request must be HTTP/1.1; received a TLS handshake. Use http, not https.',
    );
  });

  it('that is HTTP/2 without an upgrade is answered with its name', async () => {
    const { port } = await startReady();
    const wire = openWire(port);

    wire.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

    expect(await wire.closed()).toContain('The request must be HTTP/1.1; received HTTP/2.');
  });

  it('after a valid request does not affect the response to that one', async () => {
    const release = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { port, lines } = await startReady({
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

describe('a Host', () => {
  const ask = async (host: string) => {
    const { port } = await startReady();
    const wire = openWire(port);
    wire.send(`GET /ping HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    return wire.closed();
  };

  it.each(['a b', 'a/b', 'u@a', 'a, b', '[::1', 'a:x', 'a?b', '%zz'])('is refused that is none: %s', async (host) => {
    expect(await ask(host)).toMatch(/^HTTP\/1\.1 400 .*Host must be a host, with or without a port; received/s);
  });

  it.each(['', 'model.aws.local:8080', '[::1]:8080', '[fe80::1%25eth0]', 'my_host:', '127.0.0.1', 'a%20b'])(
    'may be %s',
    async (host) => {
      expect(await ask(host)).toMatch(/^HTTP\/1\.1 200 OK/);
    },
  );
});

it('a request for a tunnel behind one that is not answered yet does not get its answer', async () => {
  const release = Promise.withResolvers<void>();
  const { port, lines } = await startReady({
    algorithm: {
      async predict(_, { rows, features }) {
        if (features[0] === 9) await release.promise;
        return { score: new Float64Array(rows).fill(features[0]!) };
      },
    },
  });
  const wire = openWire(port);

  wire.send(`${post('9,0,0')}CONNECT host:443 HTTP/1.1\r\nHost: host:443\r\n\r\n`);
  await expect.poll(() => lines.join('\n')).toContain('CONNECT 405');
  release.resolve();

  expect((await wire.closed()).match(/HTTP\/1\.1 \d+|"score":\d/g)).toEqual(['HTTP/1.1 200', '"score":9']);
});
