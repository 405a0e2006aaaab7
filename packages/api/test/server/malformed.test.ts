import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { answerMalformed } from '../../src/server/malformed.js';

it('a client that stays after the answer to an error does not keep its connection', async () => {
  const server = createServer(() => undefined);
  answerMalformed(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void client.destroy());
  const [socket]: Socket[] = await once(server, 'connection');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());

  const error = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  server.emit('clientError', error, socket);
  const [answer] = await once(client, 'data');
  const wasKept = !socket!.destroyed;
  vi.advanceTimersByTime(60_000);

  expect(String(answer)).toContain('408 Request Timeout');
  expect([wasKept, socket!.destroyed]).toEqual([true, true]);
});
