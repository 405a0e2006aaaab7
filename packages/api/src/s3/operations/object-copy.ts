/** CopyObject, and where the source of a copy is: `x-amz-copy-source`. */
import { closeSync, createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { XmlElement } from '../../protocol/xml.js';
import { ServiceError } from '../../service-error.js';
import { document } from '../answer.js';
import { type BodyChecksum, parseAlgorithm, type ReceivedFile } from '../body.js';
import type { ByteRange } from '../byte-range.js';
import { type ChecksumAlgorithm, DEFAULT_ALGORITHM, startChecksum, startMd5 } from '../checksum.js';
import { checkSourceConditions, checkWriteConditions } from '../conditions.js';
import type { ObjectDetails } from '../object-details.js';
import { readDetails } from '../object-headers.js';
import type { ObjectStore, OpenObject, StoredObject } from '../object-store.js';
import { invalidArgument, noSuchKey } from '../s3-errors.js';
import { decodePath, header, headerText, type S3Request } from '../s3-request.js';
import { stageFile } from '../staging.js';
import type { Operation } from './context.js';
import { noSuchVersion } from './object-write.js';

export const copyObject: Operation = async (request, { store }) => {
  const { bucket, key } = request;
  store.checkKey(bucket, key);
  const source = openSource(request, store);
  try {
    const described = copiedDetails(request, source);
    const asked = parseAlgorithm(header(request, 'x-amz-checksum-algorithm'), 'x-amz-checksum-algorithm');
    const algorithm = asked ?? source.details.checksum?.algorithm ?? DEFAULT_ALGORITHM;
    const { staged, md5, checksum } = await copyBytes(
      source,
      { start: 0, bytes: source.size },
      store.staging,
      algorithm,
    );
    const details: ObjectDetails = { ...described, checksum: { ...checksum, type: 'FULL_OBJECT' } };
    const entry = store.commit(bucket, key, staged, { etag: md5, details }, (existing) =>
      checkWriteConditions(request, key, existing),
    );
    return document('CopyObjectResult', describeCopy(entry.etag, entry.lastModified, checksum));
  } finally {
    closeSync(source.descriptor);
  }
};

/** Opens the source of a copy, whose conditions hold. The caller closes it. */
export function openSource(request: S3Request, store: ObjectStore): OpenObject {
  const text = headerText(request, 'x-amz-copy-source')!;
  const [path, version] = text.split(/\?versionId=/);
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodePath(path!)) ?? [];
  if (bucket === undefined || key === undefined) {
    throw invalidArgument(
      'x-amz-copy-source',
      text,
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  if (version !== undefined && version !== 'null') throw noSuchVersion(version);
  const source = store.open(bucket, key);
  if (source === undefined) throw noSuchKey(key);
  try {
    checkSourceConditions(request, source);
    return source;
  } catch (error) {
    closeSync(source.descriptor);
    throw error;
  }
}

/** Copies a range of an open object to a file in `folder`. */
export async function copyBytes(
  source: OpenObject,
  { start, bytes }: ByteRange,
  folder: string,
  algorithm: ChecksumAlgorithm,
): Promise<ReceivedFile> {
  const md5 = startMd5();
  const checksum = await startChecksum(algorithm);
  const range = { fd: source.descriptor, autoClose: false, start, end: start + bytes - 1 };
  const staged = await stageFile(folder, bytes === 0 ? Readable.from([]) : createReadStream('', range), (chunk) => {
    md5.update(chunk);
    checksum.update(chunk);
  });
  return { staged, md5: md5.hex(), checksum: { algorithm, value: checksum.digest() } };
}

/** The elements of the result of a copy. */
export function describeCopy(etag: string, modified: Date, checksum: BodyChecksum): XmlElement[] {
  return [
    ['LastModified', modified.toISOString()],
    ['ETag', `"${etag}"`],
    [`Checksum${checksum.algorithm}`, checksum.value],
    ['ChecksumType', 'FULL_OBJECT'],
  ];
}

// --- internal ---

/** The source's details, or those of the request's headers, as its directives say. */
function copiedDetails(request: S3Request, source: StoredObject): ObjectDetails {
  const replacesMetadata = replaces(request, 'x-amz-metadata-directive');
  const replacesTags = replaces(request, 'x-amz-tagging-directive');
  const own = readDetails(request);
  const isItself =
    decodePath(headerText(request, 'x-amz-copy-source')!).replace(/^\//, '') === `${request.bucket}/${request.key}`;
  const changesClass =
    own.headers['x-amz-storage-class'] !== undefined || own.headers['x-amz-server-side-encryption'] !== undefined;
  if (isItself && !replacesMetadata && !changesClass) {
    throw new ServiceError(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const { headers, metadata } = replacesMetadata
    ? own
    : { ...source.details, headers: { ...source.details.headers, ...classHeaders(own) } };
  const tags = replacesTags ? own.tags : source.details.tags;
  return tags === undefined ? { headers, metadata } : { headers, metadata, tags };
}

/** A storage class and an encryption are the request's also where the metadata is copied. */
function classHeaders({ headers }: ObjectDetails): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-')));
}

function replaces(request: S3Request, name: string): boolean {
  const directive = header(request, name) ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE')
    throw invalidArgument(name, directive, `Unknown ${name.slice(6)}.`);
  return directive === 'REPLACE';
}
