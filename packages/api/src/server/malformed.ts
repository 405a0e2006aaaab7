/**
 * What a connection gets whose bytes are no HTTP. Node answers it without a body, also in the place of the answer to the request
 * before, where that has more bytes than its Content-Length says and all come together. Here that one gets its own answer.
 */
import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** @param isOther whether a connection is none of HTTP/1.1's any more */
export function answerMalformed(server: Server, isOther: (socket: Duplex) => boolean = () => false): void {
  const last = new WeakMap<Duplex, ServerResponse>();
  const ending = new WeakSet<Duplex>(); // all further bytes come here too
  for (const event of ['request', 'checkContinue'] as const) {
    server.on(event, ({ socket }, response) => void last.set(socket, response));
  }
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (isOther(socket)) return;
    const before = last.get(socket);
    const isAnswering = before !== undefined && !before.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else if (isAnswering && before.req.complete) {
      if (!ending.has(socket)) before.once('finish', () => end(socket));
      ending.add(socket);
    } else if (isAnswering && before.headersSent) socket.destroy();
    else end(socket, answerTo(error.code ?? error.message));
  });
}

// --- internal ---

/** How long a client may take to read its answer and leave. */
const LEAVE_MS = 5000;

/** Node looks after the connection no more: a client that stays would keep it, and its request, for ever. */
function end(socket: Duplex, text = ''): void {
  socket.end(text);
  const timer = setTimeout(() => socket.destroy(), LEAVE_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}

/** Node's statuses, where they are not 400. */
const STATUSES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function answerTo(code: string): string {
  const body = `The request must be HTTP/1.1, with a body as its headers announce it; reading it failed with ${code}.`;
  const head = `Content-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close`;
  return `HTTP/1.1 ${STATUSES[code] ?? '400 Bad Request'}\r\n${head}\r\n\r\n${body}`;
}
