/**
 * HTTP/2 on the port of HTTP/1.1, without TLS, for clients that begin with it ("prior knowledge", RFC 9113, 3.3): those of
 * bidirectional streams. Node's parser stops at the preface of HTTP/2; from there the connection is another server's. The
 * module is loaded for the first such client.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Http2Server, Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

export interface Http2 {
  /** Whether a connection is HTTP/2's, so that errors of HTTP/1.1 on it mean nothing. */
  owns(socket: object): boolean;
  /** Lets the streams end, those that are left are cut with `destroy`. */
  close(): void;
  destroy(): void;
}

/** The code of Node's parser for the preface. */
const PREFACE = 'HPE_PAUSED_H2_UPGRADE';

export function acceptHttp2(
  server: Server,
  onRequest: (incoming: IncomingMessage, response: ServerResponse) => void,
): Http2 {
  const owned = new WeakSet<object>();
  const sessions = new Set<ServerHttp2Session>();
  let http2: Http2Server | undefined;
  const open = () => {
    const { createServer } = process.getBuiltinModule('node:http2');
    const created = createServer();
    created.on('session', (session) => {
      sessions.add(session);
      session.on('error', () => undefined); // its streams say it, too
      session.once('close', () => sessions.delete(session));
    });
    created.on('request', (incoming, response) => onRequest(asIncoming(incoming), asResponse(response)));
    return created;
  };
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Socket) => {
    if (error.code !== PREFACE || owned.has(socket)) return;
    owned.add(socket);
    socket.removeAllListeners('data'); // the parser's
    socket.pause();
    socket.unshift(error.rawPacket);
    http2 ??= open();
    http2.emit('connection', socket);
    setImmediate(() => socket.resume()); // the session has taken what was read; what follows it reads itself
  });
  return {
    owns: (socket) => owned.has(socket),
    close() {
      for (const session of sessions) session.close();
    },
    destroy() {
      for (const session of sessions) session.destroy();
    },
  };
}

// --- internal ---

/** HTTP/2 calls the host otherwise. */
function asIncoming(incoming: Http2ServerRequest): IncomingMessage {
  if (incoming.authority !== '') incoming.headers.host ??= incoming.authority;
  return incoming as unknown as IncomingMessage;
}

/** With what Node's own response of HTTP/2 leaves out of one of HTTP/1.1 and this package reads. */
function asResponse(response: Http2ServerResponse): ServerResponse {
  const { stream } = response;
  Object.defineProperties(response, {
    closed: { get: () => stream.closed },
    writableFinished: { get: () => response.writableEnded && stream.rstCode === 0 }, // Node's is true after a reset, too
  });
  return response as unknown as ServerResponse;
}
