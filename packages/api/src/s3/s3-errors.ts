/** The errors that S3 answers, with its codes, statuses and words. */
import { ServiceError } from '../service-error.js';

export function noSuchBucket(bucket: string): ServiceError {
  return new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });
}

export function noSuchKey(key: string): ServiceError {
  return new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
}

export function noSuchUpload(uploadId: string): ServiceError {
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  return new ServiceError('NoSuchUpload', message, 404, { UploadId: uploadId });
}

export function keyTooLong(maxBytes: number, size: number): ServiceError {
  return new ServiceError('KeyTooLongError', 'Your key is too long', 400, { MaxSizeAllowed: maxBytes, Size: size });
}

/** @param message one sentence with the argument, what must hold of it, and its value */
export function invalidArgument(name: string, value: string, message: string): ServiceError {
  return new ServiceError('InvalidArgument', message, 400, { ArgumentName: name, ArgumentValue: value });
}

export function preconditionFailed(condition: string): ServiceError {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new ServiceError('PreconditionFailed', message, 412, { Condition: condition });
}

/** @param message one sentence with what is not there */
export function notImplemented(message: string): ServiceError {
  return new ServiceError('NotImplemented', message, 501);
}
