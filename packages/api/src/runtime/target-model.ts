/** Invocations of a target model, and its errors in the words of the runtime. */
import { type Answer, JobError, ModelNotFound, ModelNotLoaded, ModelNotReady } from '@algo/local';
import type { Account } from '../account.js';
import { parseS3Uri } from '../object-store.js';
import { ServiceError } from '../service-error.js';
import { modelError } from './model-error.js';
import type { Target, TargetContainer } from './target.js';

type CallOptions = Parameters<TargetContainer['endpoint']['client']['call']>[0];

/** Calls the container, or the model of it that the request names. */
export function callContainer({ endpoint, model }: TargetContainer, options: CallOptions): Promise<Answer> {
  if (!model) return endpoint.client.call(options);
  if (!endpoint.models) throw new TypeError('A container of Mode MultiModel must have been started with models.');
  return endpoint.models.invoke(model.target, options);
}

/** The error as its caller sees it; undefined where it is none of a target model. */
export function targetModelError(
  account: Account,
  variant: Target['variant'],
  { name, model }: TargetContainer,
  error: unknown,
): ServiceError | undefined {
  if (!model) return undefined;
  const { bucket, key } = parseS3Uri(model.uri) ?? { bucket: '', key: model.uri };
  if (error instanceof ModelNotFound) {
    return new ServiceError(
      'ValidationError',
      `Failed to download model data (bucket: ${bucket}, key: ${key}). Please ensure that there is an object located at the URL and that the role passed to CreateModel has permissions to download the model.`,
    );
  }
  if (error instanceof ModelNotLoaded) {
    const { status, body } = error.answer;
    return modelError(account, variant, name, status, body.toString('utf8'));
  }
  if (error instanceof ModelNotReady) return new ServiceError('ModelNotReadyException', error.message, 429);
  if (!(error instanceof JobError)) return undefined;
  return new ServiceError(
    'ValidationError',
    `Failed to extract model data (bucket: ${bucket}, key: ${key}): it must be a gzip-compressed tar archive.`,
  );
}
