/** Limits on the instances that are used at a time, and the error of the service when a request would go over one. */
import { ServiceError } from '../service-error.js';
import type { SageMaker } from './context.js';

/** How one kind of resource uses instances. */
export interface QuotaUse {
  /** As AWS names the quota: `ml.m5.xlarge for training job usage`. */
  readonly usage: string;
  /** Instances of that type in use now. */
  inUse(instanceType: string): number;
}

/**
 * Call it in the transaction that makes the resource.
 * @throws ServiceError ResourceLimitExceeded
 */
export function checkQuota(
  { quotas }: SageMaker,
  { usage, inUse }: QuotaUse,
  instanceType: string,
  count: number,
): void {
  const limit = Object.hasOwn(quotas, instanceType) ? quotas[instanceType]! : Number.POSITIVE_INFINITY;
  if (limit === Number.POSITIVE_INFINITY) return;
  const used = inUse(instanceType);
  if (used + count <= limit) return;
  throw new ServiceError(
    'ResourceLimitExceeded',
    `The account-level service limit '${instanceType} for ${usage}' is ${limit} Instances, with current utilization of ${used} Instances and a request delta of ${count} Instances. Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.`,
  );
}
