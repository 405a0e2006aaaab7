import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { webSocket } from '../src/web-socket.js';

it('a connection that closes before the library is loaded is no conversation', async () => {
  const accept = await webSocket.load({ maxMessageBytes: 100, unreadMs: 100 });
  const socket = new Socket();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.destroy();
  await closed;

  expect(await accept(new IncomingMessage(socket), socket, Buffer.alloc(0), [])).toBeUndefined();
});
