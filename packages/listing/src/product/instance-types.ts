/** The instance types that AWS has, by what they are used for, as its model of SageMaker lists them. */
import { enumValues } from '@algo/api/requests';
import type { Use } from './schema.js';

const SHAPES: Readonly<Record<Use, string>> = {
  training: 'TrainingInstanceType',
  realTime: 'ProductionVariantInstanceType',
  batch: 'TransformInstanceType',
};

/** In AWS's words, for messages and tables. */
export const USE_NAMES: Readonly<Record<Use, string>> = {
  training: 'training',
  realTime: 'real-time inference',
  batch: 'batch transform',
};

export function typesOf(use: Use): readonly string[] {
  return enumValues('sagemaker', SHAPES[use]);
}

/** Whether an instance type has a GPU: families g and p. */
export function hasGpu(type: string): boolean {
  return /^ml\.(g|p)\d/.test(type);
}
