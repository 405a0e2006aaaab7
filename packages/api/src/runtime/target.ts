/** Which containers of an endpoint an invocation goes to: a pipeline's all, of a direct endpoint the one that it names. */
import { randomUUID } from 'node:crypto';
import type { Endpoint } from '@algo/local';
import type { Hosting } from '../sagemaker/endpoints/hosting.js';
import type { ContainerServer, VariantServer } from '../sagemaker/endpoints/variant-server.js';
import type { SageMaker } from '../sagemaker/resources/context.js';
import { ServiceError } from '../service-error.js';
import { modelError } from './model-error.js';

export interface TargetInput {
  readonly EndpointName: string;
  readonly TargetVariant?: string | undefined;
  readonly TargetContainerHostname?: string | undefined;
  readonly TargetModel?: string | undefined;
  readonly InferenceComponentName?: string | undefined;
  readonly EnableExplanations?: string | undefined;
}

/** They would change the answer, and are not available here. */
const NOT_AVAILABLE = ['InferenceComponentName', 'EnableExplanations'] as const;

/** A variant with the containers that an invocation passes, each healthy. */
export interface Target {
  readonly variant: VariantServer;
  readonly containers: readonly TargetContainer[];
}

export interface TargetContainer {
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Of a container of many models: which one, and where it is. */
  readonly model?: { readonly target: string; readonly uri: string } | undefined;
}

/**
 * @param call is in flight until it ends: servers that are replaced meanwhile wait for it
 * @throws ServiceError ValidationError when there is no such target, ModelError when a server of it has ended
 */
export async function withTarget<Result>(
  sageMaker: SageMaker,
  hosting: Hosting,
  input: TargetInput,
  call: (target: Target) => Promise<Result>,
): Promise<Result> {
  const target = findTarget(sageMaker, hosting, input);
  const end = target.variant.inFlight.begin();
  try {
    return await call(target);
  } finally {
    end();
  }
}

// --- internal ---

function findTarget(sageMaker: SageMaker, hosting: Hosting, input: TargetInput): Target {
  const variant = findVariant(sageMaker, hosting, input);
  const { EndpointName, TargetModel } = input;
  for (const member of NOT_AVAILABLE) {
    if (input[member] !== undefined) throw validationError(`${member} is not available on this machine.`);
  }
  const isOfMany = variant.containers.some(({ modelUri }) => modelUri !== undefined);
  if (isOfMany && TargetModel === undefined) {
    throw validationError(`Request ${randomUUID()} is missing a target model header.`);
  }
  if (!isOfMany && TargetModel !== undefined) {
    throw validationError(
      `Endpoint ${EndpointName} is not a multi-model endpoint and does not support target model header.`,
    );
  }
  const containers = chosen(variant, input).map(({ name, current, modelUri }) => {
    const endpoint = current();
    const model = modelUri && { target: TargetModel!, uri: modelUri(TargetModel!) };
    if (endpoint) return { name, endpoint, model };
    throw modelError(sageMaker.account, variant, name, 0, 'The container has ended; its log says why.');
  });
  return { variant, containers };
}

function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

function findVariant(
  { account }: SageMaker,
  hosting: Hosting,
  { EndpointName, TargetVariant }: TargetInput,
): VariantServer {
  const variant = hosting.pick(EndpointName, TargetVariant);
  if (variant) return variant;
  const isThere = TargetVariant !== undefined && hosting.pick(EndpointName, undefined) !== undefined;
  throw validationError(
    isThere
      ? `Variant ${TargetVariant} of endpoint ${EndpointName} was not found.`
      : `Endpoint ${EndpointName} of account ${account.id} not found.`,
  );
}

function chosen(
  { isDirect, containers }: VariantServer,
  { EndpointName, TargetContainerHostname: hostname }: TargetInput,
): readonly ContainerServer[] {
  if (!isDirect) {
    if (hostname === undefined) return containers;
    throw validationError(
      `TargetContainerHostname must not be given: endpoint ${EndpointName} is not configured for direct invocation.`,
    );
  }
  const found = containers.find(({ name }) => name === hostname);
  if (found) return [found];
  const known = containers.map(({ name }) => name).join(', ');
  throw validationError(
    `TargetContainerHostname must be one of ${known} for endpoint ${EndpointName}; received ${hostname === undefined ? 'none' : `"${hostname}"`}.`,
  );
}
