/** InvokeEndpointAsync: the request is kept and answered immediately; its answer becomes an object. */
import { randomUUID } from 'node:crypto';
import type { Scheduler } from '../jobs/scheduler.js';
import { s3UriBelow } from '../object-store.js';
import { findEndpoint } from '../sagemaker/endpoints/record.js';
import { now, type SageMaker } from '../sagemaker/resources/context.js';
import { type Exchange, readBody } from '../server/exchange.js';
import { headerOfText } from '../server/header-text.js';
import { ServiceError } from '../service-error.js';
import { ASYNC_INVOCATION, type AsyncInvocation } from './async-run.js';
import type { InvocationHeaders } from './container-headers.js';

export interface AsyncInput extends InvocationHeaders {
  readonly EndpointName: string;
  readonly InputLocation?: string;
  readonly S3OutputPathExtension?: string;
  readonly Filename?: string;
  readonly InvocationTimeoutSeconds?: number;
}

const MAX_BODY_BYTES = 128_000;
const DEFAULT_TIMEOUT_SECONDS = 900;

export async function invokeAsync(
  sageMaker: SageMaker,
  scheduler: Scheduler,
  exchange: Exchange,
  input: AsyncInput,
): Promise<void> {
  const body = await readBody(exchange, MAX_BODY_BYTES);
  const id = randomUUID();
  const invocation = toInvocation(sageMaker, input, body, id);
  sageMaker.store.transaction(() => {
    const created = now();
    const record = { kind: ASYNC_INVOCATION, name: id, arn: `${ASYNC_INVOCATION}/${id}`, status: 'InProgress' };
    sageMaker.store.records.insert({ ...record, created, modified: created, body: invocation });
    sageMaker.store.work.add({ kind: ASYNC_INVOCATION, name: id });
  });
  scheduler.wake();
  exchange.response.writeHead(202, {
    'Content-Type': 'application/json',
    'X-Amzn-SageMaker-OutputLocation': headerOfText(invocation.outputUri),
    ...(invocation.failureUri !== undefined && {
      'X-Amzn-SageMaker-FailureLocation': headerOfText(invocation.failureUri),
    }),
  });
  // Bytes: Node would encode the headers again together with a text.
  exchange.response.end(Buffer.from(JSON.stringify({ InferenceId: input.InferenceId ?? id })));
}

// --- internal ---

function toInvocation(sageMaker: SageMaker, input: AsyncInput, body: Buffer, id: string): AsyncInvocation {
  const { EndpointName, InputLocation, Filename, S3OutputPathExtension, InvocationTimeoutSeconds } = input;
  const endpoint = findEndpoint(sageMaker, EndpointName)?.body;
  if (!endpoint) throw validationError(`Endpoint ${EndpointName} of account ${sageMaker.account.id} not found.`);
  const config = endpoint.Config.AsyncInferenceConfig?.OutputConfig;
  if (!config)
    throw validationError(`Endpoint ${EndpointName} is not an asynchronous endpoint: it has no AsyncInferenceConfig.`);
  if ((InputLocation === undefined) === (body.length === 0)) {
    throw validationError('Exactly one of InputLocation and a body must be given.');
  }
  if (S3OutputPathExtension?.split('/').includes('..')) {
    throw validationError(`S3OutputPathExtension must not have ".."; received "${S3OutputPathExtension}".`);
  }
  const below = (path: string, name: string) =>
    s3UriBelow(S3OutputPathExtension === undefined ? path : s3UriBelow(path, S3OutputPathExtension), name);
  return {
    endpointName: EndpointName,
    headers: input,
    input: InputLocation === undefined ? { bytes: body.toString('base64') } : { uri: InputLocation },
    outputUri: below(config.S3OutputPath!, Filename ?? `${id}.out`),
    failureUri: config.S3FailurePath && below(config.S3FailurePath, `${id}-error.out`),
    timeoutMs: (InvocationTimeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
  };
}

function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}
