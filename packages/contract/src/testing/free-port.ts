import { once } from 'node:events';
import { createServer } from 'node:net';
import { listen } from '../serve/listen.js';

/** A port of the loopback addresses that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0, '127.0.0.1');
  server.close();
  await once(server, 'close');
  return port;
}
