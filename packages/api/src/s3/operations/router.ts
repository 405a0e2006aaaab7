/** Which operation a request asks for: by its method, by what it names, and by the subresource in its query. */
import { ServiceError } from '../../service-error.js';
import { notImplemented } from '../s3-errors.js';
import { header, type S3Request } from '../s3-request.js';
import * as buckets from './bucket.js';
import { deleteSetting, getAccessControl, getSetting, putSetting, settingOf } from './bucket-settings.js';
import type { Operation } from './context.js';
import { copyObject } from './object-copy.js';
import { listObjects, listObjectsV2, listObjectVersions } from './object-list.js';
import { getObject, getObjectAttributes } from './object-read.js';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tags.js';
import { deleteObject, deleteObjects, noSuchVersion, putObject } from './object-write.js';
import { completeMultipartUpload } from './upload-complete.js';
import { listMultipartUploads, listParts } from './upload-list.js';
import { abortMultipartUpload, createMultipartUpload, uploadPart, uploadPartCopy } from './upload-parts.js';

/** @throws ServiceError NotImplemented or MethodNotAllowed, naming what is not there; NoSuchVersion */
export function operationOf(request: S3Request): Operation {
  const version = request.query.get('versionId');
  if (version !== null && version !== 'null') throw noSuchVersion(version);
  if (request.bucket === '') return ofMethod(request, { GET: buckets.listBuckets });
  return request.key === '' ? bucketOperation(request) : objectOperation(request);
}

/** Whether an operation copies objects, which may take minutes. */
export function isCopying(operation: Operation): boolean {
  return COPYING.has(operation);
}

// --- internal ---

const COPYING: ReadonlySet<Operation> = new Set([completeMultipartUpload, copyObject, uploadPartCopy]);

type Methods = Readonly<Partial<Record<string, Operation>>>;

function ofMethod({ method }: S3Request, methods: Methods): Operation {
  const operation = methods[method];
  if (operation !== undefined) return operation;
  const message = 'The specified method is not allowed against this resource.';
  throw new ServiceError('MethodNotAllowed', message, 405, { Method: method });
}

function bucketOperation(request: S3Request): Operation {
  const { query } = request;
  refuse(query, ['analytics', 'intelligent-tiering', 'inventory', 'metrics', 'metadataTable', 'session', 'abac']);
  if (query.has('location')) return ofMethod(request, { GET: buckets.getBucketLocation });
  if (settingOf(query) !== undefined)
    return ofMethod(request, { GET: getSetting, PUT: putSetting, DELETE: deleteSetting });
  if (query.has('uploads')) return ofMethod(request, { GET: listMultipartUploads });
  if (query.has('versions')) return ofMethod(request, { GET: listObjectVersions });
  if (query.has('delete')) return ofMethod(request, { POST: deleteObjects });
  if (request.method === 'POST') throw notImplemented('Uploads by a form (POST) are not there; use PUT.');
  return ofMethod(request, {
    GET: query.get('list-type') === '2' ? listObjectsV2 : listObjects,
    HEAD: buckets.headBucket,
    PUT: buckets.createBucket,
    DELETE: buckets.deleteBucket,
  });
}

function objectOperation(request: S3Request): Operation {
  const { query } = request;
  refuse(query, ['legal-hold', 'retention', 'restore', 'select', 'torrent', 'renameObject', 'append']);
  const isCopy = header(request, 'x-amz-copy-source') !== undefined;
  if (query.has('tagging')) {
    return ofMethod(request, { GET: getObjectTagging, PUT: putObjectTagging, DELETE: deleteObjectTagging });
  }
  if (query.has('acl')) return ofMethod(request, { GET: getAccessControl });
  if (query.has('attributes')) return ofMethod(request, { GET: getObjectAttributes });
  if (query.has('uploads')) return ofMethod(request, { POST: createMultipartUpload });
  if (query.has('uploadId')) {
    return ofMethod(request, {
      GET: listParts,
      PUT: isCopy ? uploadPartCopy : uploadPart,
      POST: completeMultipartUpload,
      DELETE: abortMultipartUpload,
    });
  }
  return ofMethod(request, {
    GET: getObject,
    HEAD: getObject,
    PUT: isCopy ? copyObject : putObject,
    DELETE: deleteObject,
  });
}

/** Refuses what would otherwise be taken for a request of the object or bucket itself. */
function refuse(query: URLSearchParams, subresources: readonly string[]): void {
  const found = subresources.find((name) => query.has(name));
  if (found !== undefined) throw notImplemented(`The operation with "?${found}" is not there.`);
}
