/**
 * What is not HTTP, or did not come in time. There is no response object to answer it with, so the answer is written on
 * the socket itself, and only where no other answer is under way.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay, setImmediate as untilRead } from 'node:timers/promises';
import { ClientError } from '../errors.js';
import type { Log } from '../log.js';
import type { Connections } from './connections.js';
import { errorAnswer } from './message.js';
import type { RequestCounts } from './metrics/request-counts.js';

export interface RequestTimeouts {
  readonly headersMs: number;
  readonly requestMs: number;
}

/** Answers by status and closes, for everything that Node's parser cannot make a request of. */
export function refuseMalformedRequests(
  server: Server,
  connections: Connections,
  timeouts: RequestTimeouts,
  log: Log,
  counts: Pick<RequestCounts, 'count'>,
): void {
  const refuse = (error: NodeJS.ErrnoException & { rawPacket?: Uint8Array }, socket: Socket) => {
    const incomplete = connections.incomplete(socket);
    if (error.code !== undefined && GONE.has(error.code)) {
      socket.destroy(); // the log has the request as aborted
      return;
    }
    if (!socket.writable || connections.isAnswering(socket)) connections.closeWhenAnswered(socket);
    else write(socket, describe(error, incomplete !== undefined, timeouts));
    if (!incomplete && !(error instanceof BrokenOff)) counts.count('', statusOf(error), 0, 0); // a request that had begun is counted as aborted
    log.info(`malformed request ${statusOf(error)} ${error.code}`);
  };
  server.on('clientError', async (error: NodeJS.ErrnoException, socket: Socket) => {
    const isTimeout = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (isTimeout && (isLong(socket, connections) || !(await isLate(socket, connections)))) return;
    refuse(error, socket);
  });
}

/** A request ended in the middle of its body, which is counted; the code is that of Node's parser. */
export class BrokenOff extends Error {
  readonly code = 'HPE_INVALID_EOF_STATE';
}

// --- internal ---

function isLong(socket: Socket, connections: Connections): boolean {
  const incomplete = connections.incomplete(socket);
  return incomplete !== undefined && connections.isLong(incomplete.request);
}

/** A caller that has gone away. */
const GONE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);
const LOOK_MS = 100;
/** A body that comes this slowly after its time is not waited for. */
const MOST_LOOKS = 50;

/**
 * Whether the rest of a request is really not there. Node looks at its clock before it reads what the kernel holds, so
 * after a pause of the whole process it would call requests late that came in full meanwhile.
 */
async function isLate(socket: Socket, connections: Connections): Promise<boolean> {
  const begun = connections.begunCount(socket);
  const isWaiting = () => connections.begunCount(socket) === begun || connections.incomplete(socket) !== undefined;
  const wasIncomplete = connections.incomplete(socket) !== undefined;
  for (let look = 0, bytes = socket.bytesRead; look < MOST_LOOKS; look++) {
    await delay(LOOK_MS);
    await untilRead(); // the pause may come in the middle of this one, too
    if (socket.destroyed || (wasIncomplete ? connections.incomplete(socket) === undefined : !isWaiting())) return false;
    if (socket.bytesRead === bytes) return true;
    bytes = socket.bytesRead;
  }
  return true;
}

function statusOf({ code }: NodeJS.ErrnoException): 400 | 408 | 431 {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

function describe(
  error: NodeJS.ErrnoException & { readonly rawPacket?: Uint8Array; readonly reason?: string },
  isBody: boolean,
  { headersMs, requestMs }: RequestTimeouts,
): { readonly status: 400 | 408 | 431; readonly message: string } {
  const status = statusOf(error);
  if (status === 408) {
    const rule = isBody
      ? `The request must arrive with its body within ${requestMs / 1000} s`
      : `The request head must arrive within ${headersMs / 1000} s`;
    return { status, message: `${rule}; it did not.` };
  }
  if (status === 431)
    return { status, message: 'The request head must have at most 16384 bytes and 1000 header lines; it has more.' };
  const isTls = error.rawPacket?.[0] === TLS_HANDSHAKE && error.rawPacket[1] === TLS_MAJOR;
  if (isTls) return { status, message: 'The request must be HTTP/1.1; received a TLS handshake. Use http, not https.' };
  if (error.code === 'HPE_PAUSED_H2_UPGRADE')
    return { status, message: 'The request must be HTTP/1.1; received HTTP/2.' };
  const { reason = 'received something else' } = error;
  return { status, message: `The request must be HTTP/1.1; ${reason.charAt(0).toLowerCase()}${reason.slice(1)}.` };
}

const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR = 0x03;

const REASONS = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' } as const;

function write(socket: Socket, { status, message }: { readonly status: 400 | 408 | 431; readonly message: string }) {
  const { body } = errorAnswer(new ClientError('E_REQUEST_BODY', message), status);
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${Buffer.from(body)}`, () => socket.destroy());
}
