/** Direct answers in front of Node's own server: it gets the connections that are handed over, and those alone. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Connections } from '../connections.js';
import { BrokenOff } from '../malformed.js';
import { createDirectConnections, type DirectConnections, type DirectConnectionsOptions } from './connections.js';

export interface Interception extends DirectConnections {
  /** Has Node's server read `unread` and what follows on the connection. */
  handOver(socket: Socket, unread: Buffer): void;
  /** The same for a connection that it has had before, and has given away. */
  readAgain(socket: Socket, unread: Buffer): void;
}

/** @param connections gets each connection that Node's server gets */
export function interceptConnections(
  server: Server,
  connections: Pick<Connections, 'add'>,
  options: Omit<DirectConnectionsOptions, 'handOver' | 'refuse'>,
): Interception {
  const own = server.listeners('connection');
  const read = (socket: Socket, unread: Buffer) => {
    const hasEnded = socket.readableEnded;
    if (unread.length > 0 && !hasEnded) socket.unshift(unread);
    for (const listener of own) listener.call(server, socket);
    if (hasEnded) {
      // The other side has ended while its request waited: the stream takes nothing back.
      socket.emit('data', unread);
      socket.emit('end');
    } else socket.resume();
  };
  const handOver = (socket: Socket, unread: Buffer) => {
    connections.add(socket);
    read(socket, unread);
  };
  const direct = createDirectConnections({
    ...options,
    handOver,
    refuse(socket) {
      options.report(false, {}, performance.now(), undefined);
      server.emit('clientError', new BrokenOff(), socket);
    },
  });
  server.removeAllListeners('connection').on('connection', direct.take);
  return { ...direct, handOver, readAgain: read };
}
