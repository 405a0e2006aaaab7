/** The instance types that AWS has, by what they are used for, as its model of SageMaker lists them. */
import { enumValues } from '@algo/api/requests';
import type { AlgorithmDescription } from '@algo/local';
import type { Product, Use } from './schema.js';

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

/** In the order in which tables and lists have them. */
export const USES: readonly Use[] = ['training', 'realTime', 'batch'];

/** Those of a product: an algorithm's, or a model package's, which has no training. */
export function usesOf({ TrainingSpecification }: AlgorithmDescription): readonly Use[] {
  return TrainingSpecification ? USES : USES.filter((use) => use !== 'training');
}

/** Every instance type that is listed, once for each use; its price is null where it is not decided. */
export function everyType({ instances }: Product, uses = USES) {
  return uses.flatMap((use) => Object.entries(instances[use] ?? {}).map(([type, price]) => ({ use, type, price })));
}

export function typesOf(use: Use): readonly string[] {
  return enumValues('sagemaker', SHAPES[use]);
}

/** Whether an instance type has a GPU: families g and p. */
export function hasGpu(type: string): boolean {
  return /^ml\.(g|p)\d/.test(type);
}
