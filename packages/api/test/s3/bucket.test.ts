import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { startS3, textOf, textsOf } from './scene.js';

it('a bucket is made, found, listed and removed; a folder made by hand is one too', async () => {
  const { send, folder } = await startS3();

  const made = await send('PUT', '/my-bucket');
  mkdirSync(join(dirname(folder), 'by-hand'));
  const listed = await send('GET', '/');
  const head = await send('HEAD', '/by-hand');
  const removed = await send('DELETE', '/my-bucket');

  expect(made).toMatchObject({ status: 200, headers: { location: '/my-bucket' } });
  expect(textsOf(listed.text, 'Name')).toEqual(['bucket', 'by-hand', 'my-bucket']);
  expect(head).toMatchObject({ status: 200, headers: { 'x-amz-bucket-region': 'us-east-1' } });
  expect(removed.status).toBe(204);
  expect((await send('HEAD', '/my-bucket')).status).toBe(404);
});

it('buckets are listed in pages, and by prefix', async () => {
  const { send } = await startS3();
  for (const name of ['aaa', 'aab', 'ccc']) await send('PUT', `/${name}`);

  const first = await send('GET', '/?max-buckets=1&prefix=aa');
  const second = await send('GET', `/?prefix=aa&continuation-token=${textOf(first.text, 'ContinuationToken')}`);

  expect([textsOf(first.text, 'Name'), textsOf(second.text, 'Name')]).toEqual([['aaa'], ['aab']]);
  expect(textOf(second.text, 'ContinuationToken')).toBeUndefined();
});

it('a bucket that exists is made again only in us-east-1, and has the region that it was made with', async () => {
  const { send } = await startS3({ region: 'eu-west-1' });
  const body =
    '<CreateBucketConfiguration><LocationConstraint>us-west-2</LocationConstraint></CreateBucketConfiguration>';

  const again = await send('PUT', '/bucket');
  await send('PUT', '/west', { body });
  const located = await Promise.all(['/bucket?location', '/west?location'].map((path) => send('GET', path)));
  const global = await (await startS3()).send('PUT', '/bucket');

  expect([again.status, textOf(again.text, 'Code')]).toEqual([409, 'BucketAlreadyOwnedByYou']);
  expect(located.map(({ text }) => />([^<]*)<\/LocationConstraint>/.exec(text)?.[1])).toEqual([
    'eu-west-1',
    'us-west-2',
  ]);
  expect(global.status).toBe(200);
});

it.each(['ab', 'UPPER', 'a..b', '192.168.0.1', '-ab', 'xn--abc', '.staging', 'a'.repeat(64), '..', 'a%2fb'])(
  'the bucket name %s is refused',
  async (name) => {
    const { send } = await startS3();

    const made = await send('PUT', `/${name}`);
    const read = await send('GET', `/${name}/.index.sqlite`);

    expect(made.status).toBeGreaterThanOrEqual(400);
    expect(read.status).toBe(404);
  },
);

it('a bucket with an object or another file is not removed; empty folders are no objects', async () => {
  const { send, folder } = await startS3();
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
  writeFileSync(join(folder, 'a', 'b', 'c'), '');

  const full = await send('DELETE', '/bucket');
  await send('DELETE', '/bucket/a/b/c');
  mkdirSync(join(folder, 'empty'));
  const empty = await send('DELETE', '/bucket');

  expect([full.status, textOf(full.text, 'Code')]).toEqual([409, 'BucketNotEmpty']);
  expect(empty.status).toBe(204);
});

it('the settings of a new bucket are those that AWS gives one', async () => {
  const { send } = await startS3();
  const names = [
    'versioning',
    'encryption',
    'publicAccessBlock',
    'ownershipControls',
    'acl',
    'logging',
    'requestPayment',
  ];
  const absent = ['tagging', 'policy', 'cors', 'lifecycle', 'website', 'replication', 'object-lock'];

  const settings = await Promise.all(names.map((name) => send('GET', `/bucket?${name}`)));
  const errors = await Promise.all(absent.map((name) => send('GET', `/bucket?${name}`)));

  expect(settings.map(({ status }) => status)).toEqual(names.map(() => 200));
  expect(textOf(settings[1]!.text, 'SSEAlgorithm')).toBe('AES256');
  expect(textOf(settings[2]!.text, 'RestrictPublicBuckets')).toBe('true');
  expect(textOf(settings[3]!.text, 'ObjectOwnership')).toBe('BucketOwnerEnforced');
  expect(textOf(settings[4]!.text, 'Permission')).toBe('FULL_CONTROL');
  expect(errors.map(({ status }) => status)).toEqual(absent.map(() => 404));
  expect(errors.map(({ text }) => textOf(text, 'Code'))).toEqual([
    ...['NoSuchTagSet', 'NoSuchBucketPolicy', 'NoSuchCORSConfiguration', 'NoSuchLifecycleConfiguration'],
    ...['NoSuchWebsiteConfiguration', 'ReplicationConfigurationNotFoundError', 'ObjectLockConfigurationNotFoundError'],
  ]);
});

it('a setting that only describes a bucket is kept until it is removed; one with an effect is refused', async () => {
  const { send } = await startS3();
  const tagging = '<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>';
  const versioning = (status: string) =>
    `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`;

  const put = await send('PUT', '/bucket?tagging', { body: tagging });
  const kept = await send('GET', '/bucket?tagging');
  await send('DELETE', '/bucket?tagging');
  const removed = await send('GET', '/bucket?tagging');
  const policy = await send('PUT', '/bucket?policy', { body: '{}' });
  const enabled = await send('PUT', '/bucket?versioning', { body: versioning('Enabled') });
  const suspended = await send('PUT', '/bucket?versioning', { body: versioning('Suspended') });
  const wrong = await send('PUT', '/bucket?tagging', { body: '<Tagging>' });

  expect([put.status, textOf(kept.text, 'Value'), textOf(removed.text, 'Code')]).toEqual([200, 'v', 'NoSuchTagSet']);
  expect([policy, enabled].map(({ status }) => status)).toEqual([501, 501]);
  expect(suspended.status).toBe(200);
  expect(textOf(wrong.text, 'Code')).toBe('MalformedXML');
});

it('a bucket has the tags that it was made with, and is refused with tags that S3 refuses', async () => {
  const { send } = await startS3();
  const made = (key: string) =>
    `<CreateBucketConfiguration><Tags><Tag><Key>${key}</Key><Value>v</Value></Tag></Tags></CreateBucketConfiguration>`;

  await send('PUT', '/tagged', { body: made('k') });
  const kept = await send('GET', '/tagged?tagging');
  const refused = await send('PUT', '/refused', { body: made('aws:k') });

  expect([textOf(kept.text, 'Key'), textOf(kept.text, 'Value')]).toEqual(['k', 'v']);
  expect([refused.status, textOf(refused.text, 'Code')]).toEqual([400, 'InvalidTag']);
  expect((await send('HEAD', '/refused')).status).toBe(404);
});
