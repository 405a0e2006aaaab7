import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { UploadStore } from '../../src/s3/upload-store.js';
import { type Send, startS3, type TestAnswer, textOf, textsOf } from './scene.js';

/** The smallest size of a part that is not the last. */
const PART_BYTES = 5 << 20;
const PARTS = [Buffer.alloc(PART_BYTES, 'a'), Buffer.alloc(PART_BYTES, 'b'), Buffer.from('end')];
const crcOf = (bytes: Uint8Array) => Buffer.from(crc32(bytes).toString(16).padStart(8, '0'), 'hex').toString('base64');
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();

async function startUpload(send: Send, headers: Record<string, string> = {}, key = 'a'): Promise<string> {
  const { text } = await send('POST', `/bucket/${key}?uploads`, { headers });
  return textOf(text, 'UploadId')!;
}

async function putPart(send: Send, id: string, number: number, body: Uint8Array, key = 'a'): Promise<string> {
  const { headers } = await send('PUT', `/bucket/${key}?partNumber=${number}&uploadId=${id}`, { body });
  return headers.etag!;
}

function complete(
  send: Send,
  id: string,
  parts: readonly (readonly [number, string])[],
  headers: Record<string, string> = {},
) {
  const elements = parts.map(([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`);
  const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${elements.join('')}</CompleteMultipartUpload>`;
  return send('POST', `/bucket/a?uploadId=${id}`, { body, headers });
}

it('parts become one plain file, whose ETag is the MD5 of their MD5s; each part can be read', async () => {
  const { send, folder, store } = await startS3();
  const id = await startUpload(send, { 'content-type': 'text/plain', 'x-amz-meta-k': 'v' });

  const etags: [number, string][] = [];
  for (const [i, part] of PARTS.entries()) etags.push([i + 1, await putPart(send, id, i + 1, part)]);
  const unfinished = await send('GET', '/bucket/a');
  const done = await complete(send, id, etags);

  const etag = `"${createHash('md5')
    .update(Buffer.concat(PARTS.map(md5)))
    .digest('hex')}-3"`;
  expect(unfinished.status).toBe(404);
  expect(textOf(done.text, 'ETag')).toBe(etag.replaceAll('"', '&quot;'));
  expect(readFileSync(join(folder, 'a')).equals(Buffer.concat(PARTS))).toBe(true);
  const last = await send('GET', '/bucket/a?partNumber=3');
  expect(last).toMatchObject({ status: 206, text: 'end' });
  expect(last.headers).toMatchObject({
    etag,
    'x-amz-mp-parts-count': '3',
    'x-amz-meta-k': 'v',
    'content-type': 'text/plain',
  });
  expect((await send('GET', '/bucket/a?partNumber=4')).status).toBe(416);
  expect(readdirSync(store.uploads)).toEqual([]);
  expect(textOf((await complete(send, id, etags)).text, 'Code')).toBe('NoSuchUpload');
});

it('the checksum of an upload is that of its parts or of the whole object, as the client chose', async () => {
  const { send } = await startS3();
  const checksums: Record<string, string | undefined> = {};
  const attributes: string[] = [];

  for (const type of ['COMPOSITE', 'FULL_OBJECT']) {
    const id = await startUpload(send, { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': type });
    const etags: [number, string][] = [];
    for (const [i, part] of PARTS.entries()) etags.push([i + 1, await putPart(send, id, i + 1, part)]);
    checksums[type] = textOf((await complete(send, id, etags)).text, 'ChecksumCRC32');
    const wanted = { 'x-amz-object-attributes': 'ETag,Checksum,ObjectParts,ObjectSize,StorageClass' };
    attributes.push((await send('GET', '/bucket/a?attributes', { headers: wanted })).text);
  }

  const ofParts = Buffer.concat(PARTS.map((part) => Buffer.from(crcOf(part), 'base64')));
  expect(checksums).toEqual({ COMPOSITE: `${crcOf(ofParts)}-3`, FULL_OBJECT: crcOf(Buffer.concat(PARTS)) });
  expect(textsOf(attributes[0]!, 'ChecksumCRC32')).toEqual([checksums.COMPOSITE, ...PARTS.map(crcOf)]);
  expect(
    ['PartsCount', 'ObjectSize', 'StorageClass', 'ChecksumType'].map((name) => textOf(attributes[1]!, name)),
  ).toEqual([...['3', String(2 * PART_BYTES + 3), 'STANDARD', 'FULL_OBJECT']]);
});

it('a completion that names the parts wrongly is refused, and the upload stays', async () => {
  const { send } = await startS3();
  const id = await startUpload(send);
  const small = await putPart(send, id, 1, Buffer.from('small'));
  const end = await putPart(send, id, 2, Buffer.from('end'));
  const codeOf = async (parts: [number, string][], headers = {}) =>
    textOf((await complete(send, id, parts, headers)).text, 'Code');

  expect(
    await codeOf([
      [2, end],
      [1, small],
    ]),
  ).toBe('InvalidPartOrder');
  expect(await codeOf([[3, end]])).toBe('InvalidPart');
  expect(await codeOf([[1, end]])).toBe('InvalidPart');
  expect(
    await codeOf([
      [1, small],
      [2, end],
    ]),
  ).toBe('EntityTooSmall');
  expect(await codeOf([])).toBe('MalformedXML');
  expect(await codeOf([[2, end]], { 'x-amz-mp-object-size': '9' })).toBe('InvalidRequest');
  expect(await codeOf([[2, end]])).toBeUndefined();
  expect((await send('GET', '/bucket/a')).text).toBe('end');
});

it('a part that is uploaded again replaces the first, and an aborted upload leaves nothing', async () => {
  const { send, store } = await startS3();
  const id = await startUpload(send);
  await putPart(send, id, 1, Buffer.from('first'));
  const second = await putPart(send, id, 1, Buffer.from('second'));
  const other = await startUpload(send);
  await putPart(send, other, 1, Buffer.from('other'));

  const files = readdirSync(join(store.uploads, id));
  const aborted = await send('DELETE', `/bucket/a?uploadId=${other}`);
  await complete(send, id, [[1, second]]);

  expect(files).toHaveLength(1);
  expect(aborted.status).toBe(204);
  expect((await send('GET', '/bucket/a')).text).toBe('second');
  expect(readdirSync(store.uploads)).toEqual([]);
});

it('of completions at the same time one makes the object, and no part or abort comes between', async () => {
  const { send, store } = await startS3();
  const id = await startUpload(send);
  const etags: [number, string][] = [];
  for (const [i, part] of PARTS.entries()) etags.push([i + 1, await putPart(send, id, i + 1, part)]);

  const answers = await Promise.all([
    ...[1, 2, 3].map(() => complete(send, id, etags)),
    send('PUT', `/bucket/a?partNumber=3&uploadId=${id}`, { body: 'other' }),
  ]);

  const done = answers.filter(({ text }) => text.includes('CompleteMultipartUploadResult'));
  const refused = answers.slice(0, 3).flatMap(({ text }) => textOf(text, 'Code') ?? []);
  expect(done).toHaveLength(1);
  expect(refused.every((code) => ['OperationAborted', 'NoSuchUpload', 'InvalidPart'].includes(code))).toBe(true);
  expect(store.find('bucket', 'a')!.size).toBe(2 * PART_BYTES + 3);
  expect(readdirSync(store.uploads)).toEqual([]);
});

it('parts and uploads are listed in pages', async () => {
  const { send } = await startS3();
  const id = await startUpload(send, { 'x-amz-checksum-algorithm': 'SHA256' }, 'x/1');
  for (const number of [1, 2, 3]) await putPart(send, id, number, Buffer.from(String(number)), 'x/1');
  const second = await startUpload(send, {}, 'x/1');
  const third = await startUpload(send, {}, 'y');

  const parts = await send('GET', `/bucket/x/1?uploadId=${id}&part-number-marker=1&max-parts=1`);
  const first = await send('GET', '/bucket?uploads&max-uploads=1');
  const rest = await send(
    'GET',
    `/bucket?uploads&key-marker=${textOf(first.text, 'NextKeyMarker')}&upload-id-marker=${textOf(first.text, 'NextUploadIdMarker')}`,
  );
  const grouped = await send('GET', '/bucket?uploads&delimiter=/');

  expect(textsOf(parts.text, 'PartNumber')).toEqual(['2']);
  expect(['IsTruncated', 'NextPartNumberMarker', 'ChecksumSHA256'].map((name) => textOf(parts.text, name))).toEqual([
    ...['true', '2', createHash('sha256').update('2').digest('base64')],
  ]);
  expect(textsOf(first.text, 'UploadId')).toEqual([id]);
  expect(textsOf(rest.text, 'UploadId')).toEqual([second, third]);
  expect([textsOf(grouped.text, 'Key'), textsOf(grouped.text, 'Prefix')]).toEqual([['y'], ['', 'x/']]);
});

it('a part may be a range of another object', async () => {
  const { send } = await startS3();
  await send('PUT', '/bucket/source', { body: '0123456789' });
  const id = await startUpload(send);
  const copy = (range: string) =>
    send('PUT', `/bucket/a?partNumber=1&uploadId=${id}`, {
      headers: { 'x-amz-copy-source': '/bucket/source', 'x-amz-copy-source-range': range },
    });

  const copied = await copy('bytes=2-5');
  const refused: TestAnswer[] = [];
  for (const range of ['2-5', 'bytes=0-', 'bytes=-5', 'bytes=5-2', 'bytes=0-1,3-4', 'bytes=0-99', 'bytes=9-10']) {
    refused.push(await copy(range));
  }
  await complete(send, id, [[1, textOf(copied.text, 'ETag')!]]);

  const form = 'The x-amz-copy-source-range value must be of the form bytes=first-last';
  const size = 'Range specified is not valid for source object of size: 10';
  const messages = refused.map(({ text }) => textOf(text, 'Message')?.split(' where ')[0]);
  expect(refused.map(({ text }) => textOf(text, 'Code'))).toEqual(refused.map(() => 'InvalidArgument'));
  expect(messages).toEqual([form, form, form, form, form, size, size]);
  expect((await send('GET', '/bucket/a')).text).toBe('2345');
});

it('a restart keeps an upload with its parts, and removes the files of uploads that are over and parts that are not whole', async () => {
  const { send, store } = await startS3();
  const id = await startUpload(send);
  await putPart(send, id, 1, Buffer.from('part'));
  mkdirSync(join(store.uploads, 'over'));
  writeFileSync(join(store.uploads, id, 'half'), 'x');

  const restarted = new UploadStore(store.database, store.uploads);

  const upload = restarted.get('bucket', 'a', id);
  expect(restarted.parts(upload)).toMatchObject([{ number: 1, bytes: 4 }]);
  expect(readdirSync(store.uploads)).toEqual([id]);
  expect(readdirSync(join(store.uploads, id))).toEqual([restarted.parts(upload)[0]!.file]);
});

it.each([
  ['PUT', 'partNumber=0', 'InvalidArgument'],
  ['PUT', 'partNumber=10001', 'InvalidArgument'],
  ['PUT', 'partNumber=1', 'NoSuchUpload'],
  ['GET', '', 'NoSuchUpload'],
  ['DELETE', '', 'NoSuchUpload'],
])('%s with %s of an upload that does not exist is refused', async (method, query, code) => {
  const { send } = await startS3();

  const { text } = await send(method, `/bucket/a?${query}&uploadId=../..`);

  expect(textOf(text, 'Code')).toBe(code);
});

it('while an object is copied the client hears of it, and the document at the end is the result or an error', async () => {
  const { send } = await startS3({ heartbeatMs: 0 });
  const id = await startUpload(send);
  const etag = await putPart(send, id, 1, Buffer.from('all of it'));

  const wrong = await complete(send, id, [[1, '"0"']]);
  const done = await complete(send, id, [[1, etag]]);
  const copied = await send('PUT', '/bucket/b', { headers: { 'x-amz-copy-source': '/bucket/a' } });
  const missing = await send('PUT', '/bucket/b', { headers: { 'x-amz-copy-source': '/bucket/none' } });

  for (const { status, text } of [wrong, done, copied, missing]) {
    expect(status).toBe(200);
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n +<\w/);
  }
  expect([textOf(wrong.text, 'Code'), textOf(missing.text, 'Code')]).toEqual(['InvalidPart', 'NoSuchKey']);
  expect(done.text).toContain('<CompleteMultipartUploadResult xmlns=');
  expect(copied.text).toContain('<CopyObjectResult xmlns=');
  expect((await send('GET', '/bucket/b')).text).toBe('all of it');
});
