import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startS3, textOf } from './scene.js';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** What this process has open, by Linux's folder of it. */
function openFilesIn(folder: string): string[] {
  const links = readdirSync('/proc/self/fd').map((name) => {
    try {
      return readlinkSync(join('/proc/self/fd', name));
    } catch {
      return ''; // the folder itself, closed since
    }
  });
  return links.filter((path) => path.startsWith(folder));
}

it('an object is answered with its bytes, type, metadata, ETag and date', async () => {
  const { send, folder } = await startS3();

  const put = await send('PUT', '/bucket/a/%C3%BC%20b+c', {
    body: 'hello',
    headers: {
      'content-type': 'text/plain',
      'cache-control': 'no-store',
      'x-amz-meta-Owner': 'me',
      'x-amz-acl': 'private',
    },
  });
  const got = await send('GET', '/bucket/a/%C3%BC%20b+c');
  const head = await send('HEAD', '/bucket/a/%C3%BC%20b+c');

  expect(put).toMatchObject({ status: 200, text: '', headers: { etag: `"${md5('hello')}"` } });
  expect(got).toMatchObject({ status: 200, text: 'hello' });
  expect(got.headers).toMatchObject({
    ...{ 'content-type': 'text/plain', 'cache-control': 'no-store', 'content-length': '5', 'accept-ranges': 'bytes' },
    ...{
      'x-amz-meta-owner': 'me',
      etag: `"${md5('hello')}"`,
      'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{16}$/),
    },
  });
  expect(Date.parse(got.headers['last-modified']!)).not.toBeNaN();
  const { date: _, 'x-amz-request-id': __, ...headers } = got.headers;
  expect(head).toMatchObject({ status: 200, text: '', headers });
  expect(readFileSync(join(folder, 'a', 'ü b+c'), 'utf8')).toBe('hello');
});

it('a file put by hand is answered, and after a change by hand it has another ETag', async () => {
  const { send, folder } = await startS3();
  writeFileSync(join(folder, 'a'), 'one');
  const first = await send('GET', '/bucket/a');
  writeFileSync(join(folder, 'a'), 'other');

  const second = await send('GET', '/bucket/a');
  const list = await send('GET', '/bucket?list-type=2');

  expect(first).toMatchObject({ text: 'one', headers: { 'content-type': 'binary/octet-stream' } });
  expect(second.text).toBe('other');
  expect(second.headers.etag).not.toBe(first.headers.etag);
  expect(list.text).toContain(second.headers.etag!.replaceAll('"', '&quot;'));
});

it.runIf(existsSync('/proc/self/fd'))('no answer leaves the file open, also where none of it is sent', async () => {
  const { send, folder } = await startS3();
  await send('PUT', '/bucket/a', { body: 'x' });
  await send('PUT', '/bucket/empty');

  const head = await send('HEAD', '/bucket/a');
  const got = [await send('GET', '/bucket/a'), await send('GET', '/bucket/empty')];
  const unchanged = await send('GET', '/bucket/a', { headers: { 'if-none-match': '*' } });

  expect([head, ...got, unchanged].map(({ status }) => status)).toEqual([200, 200, 200, 304]);
  await expect.poll(() => openFilesIn(folder)).toEqual([]);
});

it('the query of a read may ask for other headers', async () => {
  const { send } = await startS3();
  await send('PUT', '/bucket/a', { body: 'x' });

  const got = await send(
    'GET',
    '/bucket/a?response-content-type=text/csv&response-content-disposition=attachment%3B%20filename%3D%22%C3%BC%22',
  );
  const split = await send('GET', '/bucket/a?response-content-type=a%0d%0ab:c');

  expect(got.headers['content-type']).toBe('text/csv');
  expect(Buffer.from(got.headers['content-disposition']!, 'latin1').toString()).toBe('attachment; filename="ü"');
  expect(textOf(split.text, 'Code')).toBe('InvalidArgument');
});

it('what is not there is answered with a code, a message, the resource and the ID of the request', async () => {
  const { send } = await startS3();

  const key = await send('GET', '/bucket/a%20b');
  const bucket = await send('PUT', '/none/a', { body: 'x' });
  const head = await send('HEAD', '/bucket/none');
  const path = await send('GET', '/bucket/%ff');

  expect(key).toMatchObject({ status: 404, headers: { 'content-type': 'application/xml' } });
  expect(['Code', 'Key', 'Resource'].map((name) => textOf(key.text, name))).toEqual([
    'NoSuchKey',
    'a b',
    '/bucket/a b',
  ]);
  expect(textOf(key.text, 'RequestId')).toBe(key.headers['x-amz-request-id']);
  expect(textOf(bucket.text, 'Code')).toBe('NoSuchBucket');
  expect(head).toMatchObject({ status: 404, text: '' });
  expect(textOf(path.text, 'Code')).toBe('InvalidURI');
});

const REFUSED: readonly [string, string, number, string][] = [
  ['POST', '/bucket/a?select', 501, 'NotImplemented'],
  ['PUT', '/bucket/a?legal-hold', 501, 'NotImplemented'],
  ['PUT', '/bucket?analytics', 501, 'NotImplemented'],
  ['POST', '/bucket', 501, 'NotImplemented'],
  ['PATCH', '/bucket/a', 405, 'MethodNotAllowed'],
  ['DELETE', '/', 405, 'MethodNotAllowed'],
  ['GET', '/bucket/a?versionId=x', 404, 'NoSuchVersion'],
];

it('an operation that is not there is refused by name and does nothing', async () => {
  const { send, store } = await startS3();
  await send('PUT', '/bucket/a', { body: 'x' });

  const answers = await Promise.all(REFUSED.map(([method, path]) => send(method, path, { body: '<x/>' })));

  const found = answers.map(({ status, text }, i) => [REFUSED[i]![0], REFUSED[i]![1], status, textOf(text, 'Code')]);
  expect(found).toEqual(REFUSED);
  expect(store.find('bucket', 'a')).toMatchObject({ size: 1 });
});

it('keys come as the client wrote them: no path is normalized, and none leaves the bucket', async () => {
  const { send, store } = await startS3();
  const paths = ['../x', '%2e%2e/x', 'a//b', '/a', 'a/', 'a/../../../x', '%2F', 'a%00b', '%F0%9F%98%80'];

  for (const path of paths) await send('PUT', `/bucket/${path}`, { body: path });

  for (const path of paths.slice(1)) expect((await send('GET', `/bucket/${path}`)).text).toBe(path);
  const keys: string[] = [];
  for await (const { key } of store.objects('bucket', '')) keys.push(key);
  expect(keys).toEqual(['../x', '/', '/a', 'a\0b', 'a/', 'a/../../../x', 'a//b', '😀']);
});

it('the bucket may be in the name of the host', async () => {
  const { send } = await startS3();

  await send('PUT', '/a/b', { body: 'x', headers: { host: 'bucket.s3.eu-west-1.amazonaws.com' } });
  const got = await send('GET', '/bucket/a/b', { headers: { host: 's3.amazonaws.com' } });

  expect(got.text).toBe('x');
});

it('a hundred clients at the same time lose nothing, and an object is always one that was written whole', async () => {
  const { send, store } = await startS3();
  const bodyOf = (i: number) => String.fromCharCode(97 + (i % 26)).repeat(5000 + i);
  const read: string[] = [];

  await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      await send('PUT', `/bucket/own/${i}`, { body: bodyOf(i) });
      await send('PUT', '/bucket/shared', { body: bodyOf(i), headers: { 'x-amz-meta-writer': String(i) } });
      const { text, headers } = await send('GET', '/bucket/shared');
      read.push(text);
      expect(text).toBe(bodyOf(Number(headers['x-amz-meta-writer'])));
      expect(headers.etag).toBe(`"${md5(text)}"`);
    }),
  );

  expect(read).toHaveLength(100);
  for (let i = 0; i < 100; i++) expect(readFileSync(store.fileOf('bucket', `own/${i}`)!, 'utf8')).toBe(bodyOf(i));
});

it('a body that ends early leaves no object and no file', async () => {
  const { port, store } = await startS3();
  const socket = connect(port, '127.0.0.1');
  socket.write('PUT /bucket/a HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n');
  socket.write('x'.repeat(1000));

  await expect.poll(() => readdirSync(store.staging).length).toBe(1);
  socket.destroy();

  await expect.poll(() => readdirSync(store.staging).length).toBe(0);
  expect(store.find('bucket', 'a')).toBeUndefined();
});

it('an object that becomes shorter while it is sent ends the connection, not the answer', async () => {
  const { port, folder } = await startS3();
  writeFileSync(join(folder, 'a'), '');
  truncateSync(join(folder, 'a'), 64 << 20); // more than the buffers of a connection hold
  const outgoing = get({ host: '127.0.0.1', port, path: '/bucket/a', agent: false });
  const incoming = await new Promise<IncomingMessage>((resolve) => outgoing.on('response', resolve));
  truncateSync(join(folder, 'a'), 10);

  const reading = (async () => {
    for await (const _ of incoming);
  })();

  await expect(reading).rejects.toThrow('aborted');
});
