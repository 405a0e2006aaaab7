/**
 * Conversations in the process that owns the sockets: it takes the connection, and a worker holds the conversation through
 * its pipe. So pings are answered whatever the algorithm is at, a worker that dies ends its conversations with a proper close,
 * and time and memory are limited in one place.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type {
  AcceptConversation,
  Close,
  ConversationDefinition,
  ConversationSocket,
} from '../../conversation/definition.js';
import { DEFAULT_MESSAGE_BYTES } from '../../conversation/message-limit.js';
import type { WireMessage } from '../../conversation/wire-message.js';
import { ClientError, PlatformError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { MemoryBudget, Reservation } from '../memory-budget.js';
import { type Answer, errorAnswer, headerText } from '../message.js';
import type { RequestCounts } from '../metrics/request-counts.js';
import type { Parts } from '../part-flow.js';
import { problemOfHead } from '../request-head.js';
import { pathOf } from '../request-target.js';
import { limitStream } from '../stream-limits.js';
import type { WorkerProcess } from '../worker-process.js';
import { Closing, closeOf, NORMAL, STOPPED } from './close.js';
import { conversationLog } from './conversation-log.js';
import { endable } from './endable.js';
import { freeWorker } from './free-worker.js';
import { createMeter, METADATA_PATH, type Meter, REQUEST_ID_HEADER, SUPPORTED_HEADER } from './meter.js';
import { CONVERSATION_PATH, CONVERSATION_PLACE } from './path.js';
import { refuseUpgrade } from './refuse-upgrade.js';

export interface Conversations {
  /** Whether a request with an Upgrade header asks for a conversation; any other is answered as if it had none. */
  isFor(request: IncomingMessage): boolean;
  /** Never rejects. Settles when the conversation is over. */
  hold(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Begins no more, and ends the callers' messages of those that are held: what the algorithm still has to say is sent. */
  drain(): void;
  /** Cuts all; how many there were. */
  closeAll(): number;
}

export interface ConversationsOptions {
  readonly definition: ConversationDefinition;
  readonly workers: () => readonly WorkerProcess[];
  /** Ends a worker that does not end a conversation. */
  readonly replace: (worker: WorkerProcess, reason: string) => void;
  /** Why nobody can answer now. */
  readonly unavailable: () => Answer | undefined;
  readonly budget: MemoryBudget;
  readonly log: Log;
  readonly counts: Pick<RequestCounts, 'count'>;
  /** Whether the definition bills by inference: what conversations report goes to the platform. */
  readonly isMetered: boolean;
  /** Between two reports of a conversation. */
  readonly meteringMs: number;
  /** For all of it. */
  readonly totalMs: number;
  readonly unreadMs: number;
}

/** What the process holds of a conversation besides a message that has not come in full: messages on their way, both ways. */
const FLOW_BYTES = 640 * 1024;
/** How long the algorithm may take to end after nobody wants it any more: it knows. */
const CANCELLED_MS = 10_000;

export function createConversations(options: ConversationsOptions): Conversations {
  const { definition, workers, replace, unavailable, budget, log, counts, totalMs, unreadMs } = options;
  const { maxMessageBytes = DEFAULT_MESSAGE_BYTES } = definition;
  const held = new Set<Held>();
  /** By the id of the request that opened the conversation. */
  const meters = new Map<string, Meter>();
  let isDraining = false;
  let loading: Promise<AcceptConversation> | undefined;

  /** Why there can be none now. */
  const problemOf = (request: IncomingMessage): Answer | undefined =>
    problemOfHead(request) ??
    problemOfBody(request) ??
    (isDraining ? errorAnswer(busy('The container is being stopped.')) : unavailable());

  const tell = conversationLog(log, counts);

  const accept = async (request: IncomingMessage, socket: Duplex, head: Buffer, headers: readonly string[] = []) => {
    loading ??= definition.protocol.load({ maxMessageBytes, unreadMs });
    return (await loading)(request, socket, head, headers);
  };

  /** The stream of metadata of a conversation. */
  const attach = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', ignore);
    const meter = meters.get(idOf(request) ?? '');
    const refusal = problemOfHead(request) ?? problemOfBody(request);
    if (refusal || !meter) return refuseUpgrade(socket, refusal ?? withoutMeter());
    const opened = await accept(request, socket, head);
    if (opened) meter.attach(opened);
  };

  const hold = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const started = performance.now();
    socket.on('error', ignore);
    const refusal = problemOf(request);
    const isWanted = () => !socket.destroyed && problemOf(request) === undefined;
    const worker = refusal ? undefined : await freeWorker(workers, isWanted);
    const problem = refusal ?? problemOf(request) ?? (worker ? undefined : errorAnswer(busy('No worker is ready.')));
    const reservation = problem ? undefined : reserve(budget, maxMessageBytes + FLOW_BYTES);
    if (problem || !worker || !reservation) {
      const answer = problem ?? errorAnswer(busy('The conversations and requests in flight must fit in memory.'));
      refuseUpgrade(socket, answer);
      return tell(started, { status: answer.status, code: answer.code });
    }
    const id = options.isMetered ? idOf(request) : undefined;
    const meter = createMeter(options.meteringMs);
    if (id !== undefined) meters.set(id, meter);
    try {
      const connection = await accept(request, socket, head, id === undefined ? [] : [SUPPORTED_HEADER]);
      if (!connection) return tell(started, { status: 400 });
      const { code: close, received, sent } = await talk(request, connection, worker, meter);
      tell(started, { status: 101, received, sent, close, unbilled: meter.pending || undefined });
    } finally {
      if (id !== undefined) meters.delete(id);
      meter.close();
      reservation.release();
    }
  };

  const talk = async (
    request: IncomingMessage,
    connection: ConversationSocket,
    worker: WorkerProcess,
    meter: Meter,
  ) => {
    let received = 0;
    let sent = 0;
    const incoming = endable(connection.incoming, () => (received += 1));
    const one: Held = { end: incoming.end, destroy: connection.destroy };
    held.add(one);
    if (isDraining) one.end();
    const head = { query: queryOf(request.url ?? '') };
    const begun = { head, deadline: Date.now() + totalMs, onMetered: meter.add };
    const messages = limitStream(worker.converse(incoming.parts, begun), {
      totalMs,
      cancelMs: CANCELLED_MS,
      kill: () => replace(worker, `a conversation did not end within ${CANCELLED_MS / 1000} s`),
      onEnd: ignore,
      late: () => new Closing({ code: 1008, reason: `A conversation may take ${totalMs / 1000} s in all.` }),
    });
    void connection.closed.then(() => messages.return().catch(ignore));
    const close = await sendAll(messages, connection, () => (sent += 1));
    await meter.flush();
    connection.close(close === NORMAL && isDraining ? STOPPED : close);
    const code = await connection.closed;
    held.delete(one);
    return { code, received, sent };
  };

  return {
    isFor: ({ method, url = '', headers }) =>
      method === 'GET' && headers.upgrade?.trim().toLowerCase() === 'websocket' && PATHS.has(pathOf(url)),
    hold: (request, socket, head) =>
      (pathOf(request.url ?? '') === METADATA_PATH ? attach : hold)(request, socket, head).catch((error) => {
        log.error(`${CONVERSATION_PLACE}: ${closeOf(error).reason}`);
        socket.destroy();
      }),
    drain() {
      isDraining = true;
      for (const { end } of held) end();
    },
    closeAll() {
      const { size } = held;
      for (const { destroy } of held) destroy();
      return size;
    },
  };
}

// --- internal ---

const PATHS: ReadonlySet<string> = new Set([CONVERSATION_PATH, METADATA_PATH]);

function idOf({ headers }: IncomingMessage): string | undefined {
  return headerText(headers, REQUEST_ID_HEADER);
}

/** Nobody reads a body here: the protocol would take it for its first messages. RFC 9110, 7.8. */
function problemOfBody({ url = '', headers }: IncomingMessage): Answer | undefined {
  const length = headers['content-length'] ?? '0';
  if (headers['transfer-encoding'] === undefined && Number(length) === 0) return undefined;
  return errorAnswer(new ClientError('E_REQUEST_BODY', `${pathOf(url)} must be opened without a body; there is one.`));
}

function withoutMeter(): Answer {
  const message = `${METADATA_PATH} must have the X-Amzn-SageMaker-Request-Id of a conversation that is metered and under way.`;
  return errorAnswer(new ClientError('E_REQUEST_ROUTE', message));
}

interface Held {
  /** No message of the caller follows. */
  end(): void;
  destroy(): void;
}

/** @returns how the conversation is to be closed; of one whose connection is closed that does not matter */
async function sendAll(messages: Parts<WireMessage>, { send }: ConversationSocket, onSent: () => void): Promise<Close> {
  try {
    for (;;) {
      const message = await messages.next();
      if (message.done) return NORMAL;
      await send(message.value);
      if (message.value.isLast) onSent();
    }
  } catch (error) {
    messages.return().catch(ignore);
    return closeOf(error);
  }
}

/** Held for as long as the conversation is. */
function reserve(budget: MemoryBudget, bytes: number): Reservation | undefined {
  const reservation = budget.reserve(bytes);
  reservation?.releaseBody();
  reservation?.holdAnswer(bytes);
  return reservation;
}

function queryOf(target: string): string {
  const mark = target.indexOf('?');
  return mark === -1 ? '' : target.slice(mark + 1);
}

function busy(reason: string): PlatformError {
  return new PlatformError('E_BUSY', `${reason} Retry it later.`);
}

function ignore(): void {}
