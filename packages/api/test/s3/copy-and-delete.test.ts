import { expect, it } from 'vitest';
import { headerOfText } from '../../src/server/header-text.js';
import { startS3, textOf, textsOf } from './scene.js';

it('a copy has the bytes and, as the directive says, the metadata of its source or of the request', async () => {
  const { send } = await startS3();
  await send('PUT', '/bucket/a%20+b', { body: 'x', headers: { 'x-amz-meta-k': 'v', 'x-amz-tagging': 'a=1&b=2' } });
  await send('PUT', '/other');
  const source = { 'x-amz-copy-source': '/bucket/a%20+b' };

  const copied = await send('PUT', '/other/c', { headers: source });
  await send('PUT', '/bucket/d', {
    headers: { ...source, 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-n': 'w' },
  });

  const [first, second] = [await send('GET', '/other/c'), await send('GET', '/bucket/d')];
  expect(textOf(copied.text, 'ETag')).toBe(first.headers.etag!.replaceAll('"', '&quot;'));
  expect(first).toMatchObject({ text: 'x', headers: { 'x-amz-meta-k': 'v', 'x-amz-tagging-count': '2' } });
  expect(second).toMatchObject({ text: 'x', headers: { 'x-amz-meta-n': 'w' } });
  expect(second.headers).not.toHaveProperty('x-amz-meta-k');
});

it.each([
  ['as UTF-8', 'bucket/ü'],
  ['percent-encoded', 'bucket/%C3%BC'],
])('a copy takes the name of its source %s, and metadata come back in the bytes that were sent', async (_, source) => {
  const { send } = await startS3();
  const note = headerOfText('schön');
  await send('PUT', '/bucket/%C3%BC', { body: 'x', headers: { 'x-amz-meta-note': note } });

  await send('PUT', '/bucket/copy', { headers: { 'x-amz-copy-source': headerOfText(source) } });

  expect(await send('GET', '/bucket/copy')).toMatchObject({ text: 'x', headers: { 'x-amz-meta-note': note } });
});

it('a copy of an object onto itself must change something', async () => {
  const { send } = await startS3();
  await send('PUT', '/bucket/a', { body: 'x' });
  const source = { 'x-amz-copy-source': 'bucket/a' };

  const same = await send('PUT', '/bucket/a', { headers: source });
  const replaced = await send('PUT', '/bucket/a', {
    headers: { ...source, 'x-amz-metadata-directive': 'REPLACE', 'content-type': 'text/csv' },
  });

  expect(textOf(same.text, 'Code')).toBe('InvalidRequest');
  expect(replaced.status).toBe(200);
  expect(await send('GET', '/bucket/a')).toMatchObject({ text: 'x', headers: { 'content-type': 'text/csv' } });
});

it('a copy whose conditions fail, or without a source, is refused', async () => {
  const { send } = await startS3();
  await send('PUT', '/bucket/a', { body: 'x' });
  const { headers } = await send('HEAD', '/bucket/a');
  const codeOf = async (source: string, conditions = {}) =>
    textOf((await send('PUT', '/bucket/b', { headers: { 'x-amz-copy-source': source, ...conditions } })).text, 'Code');

  expect(await codeOf('/bucket/a', { 'x-amz-copy-source-if-match': '"no"' })).toBe('PreconditionFailed');
  expect(await codeOf('/bucket/a', { 'x-amz-copy-source-if-none-match': headers.etag })).toBe('PreconditionFailed');
  expect(await codeOf('/bucket/a', { 'x-amz-metadata-directive': 'MERGE' })).toBe('InvalidArgument');
  expect(await codeOf('/bucket/none')).toBe('NoSuchKey');
  expect(await codeOf('/none/a')).toBe('NoSuchBucket');
  expect(await codeOf('bucket')).toBe('InvalidArgument');
  expect(await codeOf('/bucket/a?versionId=other')).toBe('NoSuchVersion');
  expect(await codeOf('/bucket/a?versionId=null')).toBeUndefined();
});

it('several keys are removed by one request, which reports each', async () => {
  const { send } = await startS3();
  for (const key of ['a', '%20b', 'c']) await send('PUT', `/bucket/${key}`);
  const body = '<Delete><Object><Key>a</Key></Object><Object><Key> b</Key></Object><Object><Key>none</Key></Object>';

  const loud = await send('POST', '/bucket?delete', {
    body: `${body}<Object><Key>c</Key><ETag>x</ETag></Object></Delete>`,
  });
  const quiet = await send('POST', '/bucket?delete', { body: `${body}<Quiet>true</Quiet></Delete>` });
  const listed = await send('GET', '/bucket');

  expect(textsOf(loud.text, 'Key')).toEqual(['a', ' b', 'none', 'c']);
  expect(textsOf(loud.text, 'Code')).toEqual(['PreconditionFailed']);
  expect(quiet.text).not.toContain('Key');
  expect(textsOf(listed.text, 'Key')).toEqual(['c']);
});

it.each([
  ['nothing', ''],
  ['no key', '<Delete></Delete>'],
  ['more than 1,000 keys', `<Delete>${'<Object><Key>a</Key></Object>'.repeat(1001)}</Delete>`],
  ['another root', '<Remove><Object><Key>a</Key></Object></Remove>'],
  ['an entity of its own', '<!DOCTYPE d [<!ENTITY e "x">]><Delete><Object><Key>&e;</Key></Object></Delete>'],
  ['elements a thousand deep', `${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}`],
])('a list of keys to remove with %s is refused', async (_, body) => {
  const { send } = await startS3();

  const { status, text } = await send('POST', '/bucket?delete', { body });

  expect([status, textOf(text, 'Code')]).toEqual([400, 'MalformedXML']);
});

it('a document of more than 8 MiB is refused', async () => {
  const { send } = await startS3();

  const { text } = await send('POST', '/bucket?delete', { body: Buffer.alloc((8 << 20) + 1, 32) });

  expect(textOf(text, 'Code')).toBe('EntityTooLarge');
});

it('tags are set, read and removed without a change of the object', async () => {
  const { send } = await startS3();
  await send('PUT', '/bucket/a', { body: 'x', headers: { 'x-amz-meta-k': 'v' } });
  const before = await send('HEAD', '/bucket/a');
  const body = '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>';
  const twice = body.replace('</TagSet>', '<Tag><Key>a</Key><Value>2</Value></Tag></TagSet>');

  await send('PUT', '/bucket/a?tagging', { body });
  const tagged = await send('HEAD', '/bucket/a');
  const read = await send('GET', '/bucket/a?tagging');
  const refused = await send('PUT', '/bucket/a?tagging', { body: twice });
  const removed = await send('DELETE', '/bucket/a?tagging');

  expect(tagged.headers).toMatchObject({ 'x-amz-tagging-count': '1', 'x-amz-meta-k': 'v', etag: before.headers.etag });
  expect(textOf(read.text, 'Value')).toBe('1');
  expect(textOf(refused.text, 'Code')).toBe('InvalidTag');
  expect(removed.status).toBe(204);
  expect((await send('HEAD', '/bucket/a')).headers).not.toHaveProperty('x-amz-tagging-count');
});

it('metadata and tags beyond their limits are refused', async () => {
  const { send } = await startS3();
  const codeOf = async (headers: Record<string, string>) =>
    textOf((await send('PUT', '/bucket/a', { body: 'x', headers })).text, 'Code');

  expect(await codeOf({ 'x-amz-meta-k': 'x'.repeat(2048) })).toBe('MetadataTooLarge');
  expect(await codeOf({ 'x-amz-meta-k': 'x'.repeat(2047) })).toBeUndefined();
  expect(await codeOf({ 'x-amz-tagging': Array.from({ length: 11 }, (_, i) => `k${i}=v`).join('&') })).toBe(
    'BadRequest',
  );
  expect(await codeOf({ 'x-amz-tagging': `${'k'.repeat(129)}=v` })).toBe('InvalidTag');
  expect(await codeOf({ 'x-amz-tagging': 'AWS%3Ax=v' })).toBe('InvalidTag');
  expect(await codeOf({ 'x-amz-server-side-encryption-customer-algorithm': 'AES256' })).toBe('NotImplemented');
});
