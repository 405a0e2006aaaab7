/**
 * The routes of an inference container, and what each answers. A route is found from the head of a request alone, so
 * that a server knows whether to read a body before it does.
 */
import { ClientError } from '../errors.js';
import {
  type Answer,
  type Bytes,
  CUSTOM_ATTRIBUTES_HEADER,
  emptyAnswer,
  errorAnswer,
  type Forward,
  headerText,
  jsonAnswer,
  type RequestHeaders,
  shorten,
} from './message.js';
import type { Pieces } from './pieces.js';
import { pathOf } from './request-target.js';

/** What the routes stand on. */
export interface Service {
  /** Why nobody can answer now, or undefined when somebody can. */
  unavailable(): Answer | undefined;
  readonly invoke: Forward;
  executionParameters(): ExecutionParameters;
}

/** What batch transform asks before its first call; see executionParameters. */
export interface ExecutionParameters {
  readonly MaxConcurrentTransforms: number;
  readonly BatchStrategy: 'MULTI_RECORD' | 'SINGLE_RECORD';
  readonly MaxPayloadInMB: number;
}

export interface Route {
  /** Whether `answer` wants the body; without, it is skipped unread. */
  readonly readsBody: boolean;
  /** @param left gives what is aborted when the caller has gone away */
  answer(headers: RequestHeaders, body: Pieces, left?: () => AbortSignal): Answer | Promise<Answer<Bytes>>;
}

/** A whole request as values. */
export interface ServerRequest {
  readonly method: string;
  /** The target of the request line: a path or a whole address, with or without a query, which is ignored. */
  readonly path: string;
  /** Names in any case. */
  readonly headers?: RequestHeaders;
  readonly body?: Uint8Array;
}

/** The route of a request; for an unknown path or a wrong method one that says so. */
export function findRoute(service: Service, method: string, target: string): Route {
  const name = pathOf(target);
  const routes = routesOf(service);
  if (method === 'OPTIONS' && name === '*') return refusal(withHeader(emptyAnswer(204), 'Allow', ALL_METHODS));
  const byMethod = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (!byMethod) {
    const known = Object.keys(routes).join(', ');
    return refusal(
      errorAnswer(new ClientError('E_REQUEST_ROUTE', `Routes are ${known}; received "${shorten(name)}".`)),
    );
  }
  const route = Object.hasOwn(byMethod, method) ? byMethod[method] : undefined;
  if (route) return route;
  const allowed = Object.keys(byMethod).join(', ');
  const error = new ClientError('E_REQUEST_METHOD', `${name} allows ${allowed}; received ${shorten(method)}.`);
  return refusal({ ...withHeader(errorAnswer(error), 'Allow', allowed) });
}

/** The whole of a server without its socket: what a test calls instead of a port. */
export async function handleRequest(service: Service, request: ServerRequest): Promise<Answer<Bytes>> {
  const headers = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  const route = findRoute(service, request.method, request.path);
  return route.answer(Object.fromEntries(headers), request.body ? [request.body] : []);
}

// --- internal ---

const ALL_METHODS = 'GET, HEAD, POST';

function routesOf(service: Service): Readonly<Record<string, Readonly<Record<string, Route>>>> {
  const ping: Route = { readsBody: false, answer: () => service.unavailable() ?? emptyAnswer(200) };
  const parameters: Route = { readsBody: false, answer: () => jsonAnswer(200, service.executionParameters()) };
  return {
    '/ping': { GET: ping, HEAD: ping },
    '/invocations': { POST: invocations(service) },
    '/execution-parameters': { GET: parameters, HEAD: parameters },
  };
}

function invocations(service: Service): Route {
  const unavailable = service.unavailable();
  if (unavailable) return refusal(unavailable);
  return {
    readsBody: true,
    answer: (headers, body, left) => {
      const request = {
        contentType: headerText(headers, 'content-type'),
        contentEncoding: headerText(headers, 'content-encoding'),
        accept: headerText(headers, 'accept'),
        customAttributes: headerText(headers, CUSTOM_ATTRIBUTES_HEADER),
        body,
      };
      return service.invoke(request, left);
    },
  };
}

function refusal(answer: Answer): Route {
  return { readsBody: false, answer: () => answer };
}

function withHeader(answer: Answer, name: string, value: string): Answer {
  return { ...answer, headers: { ...answer.headers, [name]: value } };
}
