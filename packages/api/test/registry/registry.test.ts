import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openScene, sharedScene } from '../support/scene.js';
import {
  callEcr,
  digestOf,
  fileOf,
  listOf,
  manifestOf,
  OCI_INDEX,
  OCI_MANIFEST,
  pushBlob,
  pushImage,
  putManifest,
} from './scene.js';

const shared = sharedScene(async ({ api }) => {
  for (const repositoryName of ['team/first', 'second', 'lists'])
    await callEcr(api.url, 'CreateRepository', { repositoryName });
});

const REPOSITORY = 'team/first';
const v2 = (path: string, init?: RequestInit) => fetch(`${shared().api.url}/v2/${path}`, init);

async function errorOf(answer: Response): Promise<{ status: number; code: string; message: string }> {
  const { errors } = (await answer.json()) as { errors: { code: string; message: string }[] };
  return { status: answer.status, code: errors[0]!.code, message: errors[0]!.message };
}

describe('an upload', () => {
  it('begins with the version of the API, whatever the credentials', async () => {
    const answer = await v2('', { headers: { Authorization: `Basic ${btoa('AWS:local')}` } });

    expect([answer.status, answer.headers.get('docker-distribution-api-version')]).toEqual([200, 'registry/2.0']);
  });

  it('in one request is a file by its digest', async () => {
    const { api, folder } = shared();
    const content = 'in one request';

    const { digest } = await pushBlob(api.url, REPOSITORY, content);

    expect(readFileSync(fileOf(folder, digest), 'utf8')).toBe(content);
    const answer = await v2(`${REPOSITORY}/blobs/${digest}`);
    expect(await answer.text()).toBe(content);
    expect(answer.headers.get('docker-content-digest')).toBe(digest);
  });

  it('in chunks is whole after the last one, and says meanwhile how far it is', async () => {
    const digest = digestOf('one two three');
    const started = await v2(`${REPOSITORY}/blobs/uploads/`, { method: 'POST' });
    const place = started.headers.get('location')!.replace('/v2/', '');
    const send = (method: string, body: string, range: string, query = '') =>
      v2(place + query, { method, body, headers: { 'Content-Range': range } });

    const first = await send('PATCH', 'one ', '0-3');
    const status = await v2(place);
    const twice = await send('PATCH', 'one ', '0-3');
    const second = await send('PATCH', 'two ', '4-7');
    const last = await send('PUT', 'three', '8-12', `?digest=${digest}`);

    expect([started.status, first.status, status.status, second.status, last.status]).toEqual([
      202, 202, 204, 202, 201,
    ]);
    expect([first, status, second].map(({ headers }) => headers.get('range'))).toEqual(['0-3', '0-3', '0-7']);
    expect(await errorOf(twice)).toMatchObject({ status: 416, code: 'BLOB_UPLOAD_INVALID' });
    expect(last.headers.get('location')).toBe(`/v2/${REPOSITORY}/blobs/${digest}`);
    expect(await (await v2(`${REPOSITORY}/blobs/${digest}`)).text()).toBe('one two three');
    expect((await v2(place)).status).toBe(404);
  });

  it('that is not what its digest says leaves nothing', async () => {
    const { folder } = shared();
    const digest = digestOf('promised');

    const answer = await v2(`${REPOSITORY}/blobs/uploads/?digest=${digest}`, { method: 'POST', body: 'sent' });

    expect(await errorOf(answer)).toEqual({
      status: 400,
      code: 'DIGEST_INVALID',
      message: `The content must have the digest ${digest}; it has ${digestOf('sent')}.`,
    });
    expect((await v2(`${REPOSITORY}/blobs/${digest}`, { method: 'HEAD' })).status).toBe(404);
    expect(existsSync(fileOf(folder, digest))).toBe(false);
    expect(readdirSync(join(folder, 'registry', 'uploads'))).toEqual([]);
  });

  it('to a repository that is removed meanwhile leaves nothing', async () => {
    const { api, folder } = shared();
    await callEcr(api.url, 'CreateRepository', { repositoryName: 'removed' });
    const digest = digestOf('one two');
    const { readable, writable } = new TransformStream<Uint8Array>();
    const writer = writable.getWriter();
    const uploads = () => readdirSync(join(folder, 'registry', 'uploads')).length;
    const before = uploads();

    const sending = v2(`removed/blobs/uploads/?digest=${digest}`, { method: 'POST', body: readable, duplex: 'half' });
    await writer.write(Buffer.from('one '));
    await expect.poll(uploads).toBe(before + 1);
    await callEcr(api.url, 'DeleteRepository', { repositoryName: 'removed' });
    await writer.write(Buffer.from('two'));
    await writer.close();

    expect(await errorOf(await sending)).toMatchObject({ status: 404, code: 'NAME_UNKNOWN' });
    await callEcr(api.url, 'CreateRepository', { repositoryName: 'removed' });
    expect((await v2(`removed/blobs/${digest}`)).status).toBe(404);
    expect(existsSync(fileOf(folder, digest))).toBe(false);
  });

  it('is not needed where another repository has the content', async () => {
    const { digest } = await pushBlob(shared().api.url, REPOSITORY, 'mounted');
    const mount = (name: string) => v2(`second/blobs/uploads/?mount=${name}&from=${REPOSITORY}`, { method: 'POST' });

    const before = await v2(`second/blobs/${digest}`);
    const mounted = await mount(digest);
    const missing = await mount(digestOf('in no repository'));

    expect([before.status, mounted.status, missing.status]).toEqual([404, 201, 202]);
    expect(await (await v2(`second/blobs/${digest}`)).text()).toBe('mounted');
  });

  it('can be given up, and is not another repository’s', async () => {
    const started = await v2(`${REPOSITORY}/blobs/uploads/`, { method: 'POST' });
    const place = started.headers.get('location')!.replace('/v2/', '');

    const foreign = await v2(place.replace(REPOSITORY, 'second'), { method: 'PATCH', body: 'x' });
    const given = await v2(place, { method: 'DELETE' });

    expect(await errorOf(foreign)).toMatchObject({ status: 404, code: 'BLOB_UPLOAD_UNKNOWN' });
    expect([given.status, (await v2(place)).status]).toEqual([204, 404]);
  });
});

describe('a content', () => {
  it.each([
    ['bytes=0-3', 206, 'cont', 'bytes 0-3/7'],
    ['bytes=-2', 206, 'nt', 'bytes 5-6/7'],
    ['bytes=4-', 206, 'ent', 'bytes 4-6/7'],
    ['bytes=9-', 416, undefined, null],
  ])('has the range %s', async (range, status, text, contentRange) => {
    const { digest } = await pushBlob(shared().api.url, REPOSITORY, 'content');

    const answer = await v2(`${REPOSITORY}/blobs/${digest}`, { headers: { Range: range } });

    expect([answer.status, answer.headers.get('content-range')]).toEqual([status, contentRange]);
    if (text !== undefined) expect(await answer.text()).toBe(text);
  });

  it('of an image stays, another can be removed', async () => {
    const { api, folder } = shared();
    await pushImage(api.url, REPOSITORY, 'kept', 'layer that is needed');
    const loose = await pushBlob(api.url, REPOSITORY, 'layer that is not needed');

    const needed = await v2(`${REPOSITORY}/blobs/${digestOf('layer that is needed')}`, { method: 'DELETE' });
    const removed = await v2(`${REPOSITORY}/blobs/${loose.digest}`, { method: 'DELETE' });

    expect(await errorOf(needed)).toMatchObject({ status: 405, code: 'UNSUPPORTED' });
    expect(removed.status).toBe(202);
    expect(existsSync(fileOf(folder, loose.digest))).toBe(false);
  });
});

describe('a manifest', () => {
  it('is found by its tag and its digest, as it was sent', async () => {
    const { api } = shared();
    const digest = await pushImage(api.url, REPOSITORY, '1.0');

    const answers = await Promise.all([v2(`${REPOSITORY}/manifests/1.0`), v2(`${REPOSITORY}/manifests/${digest}`)]);
    const head = await v2(`${REPOSITORY}/manifests/1.0`, { method: 'HEAD' });

    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(texts.map(digestOf)).toEqual([digest, digest]);
    expect(head.headers.get('docker-content-digest')).toBe(digest);
    expect(head.headers.get('content-type')).toBe(OCI_MANIFEST);
    expect(await head.text()).toBe('');
  });

  it.each([
    ['{', 'MANIFEST_INVALID', 'it must be JSON'],
    ['[]', 'MANIFEST_INVALID', 'schemaVersion must be 2'],
    [JSON.stringify({ schemaVersion: 1 }), 'MANIFEST_INVALID', 'schemaVersion must be 2; received 1'],
    [JSON.stringify({ schemaVersion: 2, mediaType: 'x' }), 'MANIFEST_INVALID', 'mediaType must be that of the request'],
    [manifestOf({ digest: '../../x', size: 1 }, []), 'MANIFEST_INVALID', '"config" must have a digest sha256:HEX'],
    [manifestOf({ digest: digestOf('a'), size: -1 }, []), 'MANIFEST_INVALID', '"config" must have a size in bytes'],
    [manifestOf({ digest: digestOf('never sent'), size: 1 }, []), 'MANIFEST_BLOB_UNKNOWN', digestOf('never sent')],
  ])('%s is refused', async (body, code, message) => {
    const error = await errorOf(await putManifest(shared().api.url, REPOSITORY, 'bad', body));

    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it('with another media type than Docker’s and OCI’s is refused', async () => {
    const type = 'application/vnd.docker.distribution.manifest.v1+json';

    const answer = await putManifest(shared().api.url, REPOSITORY, 'bad', '{}', type);

    expect(await errorOf(answer)).toMatchObject({ status: 400, code: 'MANIFEST_INVALID' });
  });

  it.each(['.hidden', 'a b', 'x'.repeat(129), 'sha256:abc'])('named "%s" is refused', async (name) => {
    const answer = await putManifest(shared().api.url, REPOSITORY, encodeURIComponent(name).replace('%3A', ':'), '{}');

    expect((await errorOf(answer)).code).toBe('TAG_INVALID');
  });

  it('that is larger than 4 MiB is refused', async () => {
    const answer = await putManifest(shared().api.url, REPOSITORY, 'large', ' '.repeat(4 * 1024 * 1024 + 1));

    expect(await errorOf(answer)).toMatchObject({ status: 413, code: 'SIZE_INVALID' });
  });

  it('of a list needs its images, which cannot be removed before it', async () => {
    const { api } = shared();
    const digest = await pushImage(api.url, 'lists', 'amd64');

    const missing = await putManifest(api.url, 'lists', 'all', listOf(digestOf('none')), OCI_INDEX);
    const pushed = await putManifest(api.url, 'lists', 'all', listOf(digest), OCI_INDEX);
    const removed = await v2(`lists/manifests/${digest}`, { method: 'DELETE' });

    expect((await errorOf(missing)).code).toBe('MANIFEST_BLOB_UNKNOWN');
    expect(pushed.status).toBe(201);
    expect((await errorOf(removed)).code).toBe('UNSUPPORTED');
    expect((await v2('lists/manifests/all')).headers.get('content-type')).toBe(OCI_INDEX);
  });

  it('that is removed takes with it what only it needed', async () => {
    const { api, folder } = shared();
    const [digest, kept] = [await pushImage(api.url, 'second', 'a'), await pushImage(api.url, 'second', 'b')];

    const answer = await v2(`second/manifests/${digest}`, { method: 'DELETE' });

    expect([answer.status, (await v2('second/manifests/a')).status, (await v2('second/manifests/b')).status]).toEqual([
      202, 404, 200,
    ]);
    const files = [digest, digestOf('layer of a'), kept, digestOf('layer of b'), digestOf('{"architecture":"amd64"}')];
    expect(files.map((name) => existsSync(fileOf(folder, name)))).toEqual([false, false, true, true, true]);
  });
});

describe('names', () => {
  it('come in pages, with the address of the next one', async () => {
    const { api } = shared();
    await callEcr(api.url, 'CreateRepository', { repositoryName: 'paged' });
    for (const tag of ['b', 'a', 'c']) await pushImage(api.url, 'paged', tag, 'same');

    const first = await v2('paged/tags/list?n=2');
    const next = /^<(.+)>; rel="next"$/.exec(first.headers.get('link')!)![1]!;
    const second = await fetch(api.url + next);

    expect(await first.json()).toEqual({ name: 'paged', tags: ['a', 'b'] });
    expect([await second.json(), second.headers.get('link')]).toEqual([{ name: 'paged', tags: ['c'] }, null]);
    expect(await (await v2('_catalog?last=second')).json()).toEqual({ repositories: ['team/first'] });
  });

  it.each([
    ['none/manifests/1', 'NAME_UNKNOWN', "The repository with name 'none' does not exist in the registry"],
    ['UPPER/manifests/1', 'NAME_INVALID', 'received "UPPER"'],
    ['a/../b/blobs/sha256:x', 'NAME_UNKNOWN', "The repository with name 'b' does not exist"],
    ['a/%2e%2e%2fb/tags/list', 'NAME_INVALID', 'received "a/%2e%2e%2fb"'],
    [`${REPOSITORY}/blobs/sha256:..%2f..%2fx`, 'BLOB_UNKNOWN', 'does not have sha256:..%2f..%2fx'],
    ['x', 'NAME_UNKNOWN', 'The registry has nothing at /v2/x.'],
  ])('%s is refused', async (path, code, message) => {
    const error = await errorOf(await v2(path));

    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});

it('images are there after a restart, and unfinished uploads are not', async () => {
  const folder = makeFolder();
  const first = await openScene({ folder });
  await callEcr(first.api.url, 'CreateRepository', { repositoryName: 'kept' });
  const digest = await pushImage(first.api.url, 'kept', '1');
  const upload = await fetch(`${first.api.url}/v2/kept/blobs/uploads/`, { method: 'POST' });
  const place = upload.headers.get('location')!;
  await fetch(first.api.url + place, { method: 'PATCH', body: 'half' });
  await first.api.close();

  const { api } = await openScene({ folder });

  const answer = await fetch(`${api.url}/v2/kept/manifests/1`);
  expect(digestOf(await answer.text())).toBe(digest);
  expect((await fetch(api.url + place)).status).toBe(404);
  expect(readdirSync(join(folder, 'registry', 'uploads'))).toEqual([]);
});
