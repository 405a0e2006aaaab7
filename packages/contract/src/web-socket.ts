/**
 * @algo/contract/web-socket: conversations over WebSocket (RFC 6455), as SageMaker opens them to a container. An entry point
 * of its own, so that the library is only in the programs that declare a conversation, and loaded for the first one.
 */
import type { IncomingMessage } from 'node:http';
import type { ServerOptions, WebSocket } from 'ws';
import type {
  AcceptConversation,
  ConversationProtocol,
  ConversationSocket,
  SocketLimits,
} from './conversation/definition.js';
import { type WireMessage, wireMessage } from './conversation/wire-message.js';
import { ClientError } from './errors.js';
import { refuseUpgrade } from './serve/conversation/refuse-upgrade.js';
import { type Answer, errorAnswer } from './serve/message.js';

/** For `conversation.protocol` of a definition. */
export const webSocket: ConversationProtocol = {
  async load(limits): Promise<AcceptConversation> {
    const { WebSocketServer } = await import('ws');
    const options: ServerOptions & { readonly closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false, // a small message could become any size
      maxPayload: limits.maxMessageBytes,
      closeTimeout: CLOSE_MS, // missing in @types/ws 8.18
    };
    const server = new WebSocketServer(options);
    const headersOf = new WeakMap<IncomingMessage, readonly string[]>();
    server.on('headers', (lines, request) => {
      for (const line of headersOf.get(request) ?? []) lines.push(line);
    });
    server.on('wsClientError', ({ message }, socket) => refuseUpgrade(socket, notWebSocket(message)));
    return (request, socket, head, headers) =>
      new Promise((resolve) => {
        if (socket.destroyed) return resolve(undefined); // while the library was loaded
        headersOf.set(request, headers);
        socket.once('close', () => resolve(undefined)); // of a handshake that the library has refused
        server.handleUpgrade(request, socket, head, (connection) => resolve(createSocket(connection, limits)));
      });
  },
};

// --- internal ---

/** How long the other side may take to close its end. */
const CLOSE_MS = 5_000;
/** Bytes of messages that are read before anybody has asked for them. */
const QUEUED_BYTES = 64 * 1024;

/** RFC 6455, 7.4.1. */
const ABNORMAL = 1006;
/** The close code of what the library finds wrong in the other side's frames, where it is not 1002. */
const CODES: Readonly<Record<string, number>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_INVALID_UTF8: 1007,
};

/** RFC 6455, 4.4: the answer names the version. */
function notWebSocket(reason: string): Answer {
  const answer = errorAnswer(
    new ClientError('E_REQUEST_BODY', `The request must open a WebSocket (RFC 6455): ${reason}.`),
  );
  return { ...answer, headers: { ...answer.headers, 'Sec-WebSocket-Version': '13' } };
}

function createSocket(connection: WebSocket, { unreadMs }: SocketLimits): ConversationSocket {
  const queue: WireMessage[] = [];
  const closed = Promise.withResolvers<number>();
  let queued = 0;
  let isEnded = false;
  let isUnwanted = false;
  let broken: number | undefined;
  let wake = () => {};
  connection.on('message', (data: Buffer, isBinary) => {
    if (isUnwanted) return;
    const message = wireMessage(data, !isBinary);
    queue.push(message);
    queued += message.length;
    if (queued >= QUEUED_BYTES) connection.pause();
    wake();
  });
  connection.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code?.startsWith('WS_ERR_')) broken = CODES[error.code] ?? 1002;
  });
  connection.on('close', (code) => {
    isEnded = true;
    closed.resolve(code === ABNORMAL ? (broken ?? code) : code);
    wake();
  });
  return {
    incoming: {
      async next() {
        while (queue.length === 0 && !isEnded && !isUnwanted) await new Promise<void>((resolve) => (wake = resolve));
        const message = queue.shift();
        if (!message) return { value: undefined, done: true };
        queued -= message.length;
        if (queued < QUEUED_BYTES) connection.resume();
        return { value: message, done: false };
      },
      async return() {
        isUnwanted = true;
        queue.length = 0;
        connection.resume(); // what comes is dropped: a close must still be seen
        wake();
      },
    },
    send: ({ bytes, isText, isLast }) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => connection.terminate(), unreadMs);
        connection.send(bytes, { binary: !isText, fin: isLast }, (error) => {
          clearTimeout(timer);
          if (error) reject(error);
          else resolve();
        });
      }),
    close: ({ code, reason }) => connection.close(code, reason),
    destroy: () => connection.terminate(),
    closed: closed.promise,
  };
}
