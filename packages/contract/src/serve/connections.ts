/**
 * Which connections are open and which are in the middle of a request. Node's own closeIdleConnections leaves those
 * alone that have never sent anything, so a drain on it alone would wait for them.
 */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  /** Notes a request; until its response is closed the connection is busy. */
  begin(socket: Socket, response: ServerResponse): void;
  /** Whether an answer on this connection has been started and not yet finished. */
  isAnswering(socket: Socket): boolean;
  /** From now on connections are closed as soon as they are idle. */
  drain(): void;
  /** Closes all connections; how many were in the middle of a request. */
  closeAll(): number;
}

export function trackConnections(server: Server): Connections {
  const open = new Map<Socket, Set<ServerResponse>>();
  let isDraining = false;
  server.on('connection', (socket: Socket) => {
    open.set(socket, new Set());
    socket.once('close', () => open.delete(socket));
  });
  return {
    begin(socket, response) {
      const responses = open.get(socket);
      responses?.add(response);
      response.once('close', () => {
        responses?.delete(response);
        if (isDraining && responses?.size === 0) socket.end();
      });
    },
    isAnswering: (socket) => [...(open.get(socket) ?? [])].some((response) => response.headersSent),
    drain() {
      isDraining = true;
      for (const [socket, responses] of open) if (responses.size === 0) socket.destroy();
    },
    closeAll() {
      const busy = [...open.values()].filter((responses) => responses.size > 0).length;
      for (const socket of open.keys()) socket.destroy();
      return busy;
    },
  };
}
