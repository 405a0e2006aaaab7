/** The image that trains: the job's own, or the algorithm's. */
import { findAlgorithm } from '../algorithms/lookup.js';
import type { SageMaker } from '../resources/context.js';
import type { AlgorithmSpecification } from './shapes.js';

export function trainingImageOf(
  sageMaker: SageMaker,
  { TrainingImage, AlgorithmName }: AlgorithmSpecification,
): string {
  if (AlgorithmName === undefined) return TrainingImage!;
  return findAlgorithm(sageMaker, AlgorithmName).body.TrainingSpecification.TrainingImage;
}
