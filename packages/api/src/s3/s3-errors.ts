/** The errors that S3 answers, with its codes, statuses and words. */
import { ServiceError } from '../service-error.js';

export function noSuchBucket(bucket: string): ServiceError {
  return new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });
}

export function keyTooLong(maxBytes: number, size: number): ServiceError {
  return new ServiceError('KeyTooLongError', 'Your key is too long', 400, { MaxSizeAllowed: maxBytes, Size: size });
}
