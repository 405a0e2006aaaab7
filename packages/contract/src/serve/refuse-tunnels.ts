/** CONNECT asks for a tunnel through this server: it is none. Node hands the connection over, so the answer is written on it. */
import type { Server } from 'node:http';
import type { Log } from '../log.js';
import type { Connections } from './connections.js';

/** A request that is not answered yet gets its answer, and the connection ends with it. */
export function refuseTunnels(
  server: Server,
  connections: Pick<Connections, 'isBusy' | 'closeWhenAnswered'>,
  log: Log,
): void {
  server.on('connect', (request, socket) => {
    if (connections.isBusy(request.socket)) connections.closeWhenAnswered(request.socket);
    else socket.end(REFUSAL);
    log.info(`${request.method} 405`);
  });
}

// --- internal ---

const REFUSAL =
  'HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD, POST\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
