/**
 * Models of Mode MultiModel: ModelDataUrl is the start of the keys of many archives, and each request names one of them.
 * Sources: AWS guide "Multi-Model Endpoints"; API ContainerDefinition, MultiModelConfig.
 */
import { type ObjectStore, parseS3Uri, s3UriBelow } from '../../object-store.js';
import { ServiceError } from '../../service-error.js';
import { validationError } from '../resources/context.js';
import type { ContainerDefinition } from './shapes.js';

export function isMultiModel({ Mode }: ContainerDefinition): boolean {
  return Mode === 'MultiModel';
}

/** @throws ServiceError ValidationException for what no multi-model endpoint can be made of */
export function checkMultiModel(containers: readonly ContainerDefinition[], isDirect: boolean): void {
  const many = containers.filter(isMultiModel);
  const other = containers.find((container) => container.MultiModelConfig !== undefined && !isMultiModel(container));
  if (other) throw validationError('MultiModelConfig must only be given for a container of Mode MultiModel.');
  if (many.length > 1) {
    throw validationError(`A model must have up to one container of Mode MultiModel; received ${many.length}.`);
  }
  const [container] = many;
  if (!container) return;
  if (isDirect) throw validationError('A container of Mode MultiModel is not supported with direct invocation.');
  if (container.ModelPackageName !== undefined) {
    throw validationError('A container with a ModelPackageName must not have Mode MultiModel.');
  }
  const { ModelDataUrl, ModelDataSource } = container;
  if (ModelDataSource !== undefined || ModelDataUrl === undefined || !parseS3Uri(ModelDataUrl)) {
    throw validationError(
      `A container of Mode MultiModel must have a ModelDataUrl, the S3 prefix of its models, and no ModelDataSource; received ${ModelDataUrl === undefined ? 'no ModelDataUrl' : `"${ModelDataUrl}"`}.`,
    );
  }
}

/** @param use what the model would be used for @throws ServiceError ValidationException */
export function refuseMultiModel(containers: readonly ContainerDefinition[], use: string): void {
  if (containers.some(isMultiModel)) throw validationError(`A model of Mode MultiModel is not supported for ${use}.`);
}

export function modelUri({ ModelDataUrl = '' }: ContainerDefinition, target: string): string {
  return s3UriBelow(ModelDataUrl, target.replace(/^\/+/, ''));
}

/** The archive of a target model; undefined where there is no such object. */
export function findArchive(objects: ObjectStore, container: ContainerDefinition, target: string): string | undefined {
  const place = parseS3Uri(modelUri(container, target));
  try {
    return place && objects.fileOf(place.bucket, place.key);
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}
