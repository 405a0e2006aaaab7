/** The network of a container whose image is not trusted, with programs in the place of an engine. */
import { once } from 'node:events';
import { rmSync, symlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { forwardPort } from '../src/container/port-forward.js';
import { openSandbox } from '../src/container/sandbox.js';
import { reservePort } from '../src/endpoint/port.js';
import { installOnly } from './image-check/programs.js';
import { makeFolder } from './scene.js';

const ENGINE = { name: 'podman', version: '5' } as const;

it('a keeper that says other things too is understood, and up to 1,000 names that were looked up are kept', async () => {
  installOnly({
    podman: `
      echo 'Warning: this Node is old'; echo '{"other":1}'; echo '{"ready":"v24.0.0"}'
      i=0; while [ $i -lt 1200 ]; do echo "{\\"lookup\\":\\"name-$i\\"}"; i=$((i + 1)); done
      echo '['; read line; echo '{"connections":3}'
      read line; [ "$line" = ports ] && echo '{"ports":[8080]}'; read line`,
  });

  const sandbox = await openSandbox(ENGINE, 'any');
  onTestFinished(() => sandbox.close());

  const { lookups, connections } = await sandbox.outward();
  expect(sandbox.nodeVersion).toBe('24.0.0');
  expect([lookups.length, lookups[0], lookups.at(-1), connections]).toEqual([1000, 'name-0', 'name-999', 3]);
  expect(await sandbox.ports()).toEqual([8080]);
});

it('a keeper that never says that it is ready is an error with what it said', async () => {
  installOnly({ podman: `echo '{"ready":1}'; echo 'node: not found' >&2` });

  await expect(openSandbox(ENGINE, 'any')).rejects.toThrow(
    'The network keeper exited before it was ready. node: not found',
  );
});

it("a port does not lead to another socket of this machine by a link in the server's place", async () => {
  const folder = makeFolder();
  const [own, link] = [join(folder, 'own'), join(folder, 'server')];
  const server = createServer((socket) => socket.end('secret')).listen(own);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port, release } = await reservePort();
  const read = async () => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => undefined);
    await once(socket, 'close');
    return text;
  };
  symlinkSync(own, link);
  const linked = await forwardPort({ port }, link);
  const throughLink = await read();
  linked.close();
  rmSync(link);

  const direct = await forwardPort({ port }, own);
  const throughSocket = await read();
  direct.close();
  release();

  expect([throughLink, throughSocket]).toEqual(['', 'secret']);
});
