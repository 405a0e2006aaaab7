/** Bodies over the size limit. */
import { afterEach, describe, expect, it } from 'vitest';
import { endServers, openWire, startReady } from './running-server.js';

afterEach(endServers);

describe('a body over the size limit', () => {
  const small = { algorithm: { maxPayloadBytes: 100 } };

  it('is refused by its declared length before it is read', async () => {
    const { port } = await startReady(small);
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\nExpect: 100-continue\r\n\r\n');
    const received = await wire.until('E_REQUEST_SIZE');
    wire.socket.destroy();

    expect(received).toMatch(/^HTTP\/1\.1 413 Payload Too Large\r\n/);
    expect(received).toContain('Connection: close');
    expect(received).toContain('The body must have at most 100 bytes; received 101 bytes.');
  });

  it('is refused in the middle if it is chunked', async () => {
    const { port } = await startReady(small);
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (let i = 0; i < 11; i++) wire.send(`a\r\n${'1'.repeat(10)}\r\n`);

    expect(await wire.until('E_REQUEST_SIZE')).toMatch(/^HTTP\/1\.1 413 /);
    wire.send('0\r\n\r\n');
    expect(await wire.closed()).toContain('at most 100 bytes; received more.');
  });

  it('is read and discarded so that a caller who is still writing sees the response', async () => {
    const { url } = await startReady(small);

    const response = await fetch(`${url}/invocations`, { method: 'POST', body: '1,'.repeat(4_000_000) });

    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'E_REQUEST_SIZE' } });
  });

  it('that never ends is cut off after the linger time', async () => {
    const { port } = await startReady({ ...small, timeouts: { lingerMs: 30 } });
    const wire = openWire(port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n1,2');

    expect(await wire.closed()).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('is not one of exactly the limit, which is answered', async () => {
    const { url } = await startReady({ algorithm: { maxPayloadBytes: 5 } });

    expect(
      (await fetch(`${url}/invocations`, { method: 'POST', body: '1,2,3', headers: { 'Content-Type': 'text/csv' } }))
        .status,
    ).toBe(200);
  });

  it('is above 25 MiB unless the algorithm says otherwise', async () => {
    const { port } = await startReady();
    const wire = openWire(port);

    wire.send(`POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: ${25 * 1024 * 1024 + 1}\r\n\r\n`);
    expect(await wire.until('E_REQUEST_SIZE')).toContain('at most 26214400 bytes');
    wire.socket.destroy();
  });
});
