/** Rules of instance types and prices: the price list is made of the types that the resource supports. */
import { everyType, hasGpu, typesOf, USE_NAMES, usesOf } from '../product/instance-types.js';
import type { Use } from '../product/schema.js';
import { productRule, type Rule, SOURCES } from './rule.js';

/** Whether a type is none that AWS's model knows, for a use. */
export function isUnknownType(use: Use, type: string): boolean {
  return !typesOf(use).includes(type);
}

/** Apart from the others, so that numbers of rules stay. */
export const TRAINING_RULES: readonly Rule[] = [
  productRule(
    'a product without training has no instance types for it',
    SOURCES.versions,
    ({ instances, recommended }, { definition }) => {
      if (definition.TrainingSpecification) return [];
      const text = `must not be there: ${definition.Name} has no training`;
      return [
        ...(instances.training === undefined ? [] : [[['instances', 'training'], text] as const]),
        ...(recommended.training === undefined ? [] : [[['recommended', 'training'], text] as const]),
      ];
    },
  ),
];

export const INSTANCE_RULES: readonly Rule[] = [
  productRule('instance types are those that SageMaker has for their use', SOURCES.model, (product) =>
    everyType(product)
      .filter(({ use, type }) => isUnknownType(use, type))
      .map(
        ({ use, type }) =>
          [
            ['instances', use, type],
            `must be an instance type for ${USE_NAMES[use]}; SageMaker has none of that name`,
          ] as const,
      ),
  ),
  productRule(
    'GPU types are only for an algorithm that computes on GPUs',
    SOURCES.requirements,
    (product, { definition }) =>
      definition.Capabilities.SupportsGpu
        ? []
        : everyType(product)
            .filter(({ type }) => hasGpu(type))
            .map(
              ({ use, type }) =>
                [['instances', use, type], `must have no GPU: ${definition.Name} computes on CPUs only`] as const,
            ),
  ),
  productRule(
    'recommended instance types are supported ones',
    SOURCES.versions,
    ({ recommended, instances }, { definition }) => {
      return usesOf(definition).flatMap((use) => {
        const type = recommended[use];
        if (type !== undefined && Object.hasOwn(instances[use] ?? {}, type)) return [];
        const known = Object.keys(instances[use] ?? {}).join(', ') || 'none';
        return [
          [['recommended', use], `must be one of instances.${use} (${known}); received ${type ?? 'nothing'}`] as const,
        ];
      });
    },
  ),
  productRule('every supported instance type of a paid product has a price', SOURCES.terms, (product) => {
    const { model } = product.pricing;
    if (model === 'free') return [];
    return everyType(product)
      .filter(({ use, price }) => price === null && !(model === 'per-inference' && use === 'realTime'))
      .map(({ use, type }) => [['instances', use, type], 'must have a price in USD per hour; it is missing'] as const);
  }),
  productRule('prices and free trial are of the pricing model', SOURCES.pricing, (product) => {
    const { model, inference, freeTrialDays } = product.pricing;
    const priced = everyType(product).filter(({ price }) => price !== null);
    if (model === 'free') {
      return [
        ...priced.map(
          ({ use, type }) => [['instances', use, type], 'must have no price: the product is free'] as const,
        ),
        ...(freeTrialDays === undefined
          ? []
          : [[['pricing', 'freeTrialDays'], 'must not be there: the product is free'] as const]),
      ];
    }
    if (model === 'hourly') {
      return inference === undefined
        ? []
        : [[['pricing', 'inference'], 'must not be there: the model is hourly'] as const];
    }
    return [
      ...(inference === undefined
        ? [[['pricing', 'inference'], 'must have dimension and price; it is missing'] as const]
        : []),
      ...priced
        .filter(({ use }) => use === 'realTime')
        .map(
          ({ use, type }) =>
            [
              ['instances', use, type],
              'must have no price per hour: real-time inference is priced per inference',
            ] as const,
        ),
    ];
  }),
];
