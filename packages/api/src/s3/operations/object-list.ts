/** ListObjectsV2, ListObjects and ListObjectVersions: objects here have one version, `null`. */

import type { XmlElement } from '../../protocol/xml.js';
import { type Answer, document } from '../answer.js';
import { keyEncoding, listPage, type Page, readMaximum } from '../listing.js';
import type { StoredObject } from '../object-store.js';
import { invalidArgument } from '../s3-errors.js';
import type { S3Request } from '../s3-request.js';
import type { Operation, S3Context } from './context.js';

/** Owner of all buckets and objects. */
export const OWNER: XmlElement = [
  'Owner',
  [
    ['ID', '0'.repeat(64)],
    ['DisplayName', 'local'],
  ],
];

export const listObjectsV2: Operation = async (request, context) => {
  const { query } = request;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const page = await readPage(request, context, token === null ? startAfter : readToken(token));
  const encode = keyEncoding(request);
  return answerPage(
    request,
    page,
    'Contents',
    [
      ['KeyCount', page.objects.length + page.commonPrefixes.length],
      ...optional('ContinuationToken', token),
      ...optional('NextContinuationToken', page.next && writeToken(page.next)),
      ...optional('StartAfter', query.get('start-after') && encode(startAfter)),
    ],
    query.get('fetch-owner') === 'true',
  );
};

export const listObjects: Operation = async (request, context) => {
  const marker = request.query.get('marker') ?? '';
  const page = await readPage(request, context, marker);
  const encode = keyEncoding(request);
  const nextMarker = request.query.get('delimiter') ? page.next : undefined;
  return answerPage(
    request,
    page,
    'Contents',
    [['Marker', encode(marker)], ...optional('NextMarker', nextMarker && encode(nextMarker))],
    true,
  );
};

export const listObjectVersions: Operation = async (request, context) => {
  const marker = request.query.get('key-marker') ?? '';
  const page = await readPage(request, context, marker);
  const encode = keyEncoding(request);
  const answer = answerPage(
    request,
    page,
    'Version',
    [
      ['KeyMarker', encode(marker)],
      ['VersionIdMarker', request.query.get('version-id-marker') ?? ''],
      ...optional('NextKeyMarker', page.next && encode(page.next)),
      ...optional('NextVersionIdMarker', page.next && 'null'),
    ],
    true,
  );
  return document('ListVersionsResult', answer.xml![1]);
};

// --- internal ---

function readPage(request: S3Request, { store }: S3Context, after: string): Promise<Page> {
  const { query, bucket } = request;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  return listPage(store, bucket, { prefix, delimiter, after, maximum: readMaximum(request, 'max-keys') });
}

function answerPage(
  request: S3Request,
  page: Page,
  name: string,
  markers: readonly XmlElement[],
  hasOwner: boolean,
): Answer {
  const encode = keyEncoding(request);
  const { query } = request;
  return document('ListBucketResult', [
    ['Name', request.bucket],
    ['Prefix', encode(query.get('prefix') ?? '')],
    ...optional('Delimiter', query.get('delimiter') && encode(query.get('delimiter')!)),
    ['MaxKeys', readMaximum(request, 'max-keys')],
    ...optional('EncodingType', query.get('encoding-type')),
    ['IsTruncated', page.next !== undefined],
    ...markers,
    ...page.objects.map((object) => describeEntry(object, name, encode, hasOwner)),
    ...page.commonPrefixes.map((prefix): XmlElement => ['CommonPrefixes', [['Prefix', encode(prefix)]]]),
  ]);
}

function describeEntry(
  object: StoredObject,
  name: string,
  encode: (text: string) => string,
  hasOwner: boolean,
): XmlElement {
  const { checksum, headers } = object.details;
  return [
    name,
    [
      ['Key', encode(object.key)],
      ...(name === 'Version'
        ? ([
            ['VersionId', 'null'],
            ['IsLatest', true],
          ] satisfies XmlElement[])
        : []),
      ['LastModified', object.lastModified.toISOString()],
      ['ETag', `"${object.etag}"`],
      ...(checksum
        ? ([
            ['ChecksumAlgorithm', checksum.algorithm],
            ['ChecksumType', checksum.type],
          ] satisfies XmlElement[])
        : []),
      ['Size', object.size],
      ['StorageClass', headers['x-amz-storage-class'] ?? 'STANDARD'],
      hasOwner ? OWNER : undefined,
    ],
  ];
}

function optional(name: string, value: string | null | undefined): XmlElement[] {
  return value === null || value === undefined || value === '' ? [] : [[name, value]];
}

function writeToken(last: string): string {
  return Buffer.from(last).toString('base64url');
}

function readToken(token: string): string {
  const last = Buffer.from(token, 'base64url').toString();
  if (last !== '' && writeToken(last) === token) return last;
  throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
}
