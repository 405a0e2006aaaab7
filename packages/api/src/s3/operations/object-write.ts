/** PutObject, DeleteObject and DeleteObjects. */

import { childText, malformedXml, readXml, type XmlElement, type XmlNode } from '../../protocol/xml.js';
import { ServiceError } from '../../service-error.js';
import { type Answer, document } from '../answer.js';
import { receiveFile, receiveText } from '../body.js';
import { DEFAULT_ALGORITHM } from '../checksum.js';
import { checkWriteConditions } from '../conditions.js';
import type { ObjectDetails } from '../object-details.js';
import { describeChecksum, readDetails } from '../object-headers.js';
import type { ObjectEntry } from '../object-store.js';
import type { Operation, S3Context } from './context.js';

/** Of one DeleteObjects. */
const MAX_DELETED_KEYS = 1000;

export const putObject: Operation = async (request, { store }) => {
  const { bucket, key } = request;
  store.checkKey(bucket, key);
  const described = readDetails(request);
  checkWriteConditions(request, key, store.find(bucket, key));
  const { staged, md5, checksum } = await receiveFile(request, store.staging, DEFAULT_ALGORITHM);
  const details: ObjectDetails = { ...described, checksum: { ...checksum, type: 'FULL_OBJECT' } };
  const entry = store.commit(bucket, key, staged, { etag: md5, details }, (existing) =>
    checkWriteConditions(request, key, existing),
  );
  return answerWrite(entry, details);
};

export const deleteObject: Operation = (request, { store }) => {
  const { bucket, key } = request;
  const existing = store.find(bucket, key);
  if (request.headers['if-match'] !== undefined) checkWriteConditions(request, key, existing);
  store.delete(bucket, key);
  return { status: 204 };
};

export const deleteObjects: Operation = async (request, context) => {
  context.store.buckets.folderOf(request.bucket);
  const root = readXml(await receiveText(request), 'Delete');
  const objects = root.children.filter(({ name }) => name === 'Object');
  if (objects.length === 0 || objects.length > MAX_DELETED_KEYS) {
    throw malformedXml(`it must have 1 to ${MAX_DELETED_KEYS} keys; received ${objects.length}`);
  }
  const isQuiet = childText(root, 'Quiet') === 'true';
  const results = objects.map((object) => deleteOne(request.bucket, object, context));
  return document('DeleteResult', isQuiet ? results.filter(([name]) => name === 'Error') : results);
};

/** Objects here have one version, whose ID is `null`. */
export function noSuchVersion(version: string): ServiceError {
  return new ServiceError('NoSuchVersion', 'The specified version does not exist.', 404, { VersionId: version });
}

// --- internal ---

/** The answer to a write: the ETag, the checksum, the encryption that the client asked for. */
function answerWrite({ etag }: ObjectEntry, details: ObjectDetails): Answer {
  const encryption = Object.entries(details.headers).filter(([name]) =>
    name.startsWith('x-amz-server-side-encryption'),
  );
  return {
    headers: {
      etag: `"${etag}"`,
      ...Object.fromEntries(encryption),
      ...describeChecksum({ details }),
    },
  };
}

function deleteOne(bucket: string, object: XmlNode, { store }: S3Context): XmlElement {
  const key = childText(object, 'Key');
  if (key === undefined || key === '') throw malformedXml('each Object must have a Key');
  const version = childText(object, 'VersionId');
  try {
    if (version !== undefined && version !== 'null') throw noSuchVersion(version);
    const etag = childText(object, 'ETag');
    const request = { headers: etag === undefined ? {} : { 'if-match': etag } };
    checkWriteConditions(request, key, store.find(bucket, key));
    store.delete(bucket, key);
    return ['Deleted', [['Key', key]]];
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return [
      'Error',
      [
        ['Key', key],
        ['Code', error.code],
        ['Message', error.message],
      ],
    ];
  }
}
