/** What CreateModelPackage checks beyond the members of a request, and what a package takes from its algorithm. */
import { usableAlgorithm } from '../algorithms/lookup.js';
import type { InferenceSpecification } from '../definitions/inference.js';
import { isProductImage, refuseProductImage } from '../marketplace/products.js';
import { type SageMaker, validationError } from '../resources/context.js';
import type { ModelPackageMembers } from './shapes.js';

/**
 * @returns the inference specification: the request's own, or that of the algorithm with the artifacts of the request
 * @throws ServiceError ValidationException
 */
export function checkModelPackage(sageMaker: SageMaker, request: ModelPackageMembers): InferenceSpecification {
  const { ModelPackageName, ModelPackageGroupName, CertifyForMarketplace, ModelApprovalStatus } = request;
  if (ModelPackageName === undefined && ModelPackageGroupName === undefined) throw validationError('Missing ARN.');
  if (ModelPackageName !== undefined && ModelPackageGroupName !== undefined) {
    throw validationError(
      'Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one to use.',
    );
  }
  if (CertifyForMarketplace && ModelPackageGroupName !== undefined) {
    throw validationError('CertifyForMarketplace must not be given for a versioned model package.');
  }
  if (ModelApprovalStatus !== undefined && ModelPackageName !== undefined) {
    throw validationError('ModelApprovalStatus must not be given for an unversioned model package.');
  }
  const specification = inferenceOf(sageMaker, request);
  for (const { Image } of request.InferenceSpecification?.Containers ?? []) {
    refuseProductImage(Image, request.ValidationSpecification?.ValidationRole);
  }
  if (CertifyForMarketplace && specification.Containers.some(({ Image }) => isProductImage(Image))) {
    throw validationError('CertifyForMarketplace must not be given for a model package made of a product.');
  }
  if (ModelPackageName !== undefined) requireInstanceTypes(specification);
  for (const { Image } of specification.Containers) {
    if (Image === undefined) throw validationError('Each container must have an Image.');
    const problem = sageMaker.programs.problem(Image);
    if (problem !== undefined) throw validationError(`Cannot find repository: ${problem}`);
  }
  return specification;
}

// --- internal ---

function inferenceOf(sageMaker: SageMaker, request: ModelPackageMembers): InferenceSpecification {
  const { InferenceSpecification, SourceAlgorithmSpecification } = request;
  if ((InferenceSpecification === undefined) === (SourceAlgorithmSpecification === undefined)) {
    throw validationError('Exactly one of InferenceSpecification and SourceAlgorithmSpecification must be given.');
  }
  if (InferenceSpecification) return InferenceSpecification;
  const [source] = SourceAlgorithmSpecification!.SourceAlgorithms;
  const algorithm = usableAlgorithm(sageMaker, source!.AlgorithmName);
  const specification = algorithm.InferenceSpecification;
  if (!specification) throw validationError(`Algorithm ${algorithm.AlgorithmArn} has no InferenceSpecification.`);
  const { ModelDataUrl } = source!;
  if (ModelDataUrl === undefined) {
    throw validationError(
      'SourceAlgorithms must have a ModelDataUrl; other model data is not available on this machine.',
    );
  }
  return {
    ...specification,
    Containers: specification.Containers.map((container) => ({ ...container, ModelDataUrl })),
  };
}

/** What AWS documents for an unversioned package: it may become a product. */
function requireInstanceTypes(specification: InferenceSpecification): void {
  for (const member of ['SupportedTransformInstanceTypes', 'SupportedRealtimeInferenceInstanceTypes'] as const) {
    if (specification[member] !== undefined) continue;
    throw validationError(`InferenceSpecification must have ${member} for an unversioned model package.`);
  }
}
