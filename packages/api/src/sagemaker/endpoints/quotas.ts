/** The instances that endpoints use, by type, against the quotas: those that are desired, of an update the greater number. */
import type { SageMaker } from '../resources/context.js';
import { checkQuota } from '../resources/quotas.js';
import { type Deployment, ENDPOINT, type EndpointBody, type KeptVariant, type ProductionVariant } from './shapes.js';

/**
 * @param name of the endpoint; only what it uses more than now is counted
 * @param kept instance counts in the place of the configuration's
 * @throws ServiceError ResourceLimitExceeded
 */
export function checkEndpointQuotas(
  sageMaker: SageMaker,
  name: string,
  { Config }: Deployment,
  kept: readonly KeptVariant[] = [],
): void {
  const active = ['Creating', 'Updating', 'InService'].flatMap((status) =>
    sageMaker.store.records.ofStatus<EndpointBody>(ENDPOINT, status),
  );
  const own = active.find((record) => record.name === name);
  const types = new Set(Config.ProductionVariants.flatMap(({ InstanceType }) => InstanceType ?? []));
  for (const type of types) {
    const more = instancesOf(Config.ProductionVariants, kept, type) - (own ? instancesInUse(own.body, type) : 0);
    if (more <= 0) continue;
    const used = () => active.reduce((sum, { body }) => sum + instancesInUse(body, type), 0);
    checkQuota(sageMaker, 'endpoint usage', type, used, more);
  }
}

// --- internal ---

function instancesInUse({ Config, ProductionVariants = [], Update }: EndpointBody, type: string): number {
  const now = instancesOf(Config.ProductionVariants, ProductionVariants, type);
  return Update ? Math.max(now, instancesOf(Update.Config.ProductionVariants, Update.Kept, type)) : now;
}

function instancesOf(variants: readonly ProductionVariant[], kept: readonly KeptVariant[], type: string): number {
  return variants
    .filter(({ InstanceType }) => InstanceType === type)
    .map(({ VariantName, InitialInstanceCount = 1 }) => {
      return kept.find((other) => other.VariantName === VariantName)?.CurrentInstanceCount ?? InitialInstanceCount;
    })
    .reduce((sum, count) => sum + count, 0);
}
