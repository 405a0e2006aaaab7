/** Callers that send a byte now and then: each byte is in time, all of them are not. It takes the seconds that they get. */
import { afterEach, expect, it } from 'vitest';
import { endServers, openWire, startServer, untilReady } from './running-server.js';

afterEach(endServers);

const HEAD = 'POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n';

it.each([
  ['a head', HEAD, 'a'],
  ['a body', `${HEAD}Content-Length: 100000\r\n\r\n`, '1'],
  ['chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n1\r\n'],
])('%s that never ends, though something of it always comes, is timed out', async (_, start, drip) => {
  const server = await startServer({ timeouts: { headersMs: 300, requestMs: 600, checkMs: 50 } });
  await untilReady(server);
  const wire = openWire(server.port);

  wire.send(start);
  const timer = setInterval(() => wire.send(drip), 20);
  const received = await wire.closed();
  clearInterval(timer);

  expect(received).toMatch(/^HTTP\/1\.1 408 Request Timeout/);
});
