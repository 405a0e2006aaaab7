/** Scalable targets and their policies, as requests name them. Only variants of endpoints are scaled here. */
import type { Account } from '../account.js';
import { ENDPOINT, type EndpointBody } from '../sagemaker/endpoints/shapes.js';
import { ServiceError } from '../service-error.js';
import type { Store } from '../store/store.js';

export interface TargetReference {
  readonly ServiceNamespace: string;
  readonly ResourceId: string;
  readonly ScalableDimension: string;
}

export const TARGET = 'scalable-target';
export const POLICY = 'scaling-policy';

export interface Scaling {
  readonly store: Store;
  readonly account: Account;
}

export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

export function notFound(
  what: string,
  { ServiceNamespace, ResourceId, ScalableDimension }: TargetReference,
): ServiceError {
  return new ServiceError(
    'ObjectNotFoundException',
    `No ${what} found for service namespace: ${ServiceNamespace}, resource ID: ${ResourceId}, scalable dimension: ${ScalableDimension}`,
  );
}

/** @throws ServiceError ValidationException where it is no variant of an endpoint that is there */
export function checkVariant(
  { store }: Scaling,
  { ServiceNamespace, ResourceId, ScalableDimension }: TargetReference,
): void {
  if (ServiceNamespace !== 'sagemaker' || ScalableDimension !== DIMENSION) {
    const received = `${ServiceNamespace}, ${ScalableDimension}`;
    throw invalid(
      `ServiceNamespace and ScalableDimension must be sagemaker, ${DIMENSION} on this machine; received ${received}.`,
    );
  }
  const [, endpointName, variantName] = /^endpoint\/([^/]+)\/variant\/([^/]+)$/.exec(ResourceId) ?? [];
  const endpoint = endpointName === undefined ? undefined : store.records.find<EndpointBody>(ENDPOINT, endpointName);
  const variant = endpoint?.body.ProductionVariants?.find(({ VariantName }) => VariantName === variantName);
  if (!variant)
    throw invalid(`ResourceId must be endpoint/NAME/variant/NAME of an endpoint in service; received ${ResourceId}.`);
  if (variant.CurrentInstanceCount === undefined)
    throw invalid(`${ResourceId} is serverless: it has no instances to scale.`);
}

// --- internal ---

const DIMENSION = 'sagemaker:variant:DesiredInstanceCount';
