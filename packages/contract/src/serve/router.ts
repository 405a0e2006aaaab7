/**
 * The routes of an inference container, and what each answers. A route is found from the head of a request alone, so
 * that a server knows whether to read a body before it does.
 */
import { ClientError, PlatformError } from '../errors.js';
import type { BodySource } from './body-stream/body-parts.js';
import { CONVERSATION_PATH } from './conversation/path.js';
import { withoutConversation } from './conversation/route.js';
import {
  type Answer,
  type Bytes,
  CUSTOM_ATTRIBUTES_HEADER,
  emptyAnswer,
  errorAnswer,
  type Forward,
  headerText,
  type InvocationRequest,
  jsonAnswer,
  type RequestHeaders,
  shorten,
} from './message.js';
import { PROMETHEUS_TYPE } from './metrics/prometheus-text.js';
import { createPathTable } from './path-table.js';
import type { ExecutionParameters } from './payload-limits.js';
import type { Pieces } from './pieces.js';
import { inferenceIdOf, sessionIdOf, traceparentOf } from './request-ids.js';
import { pathOf } from './request-target.js';
import type { SpreadOf } from './spread-body/spread-bodies.js';
import type { SpreadBody } from './spread-body/spread-body.js';
import type { RequestHead } from './worker-message.js';

/** The service behind the routes. */
export interface Service {
  /** Why nobody can answer now, or undefined when somebody can. */
  unavailable(): Answer | undefined;
  /** Whether a process can answer, or will in a moment: one that has ended is replaced, and requests wait for it. */
  isAlive(): boolean;
  readonly invoke: Forward;
  /** Answers a small request in this process, or undefined: `invoke` has to. */
  invokeNow?(request: InvocationRequest): Answer | undefined | Promise<Answer | undefined>;
  executionParameters(): ExecutionParameters;
  /** What a scraper gets. */
  metrics(): string;
  /** How a request is answered while its body comes; undefined: once all of it is there. */
  stream?(request: RequestHead): BodyStream | undefined;
  /** Predicts a large body in parts while it comes; undefined: `invoke` has to. */
  readonly spread?: SpreadOf | undefined;
  /** Routes in place of /invocations. */
  readonly routes?: ReadonlyMap<string, ByMethod>;
}

/** A request whose body is answered while it comes, whatever its length. */
export interface BodyStream {
  /** What it holds of memory. */
  readonly bytes: number;
  /** @throws what `source` throws before there is an answer */
  answer(source: BodySource, left?: () => AbortSignal): Promise<Answer<Bytes>>;
}

export interface Route {
  /** Whether `answer` wants the body; without, it is skipped unread. */
  readonly readsBody: boolean;
  /** @param left gives what is aborted when the caller has gone away */
  answer(headers: RequestHeaders, body: Pieces, left?: () => AbortSignal): Answer | Promise<Answer<Bytes>>;
  /** Instead of `answer`, where the body need not be there as a whole. */
  stream?(headers: RequestHeaders): BodyStream | undefined;
  /** Before `answer`, while a body of this length comes: an answer that is made meanwhile. */
  spread?(headers: RequestHeaders, length: number, left: () => AbortSignal): SpreadBody | undefined;
}

/** Finds the route of a request by method and target; for an unknown path or a wrong method, one that says so. */
export type FindRoute = (method: string, target: string) => Route;

/** What answers a path, by method. */
export type ByMethod = ReadonlyMap<string, RouteOf>;

/** @param parameter of a path such as `/models/{name}`, decoded. @param target the whole, with its query */
export type RouteOf = (parameter: string, target: string) => Route;

/** @param hasConversations of the algorithm; a request that opens one does not come here */
export function createRouter(service: Service, hasConversations = false): FindRoute {
  const routes = routesOf(service, hasConversations);
  const known = [...routes.keys()].join(', ');
  const find = createPathTable(routes);
  const methods = [...new Set([...routes.values()].flatMap((byMethod) => [...byMethod.keys()]))].join(', ');
  return (method, target) => {
    const name = pathOf(target);
    if (method === 'OPTIONS' && name === '*') return refusal(withHeader(emptyAnswer(204), 'Allow', methods));
    const found = find(name);
    if (!found) {
      const error = new ClientError('E_REQUEST_ROUTE', `Routes are ${known}; received "${shorten(name)}".`);
      return refusal(errorAnswer(error));
    }
    const routeOf = found.value.get(method);
    if (routeOf) return routeOf(found.parameter, target);
    const allowed = [...found.value.keys()].join(', ');
    const error = new ClientError('E_REQUEST_METHOD', `${name} allows ${allowed}; received ${shorten(method)}.`);
    return refusal(withHeader(errorAnswer(error), 'Allow', allowed));
  };
}

/** What the answer to a call depends on besides its body. */
export function invocationHead(headers: RequestHeaders): RequestHead {
  return {
    contentType: headerText(headers, 'content-type'),
    contentEncoding: headerText(headers, 'content-encoding'),
    accept: headerText(headers, 'accept'),
    customAttributes: headerText(headers, CUSTOM_ATTRIBUTES_HEADER),
    sessionId: sessionIdOf(headers),
    inferenceId: inferenceIdOf(headers),
    traceparent: traceparentOf(headers),
  };
}

// --- internal ---

function routesOf(service: Service, hasConversations: boolean): ReadonlyMap<string, ByMethod> {
  const ping: Route = {
    readsBody: false,
    answer: () => service.unavailable() ?? (service.isAlive() ? emptyAnswer(200) : restarting()),
  };
  const parameters: Route = { readsBody: false, answer: () => jsonAnswer(200, service.executionParameters()) };
  const metrics: Route = {
    readsBody: false,
    answer: () => ({
      status: 200,
      headers: { 'Content-Type': PROMETHEUS_TYPE },
      body: Buffer.from(service.metrics()),
    }),
  };
  const invocations: Route = {
    readsBody: true,
    answer: (headers, body, left) => service.invoke({ ...invocationHead(headers), body }, left),
    stream: (headers) => service.stream?.(invocationHead(headers)),
    spread: (headers, length, left) => service.spread?.(invocationHead(headers), length, left),
  };
  /** While nobody can answer, a body is not read. */
  const ifAvailable = () => {
    const unavailable = service.unavailable();
    return unavailable ? refusal(unavailable) : invocations;
  };
  return new Map<string, ByMethod>([
    ['/ping', readable(ping)],
    ...(service.routes ?? [['/invocations', new Map([['POST', ifAvailable]])] as const]),
    ['/execution-parameters', readable(parameters)],
    ['/metrics', readable(metrics)],
    [CONVERSATION_PATH, new Map([['GET', () => refusal(withoutConversation(hasConversations))]])],
  ]);
}

function readable(route: Route): ByMethod {
  return new Map(['GET', 'HEAD'].map((method) => [method, () => route]));
}

function restarting(): Answer {
  const message = 'No worker process can answer: the last one has ended, and another is being started.';
  return errorAnswer(new PlatformError('E_NOT_READY', message));
}

function refusal(answer: Answer): Route {
  return { readsBody: false, answer: () => answer };
}

function withHeader(answer: Answer, name: string, value: string): Answer {
  return { ...answer, headers: { ...answer.headers, [name]: value } };
}
