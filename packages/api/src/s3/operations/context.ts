/** What the operations share. */
import type { Answer } from '../answer.js';
import type { ObjectStore, StoredObject } from '../object-store.js';
import { noSuchKey } from '../s3-errors.js';
import type { S3Request } from '../s3-request.js';
import type { UploadStore } from '../upload-store.js';

export interface S3Context {
  readonly store: ObjectStore;
  readonly uploads: UploadStore;
  /** Where buckets are unless their CreateBucket named another region. */
  readonly region: string;
}

export type Operation = (request: S3Request, context: S3Context) => Answer | Promise<Answer>;

/** The object of the request. @throws ServiceError NoSuchBucket, NoSuchKey */
export function requireObject({ bucket, key }: S3Request, { store }: S3Context): StoredObject {
  const object = store.find(bucket, key);
  if (object === undefined) throw noSuchKey(key);
  return object;
}
