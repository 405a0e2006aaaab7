/** The service's error for input that is not there. */
import { parseS3Uri } from '../../object-store.js';
import type { ServiceError } from '../../service-error.js';
import { type SageMaker, validationError } from './context.js';

/** @param problem what S3 says */
export function noObjects({ account }: SageMaker, uri: string, role: string, problem: string): ServiceError {
  const bucket = parseS3Uri(uri)?.bucket ?? '';
  return validationError(
    `No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists in the selected region (${account.region}), that objects exist under that S3 prefix, and that the role "${role}" has "s3:ListBucket" permissions on bucket "${bucket}". Error message from S3: ${problem}`,
  );
}
