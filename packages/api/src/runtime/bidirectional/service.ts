/**
 * SageMaker's runtime over HTTP/2: InvokeEndpointWithBidirectionalStream. The client's event stream goes to the container
 * through a WebSocket, and what the container says comes back as it is said.
 */
import { serviceModel } from '../../model/service-model.js';
import { sendError } from '../../protocol/json.js';
import { findRestOperation, readRestInput } from '../../protocol/rest-input.js';
import type { Hosting } from '../../sagemaker/endpoints/hosting.js';
import type { SageMaker } from '../../sagemaker/resources/context.js';
import type { Exchange, Service } from '../../server/exchange.js';
import { ServiceError } from '../../service-error.js';
import type { LogStream } from '../../store/logs.js';
import { type Target, withTarget } from '../target.js';
import type { Metering } from './metadata.js';

export interface BidirectionalOptions {
  readonly sageMaker: SageMaker;
  readonly hosting: Hosting;
  /** For a whole stream; default 30 min, the service's. */
  readonly timeoutMs?: number | undefined;
  /** Between pings of a container; default one minute, the service's. */
  readonly pingMs?: number | undefined;
}

interface Input {
  readonly EndpointName: string;
  readonly TargetVariant?: string;
  readonly ModelInvocationPath?: string;
  readonly ModelQueryString?: string;
}

const PATH = 'invocations-bidirectional-stream';
const TIMEOUT_MS = 30 * 60 * 1000;

export function bidirectionalService(options: BidirectionalOptions): Service {
  const model = serviceModel('sagemaker-runtime-http2');
  return {
    name: 'SageMaker Runtime HTTP2',
    takes: ({ target, path, scope }) =>
      target === undefined && path.endsWith(`/${PATH}`) && (scope === undefined || scope.service === 'sagemaker'),
    async handle(exchange) {
      const { head } = exchange;
      const found = findRestOperation(model, head);
      if (!found) {
        const message = `SageMaker Runtime HTTP2 has no ${head.method} ${head.path} here. It has: POST /endpoints/{EndpointName}/${PATH}.`;
        throw new ServiceError('UnknownOperationException', message, 404);
      }
      await invoke(options, exchange, readRestInput(model, found, head) as unknown as Input);
    },
    fail: (exchange, error) => sendError(exchange, asHttp2(error), 'application/json'),
  };
}

// --- internal ---

/** The service's names of errors that the others of the runtime call otherwise. */
const CODES: Readonly<Record<string, string>> = {
  ValidationException: 'InputValidationError',
  ValidationError: 'InputValidationError',
  InternalFailure: 'InternalServerError',
};

function asHttp2({ code, message, status, members }: ServiceError): ServiceError {
  return new ServiceError(CODES[code] ?? code, message, status, members);
}

async function invoke(options: BidirectionalOptions, exchange: Exchange, input: Input): Promise<void> {
  const { sageMaker, hosting, timeoutMs = TIMEOUT_MS, pingMs } = options;
  const { relay } = await import('./relay.js'); // few clients ask for it
  const { ModelInvocationPath = PATH, ModelQueryString } = input;
  const path = `/${ModelInvocationPath}${ModelQueryString === undefined ? '' : `?${ModelQueryString}`}`;
  await withTarget(sageMaker, hosting, input, (target) => {
    checkTarget(target, input.EndpointName);
    const { onMetered, close } = meteringLog(sageMaker, exchange, input, target);
    return relay(exchange, target, { ...sageMaker, path, timeoutMs, pingMs, onMetered }).finally(close);
  });
}

/** What a stream costs, a line for each report: on AWS only the bill shows it. */
function meteringLog({ store }: SageMaker, { requestId }: Exchange, { EndpointName }: Input, { variant }: Target) {
  let log: LogStream | undefined;
  const { logGroup, name } = variant;
  const open = () => store.logs.open(logGroup, `${name}/metering`, { namespace: logGroup, resource: EndpointName });
  return {
    onMetered(metering: Metering) {
      log ??= open();
      log.write(JSON.stringify({ RequestId: requestId, ...metering }));
    },
    close: () => log?.close(),
  };
}

/** @throws ServiceError ValidationError for an endpoint that has no such streams */
function checkTarget({ variant, containers }: Target, name: string): void {
  const kind = variant.isAsynchronous ? 'asynchronous' : variant.isServerless ? 'serverless' : undefined;
  if (kind === undefined && containers.length === 1) return;
  const what = kind === undefined ? `has ${containers.length} containers` : `is ${kind}`;
  throw new ServiceError(
    'ValidationError',
    `A bidirectional stream must go to a real-time endpoint of one container; endpoint ${name} ${what}.`,
  );
}
