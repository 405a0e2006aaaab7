/**
 * SageMaker's runtime: InvokeEndpoint, InvokeEndpointAsync, InvokeEndpointWithResponseStream, over the servers of hosting. The body is the
 * container's, both ways; errors are those of the runtime's model.
 */
import { once } from 'node:events';
import type { Scheduler } from '../jobs/scheduler.js';
import { serviceModel } from '../model/service-model.js';
import { encodeClosing, encodeEvents, encodeException } from '../protocol/event-stream.js';
import { sendError } from '../protocol/json.js';
import { findRestOperation, readRestInput } from '../protocol/rest-input.js';
import type { Hosting } from '../sagemaker/endpoints/hosting.js';
import type { SageMaker } from '../sagemaker/resources/context.js';
import { type Exchange, readBody, type Service } from '../server/exchange.js';
import { ServiceError } from '../service-error.js';
import { invokeAsync } from './async-invocation.js';
import { type ContainerRequest, callContainers } from './container-call.js';
import { headersForCaller, headersForContainer, type InvocationHeaders } from './container-headers.js';
import { timeoutText } from './model-error.js';
import { createSessionRoutes, NEW_SESSION, type SessionRoutes } from './session-routes.js';
import { openStream } from './stream-call.js';
import { type Target, withTarget } from './target.js';

export interface RuntimeOptions {
  readonly sageMaker: SageMaker;
  readonly hosting: Hosting;
  /** Of asynchronous invocations. */
  readonly scheduler: Scheduler;
  /** For an answer; default 60 s, the service's. */
  readonly timeoutMs?: number | undefined;
  /** For a whole stream; default 8 min, the service's. */
  readonly streamTimeoutMs?: number | undefined;
}

interface Invocation extends InvocationHeaders {
  readonly EndpointName: string;
}

/** Of a request, and of an answer that is no stream. What Marketplace documents for real-time endpoints today; the service's model still says 6 MiB. */
const MAX_BODY_BYTES = 25 * 1024 * 1024;
/** Of a serverless variant. */
const MAX_SERVERLESS_BODY_BYTES = 4 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const STREAM_TIMEOUT_MS = 480_000;

export function runtimeService(options: RuntimeOptions): Service {
  const model = serviceModel('sagemaker-runtime');
  const sessions = createSessionRoutes();
  const operations: Readonly<Record<string, (exchange: Exchange, input: Invocation) => Promise<void>>> = {
    InvokeEndpoint: (exchange, input) => invoke(options, sessions, exchange, input),
    InvokeEndpointAsync: (exchange, input) => invokeAsync(options.sageMaker, options.scheduler, exchange, input),
    InvokeEndpointWithResponseStream: (exchange, input) => invokeStream(options, exchange, toSession(sessions, input)),
  };
  return {
    name: 'SageMaker Runtime',
    takes: ({ target, path, scope }) =>
      target === undefined && path.startsWith('/endpoints/') && (scope === undefined || scope.service === 'sagemaker'),
    async handle(exchange) {
      const found = findRestOperation(model, exchange.head);
      const run = found && operations[found.name];
      if (!run) {
        const asked = found?.name ?? `${exchange.head.method} ${exchange.head.path}`;
        const known = Object.keys(operations).join(', ');
        throw new ServiceError(
          'UnknownOperationException',
          `SageMaker Runtime has no ${asked} here. It has: ${known}.`,
          404,
        );
      }
      const input = readRestInput(model, found, exchange.head) as unknown as Invocation;
      await run(exchange, input);
    },
    fail: (exchange, error) =>
      sendError(exchange, error.code === 'ValidationException' ? asRuntime(error) : error, 'application/json'),
  };
}

// --- internal ---

/** The runtime's name of it. */
function asRuntime({ message }: ServiceError): ServiceError {
  return new ServiceError('ValidationError', message);
}

/** @throws ServiceError ValidationError for an asynchronous endpoint, 413 for a body that is too large */
function checkCall({ variant }: Target, { EndpointName }: Invocation, body: Buffer): void {
  if (variant.isAsynchronous) {
    throw new ServiceError(
      'ValidationError',
      `Endpoint ${EndpointName} is not a synchronous endpoint: it has an AsyncInferenceConfig. Use InvokeEndpointAsync.`,
    );
  }
  if (!variant.isServerless || body.length <= MAX_SERVERLESS_BODY_BYTES) return;
  throw new ServiceError(
    'RequestEntityTooLargeException',
    `The body must be up to ${MAX_SERVERLESS_BODY_BYTES} bytes for a serverless variant; received ${body.length}.`,
    413,
  );
}

/** To the variant that has the session, where one is named and known. */
function toSession(sessions: SessionRoutes, input: Invocation): Invocation {
  const { EndpointName, SessionId, TargetVariant } = input;
  if (SessionId === undefined || SessionId === NEW_SESSION || TargetVariant !== undefined) return input;
  const variant = sessions.variantOf(EndpointName, SessionId);
  return variant === undefined ? input : { ...input, TargetVariant: variant };
}

async function invoke(
  options: RuntimeOptions,
  sessions: SessionRoutes,
  exchange: Exchange,
  input: Invocation,
): Promise<void> {
  const body = await readBody(exchange, MAX_BODY_BYTES);
  const { sageMaker, hosting, timeoutMs = TIMEOUT_MS } = options;
  const { answer, variant } = await withTarget(sageMaker, hosting, toSession(sessions, input), async (target) => {
    checkCall(target, input, body);
    const request = { headers: headersForContainer(input), body, timeoutMs, maxAnswerBytes: MAX_BODY_BYTES };
    return { answer: await callContainers(sageMaker.account, target, request), variant: target.variant };
  });
  sessions.note(input.EndpointName, variant.name, answer.headers);
  exchange.response.writeHead(200, {
    ...headersForCaller(answer.headers, variant.name),
    'Content-Type': answer.headers['content-type'] ?? 'application/octet-stream',
    'Content-Length': answer.body.length,
  });
  exchange.response.end(answer.body);
}

async function invokeStream(options: RuntimeOptions, exchange: Exchange, input: Invocation): Promise<void> {
  const body = await readBody(exchange, MAX_BODY_BYTES);
  await withTarget(options.sageMaker, options.hosting, input, (target) => {
    checkCall(target, input, body);
    return passStream(options, exchange, target, { headers: headersForContainer(input), body });
  });
}

async function passStream(
  { sageMaker, streamTimeoutMs = STREAM_TIMEOUT_MS }: RuntimeOptions,
  exchange: Exchange,
  target: Target,
  request: Pick<ContainerRequest, 'headers' | 'body'>,
): Promise<void> {
  const deadline = AbortSignal.timeout(streamTimeoutMs);
  const { answer, container } = await openStream(sageMaker.account, target, {
    ...request,
    ...{ timeoutMs: streamTimeoutMs, maxAnswerBytes: MAX_BODY_BYTES },
    signal: AbortSignal.any([deadline, exchange.left]),
  });
  const { response } = exchange;
  response.writeHead(200, {
    ...headersForCaller(answer.headers, target.variant.name),
    'Content-Type': 'application/vnd.amazon.eventstream',
    'X-Amzn-SageMaker-Content-Type': answer.headers['content-type'] ?? 'application/octet-stream',
  });
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      const isFull = !response.write(encodeEvents('PayloadPart', chunk));
      if (isFull) await once(response, 'drain', { signal: exchange.left });
    }
  } catch (error) {
    const isLate = deadline.aborted;
    const Message = isLate ? timeoutText(container) : `The container's answer broke off: ${(error as Error).message}`;
    const ErrorCode = isLate ? 'ModelInvocationTimeExceeded' : 'StreamBroken';
    const isClosing = sageMaker.closing.aborted;
    response.write(isClosing ? encodeClosing() : encodeException('ModelStreamError', { Message, ErrorCode }));
  }
  response.end();
}
