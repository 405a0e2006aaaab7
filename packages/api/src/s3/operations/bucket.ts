/** ListBuckets, CreateBucket, HeadBucket, GetBucketLocation and DeleteBucket. */

import { childText, readXml, writeXml, type XmlElement, type XmlNode } from '../../protocol/xml.js';
import { ServiceError } from '../../service-error.js';
import { document } from '../answer.js';
import { receiveText } from '../body.js';
import { readMaximum } from '../listing.js';
import { readTags } from '../object-headers.js';
import { MAX_BUCKET_TAGS } from './bucket-settings.js';
import type { Operation, S3Context } from './context.js';
import { OWNER } from './object-list.js';
import { readTagList, tagElements } from './object-tags.js';

export const listBuckets: Operation = (request, context) => {
  const { query } = request;
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const maximum = readMaximum(request, 'max-buckets');
  const found = context.store.buckets.list().filter(({ name }) => name.startsWith(prefix) && name > after);
  const shown = found.slice(0, maximum);
  const buckets = shown.map(
    ({ name, created }): XmlElement => [
      'Bucket',
      [
        ['Name', name],
        ['CreationDate', created.toISOString()],
        ['BucketRegion', regionOf(name, context)],
      ],
    ],
  );
  return document('ListAllMyBucketsResult', [
    OWNER,
    ['Buckets', buckets],
    prefix === '' ? undefined : ['Prefix', prefix],
    shown.length < found.length ? ['ContinuationToken', shown.at(-1)!.name] : undefined,
  ]);
};

export const createBucket: Operation = async (request, context) => {
  const text = await receiveText(request);
  const configuration = text === '' ? undefined : readXml(text, 'CreateBucketConfiguration');
  const region = configuration && childText(configuration, 'LocationConstraint');
  const tags = configuration && tagsOf(configuration);
  const { bucket } = request;
  const isNew = context.store.buckets.create(bucket);
  // Only us-east-1 answers with success when one's own bucket exists.
  if (!isNew && regionOf(bucket, context) !== US_EAST_1) {
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    throw new ServiceError('BucketAlreadyOwnedByYou', message, 409, { BucketName: bucket });
  }
  if (isNew && region) context.store.buckets.set(bucket, 'region', region);
  if (isNew && tags !== undefined) context.store.buckets.set(bucket, 'tagging', tags);
  return { headers: { location: `/${bucket}` } };
};

export const headBucket: Operation = ({ bucket }, context) => {
  context.store.buckets.folderOf(bucket);
  return { headers: { 'x-amz-bucket-region': regionOf(bucket, context), 'content-type': 'application/xml' } };
};

export const getBucketLocation: Operation = ({ bucket }, context) => {
  const region = regionOf(bucket, context);
  return document('LocationConstraint', region === US_EAST_1 ? '' : region);
};

export const deleteBucket: Operation = async ({ bucket }, { store, uploads }) => {
  await store.buckets.delete(bucket);
  for (const upload of uploads.list(bucket)) uploads.end(upload);
  return { status: 204 };
};

// --- internal ---

/** As PutBucketTagging has them: a document. */
function tagsOf(configuration: XmlNode): string | undefined {
  const set = configuration.children.find(({ name }) => name === 'Tags');
  if (!set) return undefined;
  const tags = readTags(readTagList(set), MAX_BUCKET_TAGS);
  return writeXml(['Tagging', [['TagSet', tagElements(tags)]]]);
}

const US_EAST_1 = 'us-east-1';

function regionOf(bucket: string, { store, region }: S3Context): string {
  return store.buckets.settings(bucket).region ?? region;
}
