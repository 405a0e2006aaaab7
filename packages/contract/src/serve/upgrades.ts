/**
 * Requests that ask for another protocol. Node's parser ends with such a request, and where HTTP continues, what was read
 * behind it is lost: the rest of a body would be taken for a request. So another parser begins with the same request without this wish.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Connections } from './connections.js';
import type { Conversations } from './conversation/conversations.js';

/** @param readAgain has Node's server read the bytes, and what follows on the connection */
export function answerUpgrades(
  server: Server,
  connections: Pick<Connections, 'release'>,
  conversations: Conversations | undefined,
  readAgain: (socket: Socket, unread: Buffer) => void,
): void {
  server.on('upgrade', (request, socket, head) => {
    if (!conversations?.isFor(request)) return readAgain(request.socket, Buffer.concat([plainHead(request), head]));
    connections.release(request.socket);
    void conversations.hold(request, socket, head);
  });
}

/** Whether Node's parser ends with this request. RFC 9110, 7.8. */
export function asksForUpgrade({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.upgrade !== undefined && /\bupgrade\b/i.test(headers.connection ?? '');
}

// --- internal ---

/** The head as it came, without Upgrade, and no longer than it was. */
function plainHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}\r\n`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}:${rawHeaders[index + 1]}\r\n`);
  }
  return Buffer.from(`${lines.join('')}\r\n`, 'latin1');
}
