/** Model packages as models use them: by name, by ARN, or as `group/version`. */
import type { StoredRecord } from '../../store/record.js';
import { findProduct, isProductArn, productInference } from '../marketplace/products.js';
import { findRecord, type SageMaker, validationError } from '../resources/context.js';
import type { ModelPackageBody, ModelPackageGroupBody } from './shapes.js';

export const MODEL_PACKAGE = 'model-package';
export const MODEL_PACKAGE_GROUP = 'model-package-group';

/**
 * A package of this account, or a product's with its images as buyers see them.
 * @throws ServiceError ValidationException when there is none
 */
export function findModelPackage(sageMaker: SageMaker, arnOrName: string): StoredRecord<ModelPackageBody> {
  if (!isProductArn(arnOrName)) return findOwnModelPackage(sageMaker, arnOrName);
  const record = findProduct<ModelPackageBody>(sageMaker, MODEL_PACKAGE, arnOrName);
  const { ValidationSpecification: _, SourceAlgorithmSpecification: __, ...body } = record.body;
  const { InferenceSpecification } = body;
  return {
    ...record,
    body: {
      ...body,
      ModelPackageArn: arnOrName,
      ...(InferenceSpecification && {
        InferenceSpecification: productInference(sageMaker.account, InferenceSpecification),
      }),
    },
  };
}

/** @throws ServiceError ValidationException when there is none */
export function findOwnModelPackage(sageMaker: SageMaker, arnOrName: string): StoredRecord<ModelPackageBody> {
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
