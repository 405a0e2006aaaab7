/** Bidirectional streams: the WebSocket that the platform opens, tried where a profile claims them or an image's label does. */
import { createHash } from 'node:crypto';
import { clientFrame, type Frame, OPERATION, readFrames } from '../lab/frames.js';
import type { Lab } from '../lab/lab.js';
import { openConnection, type RawConnection, requestHead } from '../lab/raw-connection.js';
import type { Rule } from '../rule.js';
import { Broken, excerpt, hold, need } from '../verdict.js';
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
      await opened(connection);
      connection.write(clientFrame(OPERATION.ping, ALIVE));
      await frameOf(connection, ({ operation, payload }) => operation === OPERATION.pong && payload.equals(ALIVE));
      return 'a pong with the same content';
    },
  ),
  rule(
    'bidirectional.answer',
    'A message is answered by frames of text or bytes that are not masked: each becomes an event of the caller’s stream.',
    'must',
    async (connection, lab) => {
      const frames = [clientFrame(OPERATION.text, messageOf(lab))];
      return answerTo(connection, frames, 'a message');
    },
  ),
  rule(
    'bidirectional.fragments',
    'A message in several frames is read as one, also with a ping between them: the platform sends the parts of a PARTIAL one so.',
    'must',
    async (connection, lab) => {
      const message = messageOf(lab);
      const half = Math.ceil(message.length / 2);
      const frames = [
        clientFrame(OPERATION.text, message.subarray(0, half), false),
        clientFrame(OPERATION.ping, ALIVE),
        clientFrame(OPERATION.continuation, message.subarray(half)),
      ];
      return answerTo(connection, frames, 'a message in two frames');
    },
  ),
  rule('bidirectional.close', 'The close of the WebSocket is answered by a close.', 'should', async (connection) => {
    await opened(connection);
    connection.write(clientFrame(OPERATION.close, Buffer.from([NORMAL >> 8, NORMAL & 0xff])));
    await frameOf(connection, ({ operation }) => operation === OPERATION.close);
    return 'a close';
  }),
];

// --- internal ---

const LABEL = 'com.amazonaws.sagemaker.capabilities.bidirectional-streaming';
/** Of RFC 6455 section 1.3. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const ALIVE = Buffer.from('alive');
const NORMAL = 1000;

function rule(
  id: string,
  text: string,
  severity: Rule['severity'],
  check: (connection: RawConnection, lab: Lab) => Promise<string>,
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
        return await check(connection, lab);
      } finally {
        connection.close();
      }
    },
  };
}

/** @throws NotTried where the WebSocket does not open, which a rule of its own is about */
async function opened(connection: RawConnection): Promise<void> {
  const { status } = await connection.answer();
  need(status === 101, `the WebSocket does not open: status ${status}`);
}

/** In UTF-8: a frame may end within a character. */
function messageOf({ profile }: Lab): Buffer {
  const [message] = profile.messages;
  need(message !== undefined, 'the profile has no messages');
  return Buffer.from(message);
}

/** The first frame of the server that is looked for. @throws Broken when there is none in 60 s, the platform's time between two pings */
function frameOf(connection: RawConnection, isWanted: (frame: Frame) => boolean): Promise<Frame> {
  return connection.find((received) => framesOf(received).find(isWanted));
}

/**
 * Sends the frames of a message.
 * @returns the start of the first frame of text or bytes
 * @throws Broken for one that breaks RFC 6455, a close as after a mistake, or none
 */
async function answerTo(connection: RawConnection, frames: readonly Buffer[], what: string): Promise<string> {
  await opened(connection);
  for (const frame of frames) connection.write(frame);
  const { operation, isMasked, payload } = await frameOf(connection, (frame) => !CONTROL.has(frame.operation));
  hold(!isMasked, `${what} is answered by a frame that is masked, which is a client's`);
  if (operation === OPERATION.close) {
    const code = payload.length < 2 ? NORMAL : payload.readUInt16BE();
    throw new Broken(`${what} is answered by a close with code ${code} ${excerpt(payload.subarray(2))}`);
  }
  const isData = operation === OPERATION.text || operation === OPERATION.binary;
  hold(isData, `${what} is answered by a frame of operation ${operation}`);
  return excerpt(payload);
}

const CONTROL: ReadonlySet<number> = new Set([OPERATION.ping, OPERATION.pong]);

function framesOf(received: string): readonly Frame[] {
  const at = received.indexOf('\r\n\r\n');
  return at < 0 ? [] : readFrames(received.slice(at + 4));
}
