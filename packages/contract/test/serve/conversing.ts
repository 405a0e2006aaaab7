/** Servers of algorithms that converse. */
import { expect } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import type { ConversationDefinition } from '../../src/conversation/definition.js';
import type { Message } from '../../src/conversation/wire-message.js';
import { webSocket } from '../../src/web-socket.js';
import { type RunningServer, startServer, untilReady } from './running-server.js';

type Converse = NonNullable<Algorithm['converse']>;

export async function start(
  converse: Converse,
  definition: Partial<ConversationDefinition> = {},
  options: Parameters<typeof startServer>[0] = {},
): Promise<RunningServer> {
  const conversation = { description: 'Texts.', protocol: webSocket, ...definition };
  const server = await startServer({ algorithm: { conversation, converse }, ...options });
  await untilReady(server);
  return server;
}

/** Says each message again. */
export async function* echo(_model: unknown, messages: AsyncIterable<Message>) {
  for await (const message of messages) yield message;
}

export function untilLogged({ lines }: RunningServer, pattern: RegExp): Promise<void> {
  return expect.poll(() => lines.join('\n')).toMatch(pattern);
}

/** The head of an opening handshake, RFC 6455, 4.1. */
export function handshake(changes: Readonly<Record<string, string>> = {}): string {
  const headers = {
    ...{ Host: 'x', Connection: 'Upgrade', Upgrade: 'websocket' },
    ...{ 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' },
    ...changes,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET /invocations-bidirectional-stream HTTP/1.1\r\n${lines.join('')}\r\n`;
}
