/** The answer to a request for a conversation that there will not be: on the socket itself, which Node has handed over. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer } from '../message.js';

/** Closes the connection behind the answer. */
export function refuseUpgrade(socket: Duplex, { status, headers, body }: Answer): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${Buffer.from(body)}`, () => socket.destroy());
}
