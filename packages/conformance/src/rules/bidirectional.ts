/** Bidirectional streams: the WebSocket that the platform opens, tried where a profile claims them or an image's label does. */
import { createHash } from 'node:crypto';
import type { Lab } from '../lab/lab.js';
import { openConnection, type RawConnection, requestHead } from '../lab/raw-connection.js';
import type { Rule } from '../rule.js';
import { excerpt, hold } from '../verdict.js';
import { needClaim } from './claims.js';
import { PAGES } from './pages.js';

export const BIDIRECTIONAL_RULES: readonly Rule[] = [
  rule(
    'bidirectional.upgrade',
    'The WebSocket /invocations-bidirectional-stream opens: 101, with the key of RFC 6455.',
    'must',
    async (connection) => {
      const { status, head } = await connection.answer();
      hold(status === 101, () => `status ${status} ${excerpt(head)}`);
      const key = /^sec-websocket-accept:[ \t]*(\S+)/im.exec(head)?.[1];
      hold(key === ACCEPT, `Sec-WebSocket-Accept is ${key ?? 'missing'}, where ${ACCEPT} is right`);
      return 'status 101';
    },
  ),
  rule(
    'bidirectional.pong',
    'A ping of the WebSocket is answered: the platform sends one every 60 s, and closes after five without an answer.',
    'must',
    async (connection) => {
      await connection.answer();
      connection.write(frame(PING, 'alive'));
      await connection.find((received) => received.includes(`\x8a\x05alive`) || undefined, PONG_MS);
      return 'a pong with the same content';
    },
  ),
  rule('bidirectional.close', 'The close of the WebSocket is answered by a close.', 'should', async (connection) => {
    await connection.answer();
    connection.write(frame(CLOSE, '\x03\xe8'));
    await connection.find((received) => received.split('\r\n\r\n')[1]?.includes('\x88') || undefined);
    return 'a close';
  }),
];

// --- internal ---

const LABEL = 'com.amazonaws.sagemaker.capabilities.bidirectional-streaming';
/** Of RFC 6455 section 1.3. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const PING = 9;
const CLOSE = 8;
/** The platform's time between two pings. */
const PONG_MS = 60_000;

function rule(
  id: string,
  text: string,
  severity: Rule['severity'],
  check: (connection: RawConnection) => Promise<string>,
): Rule {
  return {
    ...{ id, rule: text, source: PAGES.bidirectional, severity },
    async check(lab: Lab) {
      await needClaim(lab, 'bidirectional', LABEL);
      const { port } = await lab.server();
      const connection = await openConnection(port);
      const upgrade = {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': KEY,
      };
      connection.write(requestHead('/invocations-bidirectional-stream', upgrade, 'GET'));
      try {
        return await check(connection);
      } finally {
        connection.close();
      }
    },
  };
}

/** Of a client: whole, and masked with zeros, which change nothing. */
function frame(operation: number, content: string): Buffer {
  const payload = Buffer.from(content, 'latin1');
  return Buffer.concat([Buffer.from([0x80 | operation, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
