/** CompleteMultipartUpload: the parts that the client names become one object, as one step for all readers. */
import { createHash } from 'node:crypto';
import { childText, malformedXml, readXml, type XmlNode } from '../../protocol/xml.js';
import { ServiceError } from '../../service-error.js';
import { document } from '../answer.js';
import { receiveText } from '../body.js';
import {
  checksumHeader,
  compositeChecksum,
  DEFAULT_ALGORITHM,
  type ObjectChecksum,
  startChecksum,
} from '../checksum.js';
import { checkWriteConditions } from '../conditions.js';
import type { ObjectDetails } from '../object-details.js';
import { header, type S3Request } from '../s3-request.js';
import { stageFile } from '../staging.js';
import type { Upload, UploadPart } from '../upload-store.js';
import type { Operation, S3Context } from './context.js';
import { uploadOf } from './upload-parts.js';

/** Of each part but the last; Amazon S3 User Guide, "Amazon S3 multipart upload limits". */
const MIN_PART_BYTES = 5 << 20;

export const completeMultipartUpload: Operation = async (request, context) => {
  const upload = uploadOf(request, context.uploads);
  const named = readXml(await receiveText(request), 'CompleteMultipartUpload').children.filter(
    ({ name }) => name === 'Part',
  );
  const parts = choosePartsOf(upload, named, context);
  checkWriteConditions(request, request.key, context.store.find(request.bucket, request.key));
  return context.uploads.complete(upload, () => joinParts(request, context, upload, parts));
};

// --- internal ---

async function joinParts(
  request: S3Request,
  { store, uploads }: S3Context,
  upload: Upload,
  parts: readonly UploadPart[],
) {
  const { bucket, key } = request;
  const { algorithm = DEFAULT_ALGORITHM, type = 'FULL_OBJECT', details: described } = upload.settings;
  const whole = await startChecksum(algorithm);
  const isWhole = type === 'FULL_OBJECT';
  const staged = await stageFile(store.staging, uploads.read(upload, parts), (chunk) => isWhole && whole.update(chunk));
  const values = parts.map(({ checksum }) => checksum.value);
  const value = isWhole ? whole.digest() : await compositeChecksum(algorithm, values);
  const checksum: ObjectChecksum = { algorithm, type, value };
  const details: ObjectDetails = {
    ...described,
    parts: parts.map(({ bytes, checksum: own }) =>
      own.algorithm === algorithm ? { bytes, checksum: own.value } : { bytes },
    ),
    checksum,
  };
  const entry = store.commit(bucket, key, staged, { etag: etagOf(parts), details }, (existing) => {
    uploadOf(request, uploads);
    checkSent(request, checksum);
    checkSize(request, staged.bytes);
    checkWriteConditions(request, key, existing);
  });
  uploads.end(upload);
  return document('CompleteMultipartUploadResult', [
    ['Location', `/${bucket}/${encodeURIComponent(key)}`],
    ['Bucket', bucket],
    ['Key', key],
    ['ETag', `"${entry.etag}"`],
    [`Checksum${algorithm}`, value],
    ['ChecksumType', type],
  ]);
}

/** The parts that the document names. @throws ServiceError InvalidPartOrder, InvalidPart, EntityTooSmall */
function choosePartsOf(upload: Upload, named: readonly XmlNode[], { uploads }: S3Context): UploadPart[] {
  if (named.length === 0 || named.length > 10_000)
    throw malformedXml(`it must name 1 to 10000 parts; received ${named.length}`);
  const numbers = named.map((node) => Number(childText(node, 'PartNumber')));
  if (numbers.some((number, i) => i > 0 && number <= numbers[i - 1]!)) throw invalidOrder();
  const byNumber = new Map(uploads.parts(upload).map((part) => [part.number, part]));
  const parts = named.map((node, i) => {
    const etag = childText(node, 'ETag')?.replaceAll('"', '').trim();
    const part = byNumber.get(numbers[i]!);
    if (part === undefined || part.etag !== etag || !hasChecksum(node, part))
      throw invalidPart(upload, numbers[i]!, etag);
    return part;
  });
  const small = parts.slice(0, -1).find(({ bytes }) => bytes < MIN_PART_BYTES);
  if (small !== undefined) throw tooSmall(small);
  return parts;
}

function invalidOrder(): ServiceError {
  const message =
    'The list of parts was not in ascending order. The parts list must be specified in order by part number.';
  return new ServiceError('InvalidPartOrder', message);
}

function hasChecksum(node: XmlNode, { checksum: { algorithm, value } }: UploadPart): boolean {
  return (childText(node, `Checksum${algorithm}`) ?? value) === value;
}

function invalidPart({ id }: Upload, number: number, etag: string | undefined): ServiceError {
  const message =
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
  return new ServiceError('InvalidPart', message, 400, { UploadId: id, PartNumber: number, ETag: etag ?? '' });
}

function tooSmall({ number, bytes, etag }: UploadPart): ServiceError {
  return new ServiceError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
    ProposedSize: bytes,
    MinSizeAllowed: MIN_PART_BYTES,
    PartNumber: number,
    ETag: etag,
  });
}

/** MD5 of the parts' MD5s, and their number. */
function etagOf(parts: readonly UploadPart[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}

/** A client may say what the checksum of the whole object must be. */
function checkSent(request: S3Request, { algorithm, value }: ObjectChecksum): void {
  const sent = header(request, checksumHeader(algorithm));
  if (sent === undefined || sent.replace(/-\d+$/, '') === value.replace(/-\d+$/, '')) return;
  throw new ServiceError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
}

function checkSize(request: S3Request, bytes: number): void {
  const sent = header(request, 'x-amz-mp-object-size');
  if (sent === undefined || Number(sent) === bytes) return;
  throw new ServiceError(
    'InvalidRequest',
    `x-amz-mp-object-size must be ${bytes}, the size of the parts together; received "${sent}".`,
  );
}
