/** Roles: every name is one here. What is not given by the name is derived from it. */
import { createHash } from 'node:crypto';

/** The role of callers that assumed no other. */
export const DEFAULT_ROLE = 'SageMakerRole';

/** The role's unique ID, as IAM writes them: AROA and 17 characters. */
export function roleIdOf(name: string): string {
  return `AROA${createHash('sha256').update(name).digest('hex').slice(0, 17).toUpperCase()}`;
}

/** SageMaker's console makes its roles in this path. */
export function rolePathOf(name: string): string {
  return name.startsWith('AmazonSageMaker-ExecutionRole-') ? '/service-role/' : '/';
}
