/**
 * The request of CreateModelPackage. The model is in the image, in S3, or the result of a training job of the seller's own
 * algorithm, whose specification the package then takes.
 */
import { VALIDATION_PROFILE } from './create-algorithm.js';
import { inferenceSpecification } from './inference-specification.js';
import { named, RESOURCE_CHARACTERS } from './seller.js';
import type { Document, Source } from './source.js';
import { transformJobDefinition } from './validation-jobs.js';

export type Artifacts = 'image' | 's3' | 'algorithm';

export function createModelPackage(source: Source, artifacts: Artifacts): Document {
  const { definition, seller } = source;
  return {
    ModelPackageName:
      artifacts === 'algorithm' ? named(seller.resource, 'trained', RESOURCE_CHARACTERS) : seller.resource,
    ModelPackageDescription: definition.Description,
    ...modelOf(source, artifacts),
    ValidationSpecification: {
      ValidationRole: seller.validationRole,
      ValidationProfiles: [{ ProfileName: VALIDATION_PROFILE, TransformJobDefinition: transformJobDefinition(source) }],
    },
    CertifyForMarketplace: true,
  };
}

/** Where the artifacts of a package are, if they are in S3. */
export function modelUri({ seller }: Source): string {
  return `${seller.storage}/model.tar.gz`;
}

// --- internal ---

function modelOf(source: Source, artifacts: Artifacts): Document {
  const { image: Image, resource: AlgorithmName } = source.seller;
  const ModelDataUrl = modelUri(source);
  if (artifacts === 'algorithm') {
    return { SourceAlgorithmSpecification: { SourceAlgorithms: [{ AlgorithmName, ModelDataUrl }] } };
  }
  const container = artifacts === 's3' ? { Image, ModelDataUrl } : { Image };
  return { InferenceSpecification: inferenceSpecification(source, container) };
}
