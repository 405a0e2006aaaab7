/** Algorithms as jobs use them: by name or ARN, once they are Completed. */
import type { StoredRecord } from '../../store/record.js';
import { findProduct, isProductArn, productImage, productInference } from '../marketplace/products.js';
import { findRecord, type SageMaker, validationError } from '../resources/context.js';
import type { AlgorithmBody } from './shapes.js';

export const ALGORITHM = 'algorithm';

/**
 * An algorithm of this account, or a product's with its images as buyers see them.
 * @throws ServiceError ValidationException when there is none
 */
export function findAlgorithm(sageMaker: SageMaker, arnOrName: string): StoredRecord<AlgorithmBody> {
  if (isProductArn(arnOrName)) return findProductAlgorithm(sageMaker, arnOrName);
  const missing = (arn: string) => validationError(`Algorithm ${arn} does not exist.`);
  return findRecord<AlgorithmBody>(sageMaker, ALGORITHM, arnOrName, missing);
}

/**
 * The algorithm that a job or model names.
 * @throws ServiceError ValidationException when there is none, or it is not Completed
 */
export function usableAlgorithm(sageMaker: SageMaker, arnOrName: string): AlgorithmBody {
  const { body, arn, status } = findAlgorithm(sageMaker, arnOrName);
  if (status === 'Completed') return body;
  throw validationError(`Algorithm ${arn} must be in status Completed to be used; it is in status ${status}.`);
}

// --- internal ---

function findProductAlgorithm(sageMaker: SageMaker, arn: string): StoredRecord<AlgorithmBody> {
  const record = findProduct<AlgorithmBody>(sageMaker, ALGORITHM, arn);
  const { ValidationSpecification: _, ...body } = record.body;
  const { TrainingSpecification, InferenceSpecification } = body;
  return {
    ...record,
    body: {
      ...body,
      AlgorithmArn: arn,
      TrainingSpecification: {
        ...TrainingSpecification,
        TrainingImage: productImage(sageMaker.account, TrainingSpecification.TrainingImage),
      },
      ...(InferenceSpecification && {
        InferenceSpecification: productInference(sageMaker.account, InferenceSpecification),
      }),
    },
  };
}
