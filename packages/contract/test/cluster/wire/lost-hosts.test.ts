/** Hosts that hang, end or never come, and those that are cut off. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { lineOf } from '../../../src/cluster/wire/message.js';
import { ADDRESSES, helloOf, PROGRAM, useMeshes } from './meshes.js';

const meshes = useMeshes();
const { join, silentHost } = meshes;

/** Beats come when the test says so: with short real ones a slow machine would close connections before their first line. */
function holdBeats(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
}

it('a host whose connection ends before the training does is lost', async () => {
  const first = join(0, { size: 2 });
  const second = await silentHost();
  await first.ready;

  second.destroy();

  const error = await first.failure;
  expect([error.name, error.code]).toEqual(['PlatformError', 'E_HOST']);
  expect(error.message).toBe(
    'The host algo-2 was lost: its connection ended before the training did. Its own log may say why.',
  );
});

it('a host that hangs is lost after three beats, while the connection stays', async () => {
  holdBeats();
  const first = join(0, { size: 2, beatMs: 1000 });
  await silentHost();
  await first.ready;

  vi.advanceTimersByTime(4000);

  expect((await first.failure).message).toBe(
    'The host algo-2 was lost: no sign of life for 3 s. Its own log may say why.',
  );
});

it('a host that hears none of several others says that it is cut off itself', async () => {
  holdBeats();
  const first = join(0, { beatMs: 1000 });
  await silentHost();
  await silentHost(helloOf('algo-3'), ADDRESSES[2]);
  await first.ready;

  vi.advanceTimersByTime(4000);

  expect((await first.failure).message).toMatch(
    /^The host algo-1 is cut off: no sign of life of algo-[23], algo-[23] for 3 s\.$/,
  );
});

it('a host that hangs is lost although another one is late by less than three beats', async () => {
  holdBeats();
  const first = join(0, { beatMs: 1000 });
  const second = await silentHost();
  await silentHost(helloOf('algo-3'), ADDRESSES[2]);
  await first.ready;

  vi.advanceTimersByTime(2000);
  second.write(lineOf({ kind: 'stop', name: 'SIGTERM' })); // a sign of life that is seen
  await first.stopped;
  vi.advanceTimersByTime(2000);

  expect((await first.failure).message).toBe(
    'The host algo-3 was lost: no sign of life for 3 s. Its own log may say why.',
  );
});

it('hosts that do not come in time are named', async () => {
  const first = join(0, { timeoutMs: 20 });

  await expect(first.ready).rejects.toThrow(
    'The hosts algo-2, algo-3 were lost: no connection after 0 s. Their own logs may say why.',
  );
});

it('a host that ends without waiting for the others is named by those that wait', async () => {
  const first = join(0, { size: 2 });
  const second = await silentHost(lineOf({ kind: 'hello', host: 'algo-2', job: 'job' }));

  second.write(lineOf({ kind: 'done' }));

  expect((await first.failure).message).toBe(
    'The host algo-2 was lost: its program ended without asking for a communicator. Its own log may say why.',
  );
});

it('a host whose work a stop has ended hears that the leader is lost', async () => {
  const second = join(1, { size: 2 });
  const first = createServer().listen(meshes.port, ADDRESSES[0]);
  const [socket] = await once(first, 'connection');
  onTestFinished(() => void socket.destroy());
  socket.write(lineOf({ kind: 'ready', program: PROGRAM }));
  await second.ready;

  const kept = second.halt('The job was stopped.');
  socket.destroy();

  expect(await kept).toBe(false);
  first.close();
});
