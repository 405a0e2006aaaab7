/** Whether a request is late whose process was blocked. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { memoryLog } from '../../src/log.js';
import { trackConnections } from '../../src/serve/connections.js';
import { listen } from '../../src/serve/listen.js';
import { refuseMalformedRequests } from '../../src/serve/malformed.js';
import { createRequestCounts } from '../../src/serve/metrics/request-counts.js';
import { openWire } from './running-server.js';

it('a request is not late whose rest came while the process was blocked once more, as it waited for that', async () => {
  const connections = trackConnections();
  const server = createServer((_request, response) => void response.end());
  server.on('connection', connections.add);
  server.on('request', (request, response) => connections.begin(request, response, () => {}));
  refuseMalformedRequests(server, connections, { headersMs: 1, requestMs: 1 }, memoryLog(), createRequestCounts());
  const wire = openWire(await listen(server, 0, '127.0.0.1'));
  onTestFinished(() => void server.close());
  const [socket] = (await once(server, 'connection')) as [Socket];
  wire.send('GET / HTTP/1.1\r\nHo');
  await expect.poll(() => socket.bytesRead).toBeGreaterThan(0);
  await new Promise(setImmediate); // timers are the next that Node looks at, before sockets

  server.emit('clientError', Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
  wire.send('st: x\r\nConnection: close\r\n\r\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);

  expect(await wire.closed()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});
