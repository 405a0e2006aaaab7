/** What a caller of an endpoint gets when the model's container does not answer well. */
import type { Account } from '../account.js';
import type { VariantServer } from '../sagemaker/endpoints/variant-server.js';
import { ServiceError } from '../service-error.js';

const MESSAGE_CHARS = 2048;

export function timeoutText(container: string): string {
  return `Your invocation timed out while waiting for a response from container ${container}. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.`;
}

/**
 * ModelError, HTTP 424, in the service's words.
 * @param container its name in its model
 * @param status of the container; 0 when it gave no answer
 */
export function modelError(
  account: Account,
  { logGroup }: VariantServer,
  container: string,
  status: number,
  text: string,
): ServiceError {
  const original = text.slice(0, MESSAGE_CHARS);
  const side = status >= 400 && status < 500 ? 'client' : 'server';
  const { region, id } = account;
  const place = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${logGroup}`;
  const message = `Received ${side} error (${status}) from ${container} with message "${original}". See ${place} in account ${id} for more information.`;
  return new ServiceError('ModelError', message.slice(0, MESSAGE_CHARS), 424, {
    OriginalStatusCode: status,
    OriginalMessage: original,
    LogStreamArn: `arn:aws:logs:${region}:${id}:log-group:${logGroup}`,
  });
}
