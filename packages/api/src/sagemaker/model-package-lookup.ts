/** Model packages as models use them: by name, by ARN, or as `group/version`. */
import type { StoredRecord } from '../store/record.js';
import { findRecord, type SageMaker, validationError } from './context.js';
import type { ModelPackageBody, ModelPackageGroupBody } from './model-package-shapes.js';

export const MODEL_PACKAGE = 'model-package';
export const MODEL_PACKAGE_GROUP = 'model-package-group';

/** @throws ServiceError ValidationException when there is none */
export function findModelPackage(sageMaker: SageMaker, arnOrName: string): StoredRecord<ModelPackageBody> {
  const missing = (arn: string) => validationError(`ModelPackage ${arn} does not exist.`);
  return findRecord<ModelPackageBody>(sageMaker, MODEL_PACKAGE, arnOrName, missing);
}

/** @throws ServiceError ValidationException when there is none */
export function findModelPackageGroup(sageMaker: SageMaker, arnOrName: string): StoredRecord<ModelPackageGroupBody> {
  const missing = (arn: string) => validationError(`ModelPackageGroup ${arn} does not exist.`);
  return findRecord<ModelPackageGroupBody>(sageMaker, MODEL_PACKAGE_GROUP, arnOrName, missing);
}

/**
 * The package that a model names.
 * @throws ServiceError ValidationException when there is none, or it is not Completed
 */
export function usableModelPackage(sageMaker: SageMaker, arnOrName: string): ModelPackageBody {
  const { body, arn, status } = findModelPackage(sageMaker, arnOrName);
  if (status === 'Completed') return body;
  throw validationError(`ModelPackage ${arn} must be in status Completed to be used; it is in status ${status}.`);
}
