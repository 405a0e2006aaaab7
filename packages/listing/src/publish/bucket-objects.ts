/** The objects of the product's bucket, by key. */
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { unlessMissing } from './aws-error.js';
import type { PublishContext } from './context.js';
import type { Found } from './found.js';
import { isOwnObject } from './mark.js';

export interface StoredObject {
  readonly key: string;
  readonly modified: Date;
}

/** None where there is no such bucket. */
export async function objectsOf({ clients, source }: PublishContext, Prefix: string): Promise<readonly StoredObject[]> {
  const { bucket: Bucket } = source.seller;
  if (!(await unlessMissing(clients.s3.headBucket({ Bucket })))) return [];
  const found: StoredObject[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: clients.s3 }, { Bucket, Prefix })) {
    for (const { Key: key = '', LastModified: modified = new Date(0) } of Contents) found.push({ key, modified });
  }
  return found;
}

/** Below the bucket; undefined for an address in another one. */
export function keyOfUri({ source }: PublishContext, uri: string): string | undefined {
  const start = `s3://${source.seller.bucket}/`;
  return uri.startsWith(start) ? uri.slice(start.length) : undefined;
}

export function objectName({ source }: PublishContext, key: string): string {
  return `object s3://${source.seller.bucket}/${key}`;
}

export async function hasMarks({ clients, source, mark }: PublishContext, Key: string): Promise<boolean> {
  const head = await unlessMissing(clients.s3.headObject({ Bucket: source.seller.bucket, Key }));
  return isOwnObject(head?.Metadata, mark);
}

export function removable(context: PublishContext, key: string): Found {
  const { clients, source } = context;
  return {
    what: objectName(context, key),
    remove: () => clients.s3.deleteObject({ Bucket: source.seller.bucket, Key: key }),
  };
}
