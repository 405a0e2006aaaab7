/** The request of CreateAlgorithm, with AWS's validation on the sample data. */
import { ArgumentError } from '@algo/local';
import { inferenceSpecification } from './inference-specification.js';
import type { Document, Source } from './source.js';
import { trainingJobDefinition, transformJobDefinition } from './validation-jobs.js';

/** Of the profile in a document, for both product types. */
export const VALIDATION_PROFILE = 'sample-data';

/** @throws ArgumentError where product.yaml has no instance types for training, or the profile lacks a job */
export function createAlgorithm(source: Source): Document {
  const { definition, product, seller } = source;
  const types = product.instances.training;
  if (!types) throw new ArgumentError('product.yaml: instances.training is required for an algorithm; it is missing.');
  return {
    AlgorithmName: seller.resource,
    AlgorithmDescription: definition.Description,
    TrainingSpecification: {
      ...definition.TrainingSpecification,
      TrainingImage: seller.trainingImage ?? seller.image,
      SupportedTrainingInstanceTypes: Object.keys(types),
    },
    InferenceSpecification: inferenceSpecification(source, { Image: seller.image }),
    ValidationSpecification: {
      ValidationRole: seller.validationRole,
      ValidationProfiles: [
        {
          ProfileName: VALIDATION_PROFILE,
          TrainingJobDefinition: trainingJobDefinition(source),
          TransformJobDefinition: transformJobDefinition(source),
        },
      ],
    },
    CertifyForMarketplace: true,
  };
}
