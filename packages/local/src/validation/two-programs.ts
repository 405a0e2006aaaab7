/** A product with a training image and an inference image: what both say about themselves must fit. */
import { isDeepStrictEqual } from 'node:util';
import type { AlgorithmDescription } from '../container/description.js';
import { ArgumentError } from '../errors.js';

/** @throws ArgumentError unless both are the same version of the same algorithm, with the same requests and answers */
export function requireSameProduct(training: AlgorithmDescription, serving: AlgorithmDescription): void {
  const nameOf = ({ Name, Version }: AlgorithmDescription) => `${Name} ${Version}`;
  if (nameOf(training) !== nameOf(serving)) {
    throw new ArgumentError(
      `The inference image must be of ${nameOf(training)}, as the training image; it is ${nameOf(serving)}.`,
    );
  }
  if (!training.TrainingSpecification) {
    throw new ArgumentError(`The training image must train; ${nameOf(training)} has no TrainingSpecification.`);
  }
  if (!isDeepStrictEqual(training.InferenceSpecification, serving.InferenceSpecification)) {
    throw new ArgumentError(
      `The images of ${nameOf(training)} must have the same InferenceSpecification; that of the inference image differs.`,
    );
  }
}
