/** Who may connect to a host, and where it listens. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { lineOf } from '../../../src/cluster/wire/message.js';
import { ADDRESSES, useMeshes } from './meshes.js';

const meshes = useMeshes();
const { join, silentHost } = meshes;

it.each([
  ['another job', lineOf({ kind: 'hello', host: 'algo-2', job: 'other' }), ADDRESSES[1]],
  ['an address that is not its own', lineOf({ kind: 'hello', host: 'algo-2', job: 'job' }), '127.0.0.9'],
  ['the name of a host elsewhere', lineOf({ kind: 'hello', host: 'algo-3', job: 'job' }), ADDRESSES[1]],
  ['something else', 'GET / HTTP/1.1\n', ADDRESSES[1]],
  [
    'a host after something else',
    `GET / HTTP/1.1\n${lineOf({ kind: 'hello', host: 'algo-2', job: 'job' })}`,
    ADDRESSES[1],
  ],
])('a connection of %s is closed', async (_what, hello, address) => {
  const first = join(0);

  const socket = await silentHost(hello, address);
  socket.resume();

  await once(socket, 'close');
  expect(first.seen).toEqual([]);
});

it.each([
  ['from a stranger’s address, before it says anything', '', '127.0.0.9', 600_000],
  ['with what only a rank of this machine may say', 'cmd=abort exitcode=3\n', ADDRESSES[1], 600_000],
  ['that says nothing for as long as a host may be silent', '', ADDRESSES[1], 10],
  ['that stays in the middle of its first line as long', '{"kind":"hel', ADDRESSES[1], 10],
])('a connection %s is closed', async (_what, text, address, beatMs) => {
  const first = join(0, { beatMs });

  const socket = await silentHost(text, address);
  socket.resume();

  await once(socket, 'close');
  expect(first.seen).toEqual([]);
});

it('a port that is taken fails the job, with its address', async () => {
  const taken = createServer().listen(meshes.port, ADDRESSES[0]);
  await once(taken, 'listening');

  const first = join(0);

  expect((await first.failure).message).toContain(
    `The hosts of the job must be able to meet at 127.0.0.1:${meshes.port}: listen EADDRINUSE`,
  );
  taken.close();
});
