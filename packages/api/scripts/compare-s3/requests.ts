/** The requests that are compared: each has a name, and runs after those before it. */
import { createHash } from 'node:crypto';
import type { ComparedAnswer, RawRequest } from './signed-client.ts';

/** Sends one request under a name. */
export type Ask = (name: string, method: string, path: string, request?: RawRequest) => Promise<ComparedAnswer>;

const KEYS = ['a', 'a-b', 'a/b', 'a/c/d', 'b c+d', 'ü/😀', 'z'];
const PART = Buffer.alloc(5 << 20, 'p');
const md5 = (data: string | Uint8Array) => createHash('md5').update(data);

export async function runRequests(
  ask: Ask,
  startUpload: (headers?: Record<string, string>) => Promise<string>,
): Promise<void> {
  await askBuckets(ask);
  await askObjects(ask);
  await askChecksums(ask);
  await askListings(ask);
  await askCopies(ask);
  await askUploads(ask, startUpload);
  await askSettings(ask);
  await askRemovals(ask);
}

// --- internal ---

async function askBuckets(ask: Ask): Promise<void> {
  await ask('create a bucket', 'PUT', '/bucket');
  await ask('create it again', 'PUT', '/bucket');
  await ask('create a bucket of a wrong name', 'PUT', '/Wrong_Name');
  await ask('head a bucket', 'HEAD', '/bucket');
  await ask('head a bucket that is not there', 'HEAD', '/none');
  await ask('list buckets', 'GET', '/');
  await ask('location', 'GET', '/bucket?location');
}

async function askObjects(ask: Ask): Promise<void> {
  const headers = {
    'content-type': 'text/plain',
    'cache-control': 'no-store',
    'x-amz-meta-k': 'v',
    'content-language': 'de',
  };
  await ask('put', 'PUT', '/bucket/a', { body: '0123456789', headers });
  await ask('get', 'GET', '/bucket/a');
  await ask('head', 'HEAD', '/bucket/a');
  await ask('get what is not there', 'GET', '/bucket/none');
  await ask('head what is not there', 'HEAD', '/bucket/none');
  await ask('get from no bucket', 'GET', '/none/a');
  await ask('put without type', 'PUT', '/bucket/plain', { body: '' });
  await ask('get without type', 'GET', '/bucket/plain');
  for (const range of [
    'bytes=0-0',
    'bytes=2-',
    'bytes=-3',
    'bytes=5-99',
    'bytes=10-',
    'bytes=4-2',
    'rows=1-2',
    'bytes=0-1,4-5',
  ]) {
    await ask(`get ${range}`, 'GET', '/bucket/a', { headers: { range } });
  }
  const etag = `"${md5('0123456789').digest('hex')}"`;
  const [past, future] = ['Sat, 01 Jan 2000 00:00:00 GMT', 'Fri, 01 Jan 2100 00:00:00 GMT'];
  for (const [name, value] of [
    ...[
      ['if-match', etag],
      ['if-match', '"x"'],
      ['if-none-match', etag],
      ['if-none-match', '"x"'],
    ],
    ...[
      ['if-modified-since', past],
      ['if-unmodified-since', past],
      ['if-unmodified-since', future],
    ],
  ] as [string, string][]) {
    await ask(`get ${name}: ${value}`, 'GET', '/bucket/a', { headers: { [name]: value } });
  }
  await ask('create with If-None-Match', 'PUT', '/bucket/a', { body: 'x', headers: { 'if-none-match': '*' } });
  await ask('replace with a wrong If-Match', 'PUT', '/bucket/a', { body: 'x', headers: { 'if-match': '"x"' } });
  await ask('get with other headers', 'GET', '/bucket/a?response-content-type=text%2Fcsv&response-cache-control=x');
  await ask('get part 1', 'GET', '/bucket/a?partNumber=1');
  await ask('attributes', 'GET', '/bucket/a?attributes', {
    headers: { 'x-amz-object-attributes': 'ETag,ObjectSize,StorageClass' },
  });
  await ask('metadata too large', 'PUT', '/bucket/m', { body: 'x', headers: { 'x-amz-meta-k': 'x'.repeat(2049) } });
  await ask('key too long', 'PUT', `/bucket/${'k/'.repeat(512)}k`, { body: 'x' });
}

async function askChecksums(ask: Ask): Promise<void> {
  const digest = (text: string) => createHash('sha256').update(text).digest('base64');
  await ask('put with SHA256', 'PUT', '/bucket/c', { body: 'x', headers: { 'x-amz-checksum-sha256': digest('x') } });
  await ask('get with its checksum', 'GET', '/bucket/c', { headers: { 'x-amz-checksum-mode': 'ENABLED' } });
  await ask('put with a wrong SHA256', 'PUT', '/bucket/c', {
    body: 'y',
    headers: { 'x-amz-checksum-sha256': digest('x') },
  });
  await ask('put with a wrong Content-MD5', 'PUT', '/bucket/c', {
    body: 'y',
    headers: { 'content-md5': md5('x').digest('base64') },
  });
  await ask('put with no Content-MD5', 'PUT', '/bucket/c', { body: 'y', headers: { 'content-md5': 'x' } });
  await ask('put with two checksums', 'PUT', '/bucket/c', {
    body: 'x',
    headers: { 'x-amz-checksum-sha256': digest('x'), 'x-amz-checksum-crc32': 'jNxQxQ==' },
  });
  const headers = {
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    ...{
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': '9',
      'x-amz-trailer': 'x-amz-checksum-crc32',
    },
  };
  const chunks = '9\r\n123456789\r\n0\r\n';
  await ask('put in chunks', 'PUT', '/bucket/chunks', {
    body: `${chunks}x-amz-checksum-crc32:y/Q5Jg==\r\n\r\n`,
    headers,
  });
  await ask('get what came in chunks', 'GET', '/bucket/chunks', { headers: { 'x-amz-checksum-mode': 'ENABLED' } });
  await ask('put in chunks with a wrong CRC32', 'PUT', '/bucket/w', {
    body: `${chunks}x-amz-checksum-crc32:AAAAAA==\r\n\r\n`,
    headers,
  });
  const short = { ...headers, 'x-amz-decoded-content-length': '10' };
  await ask('put in chunks that are too short', 'PUT', '/bucket/w', {
    body: `${chunks}x-amz-checksum-crc32:y/Q5Jg==\r\n\r\n`,
    headers: short,
  });
}

async function askListings(ask: Ask): Promise<void> {
  await ask('create a bucket to list', 'PUT', '/list');
  await ask('list nothing', 'GET', '/list?list-type=2');
  for (const key of KEYS.filter((name) => name !== 'a')) {
    await ask(`put ${key}`, 'PUT', `/list/${encodeURIComponent(key).replaceAll('%2F', '/')}`, { body: key });
  }
  for (const query of [
    ...[
      '',
      'prefix=a',
      'prefix=a%2F',
      'delimiter=%2F',
      'prefix=a%2F&delimiter=%2F',
      'max-keys=2',
      'max-keys=0',
      'max-keys=x',
      'max-keys=-1',
    ],
    ...['encoding-type=url', 'encoding-type=xml', 'prefix=none', 'delimiter=%2F&max-keys=2', 'delimiter=b'],
  ]) {
    await ask(`list V2 ${query}`, 'GET', `/list?list-type=2&${query}`);
    await ask(`list V1 ${query}`, 'GET', `/list?${query}`);
  }
  for (const after of ['a-b', 'a%2F', 'a%2Fb', 'z']) {
    await ask(`list V2 after ${after}`, 'GET', `/list?list-type=2&start-after=${after}`);
    await ask(`list V2 after ${after} by folder`, 'GET', `/list?list-type=2&delimiter=%2F&start-after=${after}`);
    await ask(`list V1 after ${after} by folder`, 'GET', `/list?delimiter=%2F&marker=${after}`);
  }
  await ask('list with owners', 'GET', '/list?list-type=2&fetch-owner=true');
  await ask('list with a wrong token', 'GET', '/list?list-type=2&continuation-token=%21');
  await ask('list no bucket', 'GET', '/none?list-type=2');
}

async function askCopies(ask: Ask): Promise<void> {
  const source = { 'x-amz-copy-source': '/bucket/a' };
  await ask('copy', 'PUT', '/bucket/copy', { headers: source });
  await ask('get a copy', 'GET', '/bucket/copy');
  await ask('copy with other metadata', 'PUT', '/bucket/copy', {
    headers: { ...source, 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-n': 'w' },
  });
  await ask('get it', 'GET', '/bucket/copy');
  await ask('copy onto itself', 'PUT', '/bucket/a', { headers: source });
  await ask('copy what is not there', 'PUT', '/bucket/copy', { headers: { 'x-amz-copy-source': '/bucket/none' } });
  await ask('copy under a wrong condition', 'PUT', '/bucket/copy', {
    headers: { ...source, 'x-amz-copy-source-if-match': '"x"' },
  });
}

async function askUploads(ask: Ask, startUpload: (headers?: Record<string, string>) => Promise<string>): Promise<void> {
  const id = await startUpload({ 'x-amz-meta-k': 'v' });
  const bodies = [PART, Buffer.from('end')];
  const etags = bodies.map((body) => `"${md5(body).digest('hex')}"`);
  const complete = (name: string, numbers: readonly number[], upload = id) => {
    const parts = numbers.map(
      (number) => `<Part><PartNumber>${number}</PartNumber><ETag>${etags[number - 1] ?? '"x"'}</ETag></Part>`,
    );
    return ask(name, 'POST', `/bucket/up?uploadId=${upload}`, {
      body: `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`,
    });
  };
  for (const [i, body] of bodies.entries())
    await ask(`put part ${i + 1}`, 'PUT', `/bucket/up?partNumber=${i + 1}&uploadId=${id}`, { body });
  await ask('put part 0', 'PUT', `/bucket/up?partNumber=0&uploadId=${id}`, { body: 'x' });
  await ask('put part 10001', 'PUT', `/bucket/up?partNumber=10001&uploadId=${id}`, { body: 'x' });
  await ask('put a part of no upload', 'PUT', '/bucket/up?partNumber=1&uploadId=none', { body: 'x' });
  await ask('list parts', 'GET', `/bucket/up?uploadId=${id}`);
  await ask('list uploads', 'GET', '/bucket?uploads');
  await complete('complete in the wrong order', [2, 1]);
  await complete('complete with a part that is not there', [1, 3]);
  await complete('complete', [1, 2]);
  await ask('head an upload', 'HEAD', '/bucket/up');
  await ask('get its part 2', 'GET', '/bucket/up?partNumber=2');
  await ask('get its part 3', 'GET', '/bucket/up?partNumber=3');
  const small = await startUpload();
  for (const number of [1, 2])
    await ask(`put small part ${number}`, 'PUT', `/bucket/up?partNumber=${number}&uploadId=${small}`, {
      body: bodies[1]!,
    });
  await ask('complete with a small part', 'POST', `/bucket/up?uploadId=${small}`, {
    body: `<CompleteMultipartUpload>${[1, 2].map((number) => `<Part><PartNumber>${number}</PartNumber><ETag>${etags[1]}</ETag></Part>`).join('')}</CompleteMultipartUpload>`,
  });
  await ask('abort', 'DELETE', `/bucket/up?uploadId=${small}`);
  await ask('abort again', 'DELETE', `/bucket/up?uploadId=${small}`);
}

async function askSettings(ask: Ask): Promise<void> {
  for (const name of [
    'versioning',
    'encryption',
    'publicAccessBlock',
    'tagging',
    'policy',
    'cors',
    'lifecycle',
    'website',
  ]) {
    await ask(`setting ${name}`, 'GET', `/bucket?${name}`);
  }
  const body = '<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>';
  await ask('tag', 'PUT', '/bucket/a?tagging', { body });
  await ask('tags', 'GET', '/bucket/a?tagging');
  await ask('tag with no XML', 'PUT', '/bucket/a?tagging', { body: '<Tagging>' });
  await ask('get with tags', 'HEAD', '/bucket/a');
  await ask('untag', 'DELETE', '/bucket/a?tagging');
}

async function askRemovals(ask: Ask): Promise<void> {
  await ask('delete', 'DELETE', '/bucket/a');
  await ask('delete again', 'DELETE', '/bucket/a');
  const removed = '<Delete><Object><Key>c</Key></Object><Object><Key>none</Key></Object></Delete>';
  const withMd5 = (body: string) => ({ body, headers: { 'content-md5': md5(body).digest('base64') } });
  await ask('delete several', 'POST', '/bucket?delete', withMd5(removed));
  await ask('delete with no XML', 'POST', '/bucket?delete', withMd5('x'));
  await ask('delete a bucket with objects', 'DELETE', '/bucket');
  await ask('delete a bucket that is not there', 'DELETE', '/none');
}
