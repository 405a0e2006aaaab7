/** ListParts and ListMultipartUploads. */

import type { XmlElement } from '../../protocol/xml.js';
import { document } from '../answer.js';
import { keyEncoding, readMaximum } from '../listing.js';
import type { Upload } from '../upload-store.js';
import { compareUtf8 } from '../utf8-order.js';
import type { Operation } from './context.js';
import { OWNER } from './object-list.js';
import { uploadOf } from './upload-parts.js';

export const listParts: Operation = (request, { uploads }) => {
  const upload = uploadOf(request, uploads);
  const marker = Number(request.query.get('part-number-marker') ?? 0);
  const maximum = readMaximum(request, 'max-parts');
  const following = uploads.parts(upload).filter(({ number }) => number > marker);
  const shown = following.slice(0, maximum);
  const { algorithm, type } = upload.settings;
  return document('ListPartsResult', [
    ['Bucket', upload.bucket],
    ['Key', keyEncoding(request)(upload.key)],
    ['UploadId', upload.id],
    ['Initiator', OWNER[1]],
    OWNER,
    ['StorageClass', 'STANDARD'],
    ['PartNumberMarker', marker],
    ['NextPartNumberMarker', shown.at(-1)?.number ?? marker],
    ['MaxParts', maximum],
    ['IsTruncated', shown.length < following.length],
    algorithm && ['ChecksumAlgorithm', algorithm],
    type && ['ChecksumType', type],
    ...shown.map(
      ({ number, modified, etag, bytes, checksum }): XmlElement => [
        'Part',
        [
          ['PartNumber', number],
          ['LastModified', modified.toISOString()],
          ['ETag', `"${etag}"`],
          ['Size', bytes],
          [`Checksum${checksum.algorithm}`, checksum.value],
        ],
      ],
    ),
  ]);
};

export const listMultipartUploads: Operation = (request, { store, uploads }) => {
  store.buckets.folderOf(request.bucket);
  const query = (name: string) => request.query.get(name) ?? '';
  const [prefix, delimiter] = [query('prefix'), query('delimiter')];
  const [keyMarker, idMarker] = [query('key-marker'), query('upload-id-marker')];
  const maximum = readMaximum(request, 'max-uploads');
  const encode = keyEncoding(request);
  const following = uploads.list(request.bucket).filter((upload) => {
    const order = compareUtf8(upload.key, keyMarker);
    return upload.key.startsWith(prefix) && (order > 0 || (order === 0 && idMarker !== '' && upload.id > idMarker));
  });
  const commonPrefixOf = ({ key }: Upload) => {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return end < 0 ? undefined : key.slice(0, end + delimiter.length);
  };
  const grouped = following.filter((upload) => commonPrefixOf(upload) !== undefined);
  const single = following.filter((upload) => commonPrefixOf(upload) === undefined);
  const shown = single.slice(0, maximum);
  const last = shown.at(-1);
  const isTruncated = shown.length < single.length;
  return document('ListMultipartUploadsResult', [
    ['Bucket', request.bucket],
    ['KeyMarker', encode(keyMarker)],
    ['UploadIdMarker', idMarker],
    isTruncated && last ? ['NextKeyMarker', encode(last.key)] : undefined,
    isTruncated && last ? ['NextUploadIdMarker', last.id] : undefined,
    ['Prefix', encode(prefix)],
    delimiter === '' ? undefined : ['Delimiter', encode(delimiter)],
    ['MaxUploads', maximum],
    ['IsTruncated', isTruncated],
    ...shown.map(
      ({ key, id, started, settings: { algorithm, type } }): XmlElement => [
        'Upload',
        [
          ['Key', encode(key)],
          ['UploadId', id],
          ['Initiator', OWNER[1]],
          OWNER,
          ['StorageClass', 'STANDARD'],
          ['Initiated', started.toISOString()],
          algorithm && ['ChecksumAlgorithm', algorithm],
          type && ['ChecksumType', type],
        ],
      ],
    ),
    ...[...new Set(grouped.map(commonPrefixOf))].map(
      (common): XmlElement => ['CommonPrefixes', [['Prefix', encode(common!)]]],
    ),
  ]);
};
