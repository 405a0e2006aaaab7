/**
 * The HTTP server: sockets in, answers out, one log line per request. The router decides the answers; this file has
 * limits, timeouts, callers that disconnect, and the end of the server.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Socket, Server as SocketServer } from 'node:net';
import { ContractError, messageOf, PlatformError } from '../errors.js';
import type { Log } from '../log.js';
import { askForBody } from './ask-for-body.js';
import { checkDeclaredLength, declaredLength, readBody } from './body.js';
import { requestSource } from './body-stream/request-source.js';
import { trackConnections } from './connections.js';
import type { Conversations } from './conversation/conversations.js';
import { interceptConnections } from './direct/intercept.js';
import { CHEAP_BYTES } from './invocation.js';
import { listen } from './listen.js';
import { refuseMalformedRequests } from './malformed.js';
import type { MemoryBudget, Reservation } from './memory-budget.js';
import { type Answer, type Bytes, errorAnswer } from './message.js';
import type { RequestCounts } from './metrics/request-counts.js';
import type { Parts } from './part-flow.js';
import { createCaller } from './patience.js';
import { byteLength, type Pieces } from './pieces.js';
import { refuseTunnels } from './refuse-tunnels.js';
import { problemOfHead } from './request-head.js';
import { createRequestLog } from './request-log.js';
import { createRouter, type Service } from './router.js';
import { SERVER_TIMEOUTS, type ServerTimeouts } from './server-timeouts.js';
import { limitReader } from './slow-reader.js';
import { writeStream } from './stream-answer.js';
import { answerUpgrades, asksForUpgrade } from './upgrades.js';
import { endAfterBody, endWith } from './whole-answer.js';

export interface ServerOptions {
  readonly service: Service;
  /** Of an algorithm that has them. */
  readonly conversations?: Conversations | undefined;
  readonly maxBodyBytes: number;
  /** What all bodies and answers together may hold. */
  readonly budget: MemoryBudget;
  readonly log: Log;
  /** Gets every request. */
  readonly counts: RequestCounts;
  readonly timeouts?: Partial<ServerTimeouts>;
}

export interface InferenceServer {
  /** @returns the port, chosen by the system when `port` is 0. @throws PlatformError when it cannot be had */
  listen(port: number, host: string): Promise<number>;
  /** The listening socket, for processes that accept connections, too. */
  readonly listening: SocketServer;
  /** Takes over a connection that another process has accepted, with what was read of it and not answered. */
  handIn(socket: Socket, unread: Buffer): void;
  /**
   * Accepts no more, answers what has begun, closes idle connections; settles when the last one is closed.
   * @param others until then connections may be handed in
   */
  drain(others?: Promise<void>): Promise<void>;
  /** Closes all connections immediately; returns how many requests were cut off. */
  close(): number;
}

export function createInferenceServer({
  service,
  conversations,
  maxBodyBytes,
  budget,
  log,
  counts,
  timeouts,
}: ServerOptions): InferenceServer {
  const limits = { ...SERVER_TIMEOUTS, ...timeouts };
  // An import reads all that http exports, also Node's client of WebSocket: 20 ms of a processor at every start.
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer({
    keepAliveTimeout: limits.keepAliveMs,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    // Behind a request that is not answered yet it is one more request: the answers have an order.
    shouldUpgradeCallback: ({ socket }) => !connections.isBusy(socket),
    requireHostHeader: false, // problemOfHead looks, so that the refusal says why and is logged
    joinDuplicateHeaders: true, // of two content types neither is taken for the only one
  });
  // A caller that has said all it has to say still gets its answer; Node would close the connection under it.
  Object.assign(server, { httpAllowHalfOpen: true });
  const connections = trackConnections();
  const requestLog = createRequestLog(log, counts);
  const findRoute = createRouter(service, conversations !== undefined);
  let isDraining = false;
  /** Whether nothing behind this request is answered; behind one that asks for an upgrade, Node has lost what it read. */
  const isLast = (request: IncomingMessage) => isDraining || asksForUpgrade(request);

  const respond = async (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => {
    const report = requestLog.begin(request.method ?? '', request.url ?? '', request.headers);
    const caller = createCaller(Number.POSITIVE_INFINITY);
    connections.begin(request, response, caller.leave);
    request.on('error', ignore);
    response.on('error', ignore);
    const ask = () => expectsContinue && askForBody(response);
    const answer = await answerRequest({ request, response, ask, left: () => caller.patience.signal });
    if (!answer || response.destroyed) {
      await answer?.rest?.return().catch(ignore);
      return report(undefined);
    }
    if (answer.rest) return report(await stream(request, response, answer, answer.rest));
    send(request, response, answer);
    report(answer);
  };

  const logUnread = (method = '', reason = `read none of it for ${limits.unreadMs / 1000} s`) =>
    log.info(`${method} response aborted: the client ${reason}`);

  /** @returns the answer for the log; undefined when the caller did not take all of it */
  const stream = async (request: IncomingMessage, response: ServerResponse, answer: Answer<Pieces>, rest: Parts) => {
    response.writeHead(answer.status, { ...answer.headers, ...(isLast(request) && { Connection: 'close' }) });
    // A caller that still sends need not read yet.
    const mayWait = () => !request.complete;
    const cut = await writeStream(response, answer.body, rest, { unreadMs: limits.unreadMs, mayWait });
    if (!cut) {
      limitReader(response, response.req.socket, limits, (reason) => logUnread('POST', reason));
      return answer;
    }
    if (cut.reason === 'unread') logUnread('POST');
    if (cut.reason !== 'failed') return undefined;
    log.error(`POST /invocations: the answer was cut in the middle: ${messageOf(cut.problem)}`);
    return { ...answer, code: cut.problem instanceof ContractError ? cut.problem.code : 'E_ALGORITHM' } as const;
  };

  const answerRequest = async ({ request, response, ask, left }: Call): Promise<Answer<Pieces> | undefined> => {
    let reservation: Reservation | undefined;
    try {
      const problem = problemOfHead(request);
      if (problem) return inPieces(problem);
      const route = findRoute(request.method ?? '', request.url ?? '');
      if (!route.readsBody) return inPieces(await route.answer(request.headers, []));
      const streaming = route.stream?.(request.headers);
      if (streaming) {
        const room = budget.reserve(streaming.bytes);
        if (!room) throw noRoom();
        room.releaseBody();
        room.holdAnswer(streaming.bytes);
        response.once('close', room.release);
        connections.allowLong(request);
        ask();
        return inPieces(await streaming.answer(requestSource(request, limits.requestMs), left));
      }
      checkDeclaredLength(request, maxBodyBytes);
      reservation = budget.reserve(declaredLength(request));
      if (!reservation) throw noRoom();
      response.once('close', reservation.release);
      ask();
      const spread = route.spread?.(request.headers, declaredLength(request), left);
      const body = await readBody(request, maxBodyBytes, reservation, spread?.add);
      if (!body) return undefined;
      const answer = inPieces((await spread?.finish()) ?? (await route.answer(request.headers, body, left)));
      reservation.releaseBody();
      reservation.holdAnswer(byteLength(answer.body));
      return answer;
    } catch (error) {
      reservation?.releaseBody();
      return inPieces(errorAnswer(error));
    }
  };

  const send = (request: IncomingMessage, response: ServerResponse, answer: Answer<Pieces>) => {
    const isRefused = REFUSED_HEAD.has(answer.status) || REFUSED_BODY.has(answer.code ?? '');
    const isBodyRefused = (isRefused || connections.isLong(request)) && !request.complete;
    const length = answer.status === 204 ? {} : { 'Content-Length': byteLength(answer.body) };
    const connection = isLast(request) || isBodyRefused ? { Connection: 'close' } : {};
    response.writeHead(answer.status, { ...answer.headers, ...length, ...connection });
    if (isBodyRefused) endAfterBody(request, response, answer.body, limits.lingerMs);
    else if (request.method === 'HEAD') response.end();
    else endWith(response, answer.body);
    limitReader(response, request.socket, limits, (reason) => logUnread(request.method, reason));
  };

  server.on('request', (request, response) => void respond(request, response, false));
  server.on('checkContinue', (request, response) => void respond(request, response, true));
  server.on('checkExpectation', (request, response) => void respond(request, response, false));
  refuseTunnels(server, connections, log);
  refuseMalformedRequests(server, connections, limits, log, counts);
  const direct = interceptConnections(server, connections, {
    service,
    maxBytes: Math.min(CHEAP_BYTES, maxBodyBytes),
    limits,
    report: requestLog.direct,
    onUnread: () => logUnread('POST'),
  });
  answerUpgrades(server, connections, conversations, direct.readAgain);
  return {
    listen: (port, host) => listen(server, port, host),
    listening: server,
    handIn(socket, unread) {
      socket.allowHalfOpen = true;
      socket.on('error', ignore); // also when HTTP has ended on it, and Node's own server has gone
      direct.handOver(socket, unread);
    },
    async drain(others) {
      isDraining = true;
      const closed = new Promise<void>((resolve) => {
        // The http server's own close cuts connections whose answer is still going out.
        SocketServer.prototype.close.call(server, () => resolve());
      });
      void connections.drain();
      direct.drain();
      conversations?.drain();
      await Promise.all([closed, others]);
      await connections.drain();
    },
    close: () => connections.closeAll() + direct.closeAll() + (conversations?.closeAll() ?? 0),
  };
}

// --- internal ---

/** After these the rest of the body is not wanted: a coding, an expectation or a version that is unknown. */
const REFUSED_HEAD: ReadonlySet<number> = new Set([417, 501, 505]);
const REFUSED_BODY: ReadonlySet<string> = new Set(['E_REQUEST_SIZE', 'E_BUSY']);

/** One request with all that its answer needs. */
interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Sends 100 Continue to a caller that waits for it. */
  ask(): void;
  /** Gives what is aborted when the caller has gone away. */
  readonly left: () => AbortSignal;
}

function inPieces(answer: Answer<Bytes>): Answer<Pieces> {
  const { body } = answer;
  return body instanceof Uint8Array ? { ...answer, body: [body] } : (answer as Answer<Pieces>);
}

/** A caller that goes away is seen where its body is read and its answer is written. */
function ignore(): void {}

function noRoom(): PlatformError {
  return new PlatformError(
    'E_BUSY',
    'The requests in flight must fit in memory; there is no room for one more. Retry it later.',
  );
}
