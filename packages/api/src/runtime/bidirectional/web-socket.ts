/**
 * The platform's end of a container's WebSocket: opened at a path of the container, with a ping every minute. Source: RFC 6455;
 * AWS guide, bidirectional streaming.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { readStart } from '../answer-start.js';
import { HOST_HEADER } from '../container-headers.js';
import { encodeFrame, type Frame, OPCODE, readFrames } from './frames.js';
import type { PayloadPart } from './payload-part.js';

export interface ContainerSocket {
  /** Headers of the container's answer. */
  readonly answered: IncomingHttpHeaders;
  /** Ends when the container closes, or breaks off; `closed` says how then. @throws Error when it breaks the protocol */
  readonly parts: AsyncIterable<PayloadPart>;
  /** How the container has closed: 1006 without a close frame. */
  readonly closed: { readonly code: number; readonly reason: string };
  /** Settles when the container may get more. */
  send(part: PayloadPart): Promise<void>;
  /** Asks the container to close, which it has a moment for. */
  close(code: number): void;
}

export interface SocketOptions {
  /** Of the client's request: the connections of a stream have it in common. */
  readonly requestId: string;
  /** Ends it whatever it is at. */
  readonly signal: AbortSignal;
  /** Between pings; default one minute, the platform's. */
  readonly pingMs?: number;
}

/** The container has answered the request for a WebSocket by a status of HTTP. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** After so many pings without an answer the platform closes. */
const MAX_MISSED_PINGS = 5;
const PING_MS = 60_000;
const CLOSE_MS = 5_000;
const NO_ANSWER = 'The container has answered none of the last 5 pings.';

/** @throws Refused, or the system's error when there is no connection */
export async function openSocket(url: string, options: SocketOptions): Promise<ContainerSocket> {
  const key = randomBytes(16).toString('base64');
  const call = request(url, {
    agent: false,
    signal: options.signal,
    headers: {
      ...{ Host: HOST_HEADER, Connection: 'Upgrade', Upgrade: 'websocket' },
      'X-Amzn-SageMaker-Request-Id': options.requestId,
      ...{ 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': key },
    },
  });
  const opened = await new Promise<{ response: IncomingMessage; socket: Duplex; head: Buffer }>((resolve, reject) => {
    call.once('error', reject);
    call.once('upgrade', (response, socket, head) => resolve({ response, socket, head }));
    call.once(
      'response',
      (response) => void readStart(response).then((text) => reject(new Refused(response.statusCode ?? 0, text))),
    );
    call.end();
  });
  const { response, socket, head } = opened;
  if (response.headers['sec-websocket-accept'] !== acceptOf(key)) {
    socket.destroy();
    throw new Error('Sec-WebSocket-Accept of the container is not that of the key.');
  }
  socket.unshift(head);
  return { answered: response.headers, ...socketOf(socket, options) };
}

// --- internal ---

function socketOf(socket: Duplex, { signal, pingMs = PING_MS }: SocketOptions): Omit<ContainerSocket, 'answered'> {
  const closed = { code: 1006, reason: 'The connection was closed without a close frame.' };
  let missed = 0;
  let isClosing = false;
  const write = (frame: Frame) => socket.writable && socket.write(encodeFrame(frame));
  const close = (code: number) => {
    if (isClosing) return;
    isClosing = true;
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    write({ opcode: OPCODE.close, isLast: true, payload });
    setTimeout(() => socket.destroy(), CLOSE_MS).unref();
  };
  const ping = setInterval(() => {
    if (missed === MAX_MISSED_PINGS) {
      closed.reason = NO_ANSWER;
      socket.destroy();
    }
    missed += 1;
    write({ opcode: OPCODE.ping, isLast: true, payload: Buffer.alloc(0) });
  }, pingMs);
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  socket.on('error', () => undefined); // the end of the connection says it, too
  socket.once('close', () => {
    clearInterval(ping);
    signal.removeEventListener('abort', stop);
  });
  async function* parts(): AsyncGenerator<PayloadPart> {
    let isText = false;
    for await (const { opcode, isLast, payload } of readFrames(chunksOf(socket))) {
      if (opcode === OPCODE.pong) missed = 0;
      else if (opcode === OPCODE.ping) write({ opcode: OPCODE.pong, isLast: true, payload });
      else if (opcode === OPCODE.close) {
        closed.code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
        closed.reason = payload.toString('utf8', 2);
        close(payload.length >= 2 ? closed.code : 1000);
        socket.end();
        return;
      } else {
        if (opcode !== OPCODE.continuation) isText = opcode === OPCODE.text;
        yield { bytes: payload, isText, isLast };
      }
    }
  }
  let isInMessage = false;
  return {
    parts: parts(),
    closed,
    close,
    async send({ bytes, isText, isLast }) {
      const opcode = isInMessage ? OPCODE.continuation : isText ? OPCODE.text : OPCODE.binary;
      isInMessage = !isLast;
      if (write({ opcode, isLast, payload: bytes }) || !socket.writable) return;
      await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    },
  };
}

/** A connection that breaks off ends them. */
async function* chunksOf(socket: Duplex): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch {}
}

/** RFC 6455, 4.2.2. */
function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}
