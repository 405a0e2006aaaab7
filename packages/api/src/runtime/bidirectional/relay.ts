/** A client's event stream and a container's WebSocket, part by part in both directions. */
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { Account } from '../../account.js';
import { encodeClosing, encodeException } from '../../protocol/event-stream.js';
import { readEvents } from '../../protocol/event-stream-reader.js';
import type { Exchange } from '../../server/exchange.js';
import { ServiceError } from '../../service-error.js';
import { headersForCaller } from '../container-headers.js';
import { modelError } from '../model-error.js';
import type { Target } from '../target.js';
import { type Metering, openMetadata } from './metadata.js';
import { eventOfPart, partOfEvent } from './payload-part.js';
import { type ContainerSocket, openSocket, Refused } from './web-socket.js';

export interface RelayOptions {
  readonly account: Account;
  /** Path and query at the container. */
  readonly path: string;
  /** For all of it. */
  readonly timeoutMs: number;
  readonly pingMs?: number | undefined;
  /** Gets what the container reports of what the stream costs. */
  readonly onMetered: (metering: Metering) => void;
  /** Aborts when the server ends, and its containers with it. */
  readonly closing: AbortSignal;
}

/** RFC 6455, 7.4.1: the normal end, with and without its code; an end that the other side has left for. */
const NORMAL_CODES: readonly number[] = [1000, 1005];
const GOING_AWAY = 1001;
const METADATA_LOST = 'it requires a stream of metadata, which has ended.';

/**
 * Settles when both sides have ended. The end of the client's stream closes the WebSocket.
 * @throws ServiceError ModelError when the container takes no WebSocket
 */
export async function relay(exchange: Exchange, target: Target, options: RelayOptions): Promise<void> {
  const { response, left } = exchange;
  const { name: container, endpoint } = target.containers[0]!;
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const connection = {
    ...{ requestId: exchange.requestId, signal: deadline },
    ...(options.pingMs !== undefined && { pingMs: options.pingMs }),
  };
  const refuse = (error: unknown) => {
    const status = error instanceof Refused ? error.status : 0;
    throw modelError(options.account, target.variant, container, status, (error as Error).message);
  };
  const socket = await openSocket(`${endpoint.url}${options.path}`, connection).catch(refuse);
  const { onMetered } = options;
  const metadata = await openMetadata(endpoint.url, socket.answered, { ...connection, onMetered }).catch((error) => {
    socket.close(GOING_AWAY);
    return refuse(error);
  });
  let isOver = false;
  let isLost = false;
  void metadata?.ended.then(() => {
    if (isOver || !metadata.isRequired) return;
    isLost = true;
    socket.close(GOING_AWAY);
  });
  const leave = () => socket.close(GOING_AWAY);
  left.addEventListener('abort', leave, { once: true });
  response.writeHead(200, {
    ...headersForCaller({}, target.variant.name),
    'Content-Type': 'application/vnd.amazon.eventstream',
  });
  response.flushHeaders();
  const listening = listen(exchange, socket);
  const ending = await speak(exchange, socket).catch(brokenProtocol);
  isOver = true;
  const problem = isLost ? METADATA_LOST : ending;
  const invalid = await Promise.race([listening, Promise.resolve(undefined)]);
  socket.close(NORMAL_CODES[0]!);
  metadata?.close();
  await metadata?.ended;
  if (!left.aborted) {
    const isLate = deadline.aborted;
    if (invalid) response.write(encodeException(invalid.code, { Message: invalid.message, ErrorCode: invalid.code }));
    else if (problem && options.closing.aborted) response.write(encodeClosing());
    else if (isLate) response.write(streamError('ModelInvocationTimeExceeded', lateText(container, options.timeoutMs)));
    else if (problem) response.write(streamError('StreamBroken', `Container ${container}: ${problem}`));
    response.end();
  }
}

// --- internal ---

/** Passes the client's parts on. @returns what is wrong with them; undefined when they have ended or the client has left */
async function listen({ incoming, left }: Exchange, socket: ContainerSocket): Promise<ServiceError | undefined> {
  try {
    for await (const event of readEvents(incoming)) await socket.send(partOfEvent(event));
  } catch (error) {
    if (!(error instanceof ServiceError) || left.aborted) return undefined;
    socket.close(GOING_AWAY);
    return error;
  }
  await turn(); // in HTTP/2 a stream that is cut has ended before it is said to be cut
  socket.close(left.aborted ? GOING_AWAY : NORMAL_CODES[0]!);
  return undefined;
}

/** Passes the container's parts on. @returns why it has closed otherwise than normally */
async function speak({ response, left }: Exchange, { parts, closed }: ContainerSocket): Promise<string | undefined> {
  for await (const part of parts) {
    const isFull = !response.write(eventOfPart(part));
    if (isFull && !left.aborted) await once(response, 'drain', { signal: left }).catch(() => undefined);
  }
  const { code, reason } = closed;
  return NORMAL_CODES.includes(code) ? undefined : `it closed the WebSocket with code ${code}: ${reason}`;
}

function brokenProtocol(error: unknown): string {
  return (error as Error).message;
}

function streamError(ErrorCode: string, Message: string): Buffer {
  return encodeException('ModelStreamError', { Message, ErrorCode });
}

function lateText(container: string, timeoutMs: number): string {
  return `A bidirectional stream may take ${timeoutMs / 1000} s in all; container ${container} had not ended by then.`;
}
