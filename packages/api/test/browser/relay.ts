/** An address that stays while the server behind it ends and another begins: a port given back could be taken by any program. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { onTestFinished } from 'vitest';

export interface Relay {
  readonly url: string;
  /** Leads to this server from now on; undefined: connections are closed as soon as they are made. */
  lead(to: string | undefined): void;
}

/** Ends with the test. */
export async function openRelay(to: string): Promise<Relay> {
  let target: string | undefined = to;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (target === undefined) return void client.destroy();
    const { port, hostname } = new URL(target);
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    pipeline(client, upstream, client, () => undefined); // a side that breaks off ends the other
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead(next) {
      target = next;
    },
  };
}
