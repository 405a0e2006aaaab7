/** GetObject, HeadObject and GetObjectAttributes. */
import { closeSync } from 'node:fs';
import type { XmlElement } from '../../protocol/xml.js';
import { type Answer, document } from '../answer.js';
import { readPart, readRange } from '../byte-range.js';
import { isToBeSent } from '../conditions.js';
import { describeChecksum, describeObject, overriddenHeaders } from '../object-headers.js';
import type { OpenObject, StoredObject } from '../object-store.js';
import { invalidArgument, noSuchKey } from '../s3-errors.js';
import { header, type S3Request } from '../s3-request.js';
import { type Operation, requireObject } from './context.js';

export const getObject: Operation = (request, { store }) => {
  const object = store.open(request.bucket, request.key);
  if (object === undefined) throw noSuchKey(request.key);
  try {
    const answer = answerObject(request, object);
    if (answer.file === undefined) closeSync(object.descriptor);
    return answer;
  } catch (error) {
    closeSync(object.descriptor);
    throw error;
  }
};

export const getObjectAttributes: Operation = (request, context) => {
  const object = requireObject(request, context);
  const wanted = (header(request, 'x-amz-object-attributes') ?? '').split(/\s*,\s*/).filter((name) => name !== '');
  const unknown = wanted.find((name) => !(name in ATTRIBUTES));
  if (wanted.length === 0 || unknown !== undefined) {
    throw invalidArgument('x-amz-object-attributes', unknown ?? '', 'Invalid attribute name specified.');
  }
  const content = wanted.map((name) => ATTRIBUTES[name]!(object, request));
  return {
    ...document('GetObjectAttributesResponse', content),
    headers: { 'last-modified': object.lastModified.toUTCString() },
  };
};

// --- internal ---

function answerObject(request: S3Request, object: OpenObject): Answer {
  const headers = { ...describeObject(object), ...overriddenHeaders(request) };
  if (!isToBeSent(request, object)) return { status: 304, headers };
  const partNumber = request.query.get('partNumber');
  const part = partNumber === null ? undefined : readPart(partNumber, object);
  const range = part ?? readRange(header(request, 'range'), object.size);
  const { start, bytes } = range ?? { start: 0, bytes: object.size };
  const parts = object.details.parts;
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...headers,
      ...(range && bytes > 0 && { 'content-range': `bytes ${start}-${start + bytes - 1}/${object.size}` }),
      ...(part && parts && { 'x-amz-mp-parts-count': parts.length }),
      ...(range === undefined && header(request, 'x-amz-checksum-mode') === 'ENABLED' && describeChecksum(object)),
    },
    file: { descriptor: object.descriptor, start, bytes },
  };
}

const ATTRIBUTES: Record<string, (object: StoredObject, request: S3Request) => XmlElement | undefined> = {
  ETag: ({ etag }) => ['ETag', etag],
  ObjectSize: ({ size }) => ['ObjectSize', size],
  StorageClass: ({ details }) => ['StorageClass', details.headers['x-amz-storage-class'] ?? 'STANDARD'],
  Checksum: ({ details: { checksum } }) =>
    checksum && [
      'Checksum',
      [
        [`Checksum${checksum.algorithm}`, checksum.value],
        ['ChecksumType', checksum.type],
      ],
    ],
  ObjectParts: describeParts,
};

function describeParts({ details }: StoredObject, request: S3Request): XmlElement | undefined {
  const { parts, checksum } = details;
  if (parts === undefined) return undefined;
  const maximum = Math.min(Number(header(request, 'x-amz-max-parts') ?? 1000), 1000);
  const marker = Number(header(request, 'x-amz-part-number-marker') ?? 0);
  const shown = parts.map((part, i) => ({ ...part, number: i + 1 })).slice(marker, marker + maximum);
  const last = shown.at(-1)?.number ?? marker;
  return [
    'ObjectParts',
    [
      ['PartsCount', parts.length],
      ['PartNumberMarker', marker],
      ['NextPartNumberMarker', last],
      ['MaxParts', maximum],
      ['IsTruncated', last < parts.length],
      ...shown.map(
        (part): XmlElement => [
          'Part',
          [
            ['PartNumber', part.number],
            ['Size', part.bytes],
            checksum && part.checksum !== undefined ? [`Checksum${checksum.algorithm}`, part.checksum] : undefined,
          ],
        ],
      ),
    ],
  ];
}
