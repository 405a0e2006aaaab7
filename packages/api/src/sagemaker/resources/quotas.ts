/** Limits on the instances that are used at a time, and the error of the service when a request would go over one. */
import { ServiceError } from '../../service-error.js';
import type { SageMaker } from './context.js';

/**
 * Call it in the transaction that makes the resource.
 * @param usage as AWS names the quota after the instance type: `training job usage`
 * @param used instances of that type in use now
 * @throws ServiceError ResourceLimitExceeded
 */
export function checkQuota(
  { quotas }: SageMaker,
  usage: string,
  instanceType: string,
  used: () => number,
  count: number,
): void {
  if (!Object.hasOwn(quotas, instanceType)) return;
  const [limit, now] = [quotas[instanceType]!, used()];
  if (now + count <= limit) return;
  throw new ServiceError(
    'ResourceLimitExceeded',
    `The account-level service limit '${instanceType} for ${usage}' is ${limit} Instances, with current utilization of ${now} Instances and a request delta of ${count} Instances. Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.`,
  );
}

/** Counts the jobs of a kind that have not ended. @param path in their body, of the instance type */
export function jobsInUse({ store }: SageMaker, kind: string, path: string, instanceType: string): () => number {
  const count = (status: string) => store.records.count(kind, status, path, instanceType);
  return () => count('InProgress') + count('Stopping');
}
