/** CreateMultipartUpload, UploadPart, UploadPartCopy and AbortMultipartUpload. */
import { closeSync } from 'node:fs';
import { ServiceError } from '../../service-error.js';
import { document } from '../answer.js';
import { parseAlgorithm, receiveFile } from '../body.js';
import { COPY_RANGE, readCopyRange } from '../byte-range.js';
import {
  type ChecksumAlgorithm,
  type ChecksumType,
  checksumHeader,
  DEFAULT_ALGORITHM,
  defaultType,
} from '../checksum.js';
import { readDetails } from '../object-headers.js';
import { invalidArgument } from '../s3-errors.js';
import { header, type S3Request } from '../s3-request.js';
import type { Upload, UploadSettings, UploadStore } from '../upload-store.js';
import type { Operation } from './context.js';
import { copyBytes, describeCopy, openSource } from './object-copy.js';

export const createMultipartUpload: Operation = (request, { store, uploads }) => {
  const { bucket, key } = request;
  store.checkKey(bucket, key);
  const settings = readSettings(request);
  const { id } = uploads.start(bucket, key, settings);
  const { algorithm, type } = settings;
  return {
    ...document('InitiateMultipartUploadResult', [
      ['Bucket', bucket],
      ['Key', key],
      ['UploadId', id],
    ]),
    ...(algorithm && { headers: { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': type! } }),
  };
};

export const uploadPart: Operation = async (request, { uploads }) => {
  const number = readPartNumber(request);
  const upload = uploadOf(request, uploads);
  const { staged, md5, checksum } = await receiveFile(request, uploads.folderOf(upload), partAlgorithm(upload));
  uploads.addPart(upload, staged, { number, etag: md5, checksum });
  return { headers: { etag: `"${md5}"`, [checksumHeader(checksum.algorithm)]: checksum.value } };
};

export const uploadPartCopy: Operation = async (request, { store, uploads }) => {
  const number = readPartNumber(request);
  const upload = uploadOf(request, uploads);
  const source = openSource(request, store);
  try {
    const text = header(request, COPY_RANGE);
    const range = text === undefined ? { start: 0, bytes: source.size } : readCopyRange(text, source.size);
    const folder = uploads.folderOf(upload);
    const { staged, md5, checksum } = await copyBytes(source, range, folder, partAlgorithm(upload));
    const { modified } = uploads.addPart(upload, staged, { number, etag: md5, checksum });
    return document('CopyPartResult', describeCopy(md5, modified, checksum));
  } finally {
    closeSync(source.descriptor);
  }
};

export const abortMultipartUpload: Operation = (request, { uploads }) => {
  uploads.abort(uploadOf(request, uploads));
  return { status: 204 };
};

/** The upload that the request names. @throws ServiceError NoSuchUpload */
export function uploadOf({ bucket, key, query }: S3Request, uploads: UploadStore): Upload {
  return uploads.get(bucket, key, query.get('uploadId') ?? '');
}

// --- internal ---

function partAlgorithm({ settings }: Upload): ChecksumAlgorithm {
  return settings.algorithm ?? DEFAULT_ALGORITHM;
}

function readPartNumber({ query }: S3Request): number {
  const text = query.get('partNumber') ?? '';
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 10_000) return number;
  throw invalidArgument('partNumber', text, 'Part number must be an integer between 1 and 10000, inclusive');
}

function readSettings(request: S3Request): UploadSettings {
  const details = readDetails(request);
  const algorithm = parseAlgorithm(header(request, 'x-amz-checksum-algorithm'), 'x-amz-checksum-algorithm');
  const type = header(request, 'x-amz-checksum-type');
  if (algorithm === undefined) return { details };
  if (type !== undefined && !isPossible(algorithm, type)) {
    throw new ServiceError(
      'InvalidRequest',
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { details, algorithm, type: (type as ChecksumType | undefined) ?? defaultType(algorithm) };
}

/** CRCs of parts make one of the whole; CRC64NVME has no other. */
function isPossible(algorithm: string, type: string): boolean {
  return algorithm === 'CRC64NVME'
    ? type === 'FULL_OBJECT'
    : type === 'COMPOSITE' || (type === 'FULL_OBJECT' && algorithm.startsWith('CRC'));
}
