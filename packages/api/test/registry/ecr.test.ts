import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Programs } from '../../src/index.js';
import { hasEnded, IMAGE, openScene, sharedScene, trainingJob } from '../support/scene.js';
import { callEcr, digestOf, listOf, manifestOf, OCI_INDEX, OCI_MANIFEST, pushBlob, pushImage } from './scene.js';

const shared = sharedScene(async ({ api }) => {
  for (const repositoryName of ['images', 'empty', 'team/b', 'team/c']) {
    await callEcr(api.url, 'CreateRepository', { repositoryName });
  }
});

const call = (operation: string, input: object = {}) => callEcr(shared().api.url, operation, input);
const namesOf = (items: readonly { repositoryName: string }[]) => items.map(({ repositoryName }) => repositoryName);
const ARN = 'arn:aws:ecr:us-east-1:000000000000:repository';

describe('repositories', () => {
  it('are described as they were made, at the address by which the client came', async () => {
    const { host } = new URL(shared().api.url);
    const scanning = { imageScanningConfiguration: { scanOnPush: true }, imageTagMutability: 'IMMUTABLE' };

    const { body } = await call('CreateRepository', { repositoryName: 'made/here', ...scanning });

    expect(body.repository).toEqual({
      ...scanning,
      repositoryArn: `${ARN}/made/here`,
      registryId: '000000000000',
      repositoryName: 'made/here',
      repositoryUri: `${host}/made/here`,
      createdAt: expect.any(Number),
      encryptionConfiguration: { encryptionType: 'AES256' },
    });
    const described = await call('DescribeRepositories', { repositoryNames: ['made/here'] });
    expect(described.body.repositories).toEqual([body.repository]);
    await call('DeleteRepository', { repositoryName: 'made/here' });
  });

  it('come in pages', async () => {
    const first = await call('DescribeRepositories', { maxResults: 2 });
    const second = await call('DescribeRepositories', { maxResults: 2, nextToken: first.body.nextToken });

    const names = [first, second].map(({ body }) => namesOf(body.repositories));
    expect(names).toEqual([
      ['empty', 'images'],
      ['team/b', 'team/c'],
    ]);
    expect(second.body.nextToken).toBeUndefined();
  });

  it('with images are deleted only by force', async () => {
    const { api } = shared();
    await call('CreateRepository', { repositoryName: 'full' });
    await pushImage(api.url, 'full', '1');

    const refused = await call('DeleteRepository', { repositoryName: 'full' });
    const forced = await call('DeleteRepository', { repositoryName: 'full', force: true });

    expect(refused.body.__type).toBe('RepositoryNotEmptyException');
    expect(forced.status).toBe(200);
    expect((await call('ListImages', { repositoryName: 'full' })).body.__type).toBe('RepositoryNotFoundException');
  });

  it('have tags', async () => {
    const resourceArn = `${ARN}/team/b`;

    await call('TagResource', {
      resourceArn,
      tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    await call('UntagResource', { resourceArn, tagKeys: ['a'] });
    const tags = [{ Key: 'aws:x', Value: '' }];
    const reserved = await call('TagResource', { resourceArn, tags });
    const created = await call('CreateRepository', { repositoryName: 'tagged', tags });

    for (const { body } of [reserved, created]) expect(body.__type).toBe('InvalidTagParameterException');

    expect((await call('ListTagsForResource', { resourceArn })).body).toEqual({ tags: [{ Key: 'b', Value: '2' }] });
  });

  it('keep their policies and the setting of scans until these are deleted', async () => {
    const repository = { repositoryName: 'team/b' };
    const answer = { registryId: '000000000000', ...repository };
    const [policyText, lifecyclePolicyText] = [
      '{"Version":"2012-10-17","Statement":[]}',
      `{"rules":[${' '.repeat(100)}]}`,
    ];

    const set = await call('SetRepositoryPolicy', { ...repository, policyText });
    const put = await call('PutLifecyclePolicy', { ...repository, lifecyclePolicyText });
    const scans = await call('PutImageScanningConfiguration', {
      ...repository,
      imageScanningConfiguration: { scanOnPush: true },
    });
    const read = [await call('GetRepositoryPolicy', repository), await call('GetLifecyclePolicy', repository)];
    const described = await call('DescribeRepositories', { repositoryNames: ['team/b'] });
    const deleted = [await call('DeleteRepositoryPolicy', repository), await call('DeleteLifecyclePolicy', repository)];
    const gone = [await call('GetRepositoryPolicy', repository), await call('GetLifecyclePolicy', repository)];

    const policies = [
      { ...answer, policyText },
      { ...answer, lifecyclePolicyText },
    ];
    expect([set, put].map(({ body }) => body)).toEqual(policies);
    expect(scans.body).toEqual({ ...answer, imageScanningConfiguration: { scanOnPush: true } });
    expect(read.map(({ body }) => body)).toEqual(policies);
    expect(described.body.repositories).toMatchObject([{ imageScanningConfiguration: { scanOnPush: true } }]);
    expect(deleted.map(({ body }) => body)).toEqual(policies);
    expect(gone.map(({ body }) => body.__type)).toEqual([
      'RepositoryPolicyNotFoundException',
      'LifecyclePolicyNotFoundException',
    ]);
  });

  it('whose tags are immutable keep them, but for the excluded ones', async () => {
    const { api, folder } = shared();
    await call('CreateRepository', { repositoryName: 'fixed', imageTagMutability: 'IMMUTABLE' });
    await pushImage(api.url, 'fixed', '1.0', 'first');
    const move = (tag: string, layer: string) =>
      pushImage(api.url, 'fixed', tag, layer).catch((error) => error.message);

    const same = await move('1.0', 'first');
    const files = () => globSync('registry/blobs/sha256/*/*', { cwd: folder }).length;
    await pushBlob(api.url, 'fixed', 'second');
    const before = files();
    const moved = await move('1.0', 'second');
    const after = files();
    await call('PutImageTagMutability', {
      ...{ repositoryName: 'fixed', imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' },
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev*' }],
    });
    const excluded = [await move('dev-1', 'first'), await move('dev-1', 'second'), await move('1.0', 'second')];

    expect(same).toMatch(/^sha256:/);
    expect(moved).toContain('cannot be overwritten because the tag is immutable');
    expect(after).toBe(before);
    expect(excluded).toEqual([expect.stringMatching(/^sha256:/), expect.stringMatching(/^sha256:/), moved]);
  });
});

describe('images', () => {
  it('are described with their size, tags and types', async () => {
    const { api } = shared();
    const imageDigest = await pushImage(api.url, 'images', '1.0', 'twelve bytes');
    await pushImage(api.url, 'images', 'latest', 'twelve bytes');

    const { body } = await call('DescribeImages', { repositoryName: 'images', imageIds: [{ imageTag: 'latest' }] });

    expect(body.imageDetails).toEqual([
      {
        registryId: '000000000000',
        repositoryName: 'images',
        imageDigest,
        imageTags: ['1.0', 'latest'],
        imageSizeInBytes: 12 + '{"architecture":"amd64"}'.length,
        imagePushedAt: expect.any(Number),
        imageManifestMediaType: OCI_MANIFEST,
        artifactMediaType: 'application/octet-stream',
        imageStatus: 'ACTIVE',
      },
    ]);
  });

  it('come in pages, with a filter of tags', async () => {
    const { api } = shared();
    await call('CreateRepository', { repositoryName: 'paged' });
    const untagged = await pushImage(api.url, 'paged', 'moves', 'a');
    for (const [tag, layer] of [
      ['moves', 'b'],
      ['two', 'c'],
    ])
      await pushImage(api.url, 'paged', tag!, layer!);
    const pages: unknown[] = [];

    let nextToken: string | undefined;
    do {
      const { body } = await call('ListImages', { repositoryName: 'paged', maxResults: 1, nextToken });
      pages.push(...body.imageIds);
      nextToken = body.nextToken;
    } while (nextToken !== undefined);
    const filtered = await call('ListImages', { repositoryName: 'paged', filter: { tagStatus: 'UNTAGGED' } });

    expect(pages).toHaveLength(3);
    expect(filtered.body).toEqual({ imageIds: [{ imageDigest: untagged }] });
  });

  it('are put and read as manifests, and deleted with their last tag', async () => {
    const { api } = shared();
    const layer = await pushBlob(api.url, 'images', 'for PutImage');
    const imageManifest = manifestOf(await pushBlob(api.url, 'images', '{}'), [layer]);
    const put = { repositoryName: 'images', imageManifest, imageTag: 'put' };

    const made = await call('PutImage', put);
    const again = await call('PutImage', put);
    const read = await call('BatchGetImage', {
      repositoryName: 'images',
      imageIds: [{ imageTag: 'put' }, { imageTag: 'no' }],
    });
    const deleted = await call('BatchDeleteImage', { repositoryName: 'images', imageIds: [{ imageTag: 'put' }, {}] });

    expect(made.body.image.imageId).toEqual({ imageTag: 'put', imageDigest: digestOf(imageManifest) });
    expect(again.body.__type).toBe('ImageAlreadyExistsException');
    expect(read.body.images).toMatchObject([{ imageManifest }]);
    expect(read.body.failures).toMatchObject([{ failureCode: 'ImageNotFound', imageId: { imageTag: 'no' } }]);
    expect(deleted.body.imageIds).toEqual([{ imageTag: 'put', imageDigest: digestOf(imageManifest) }]);
    expect(deleted.body.failures).toMatchObject([{ failureCode: 'MissingDigestAndTag' }]);
    const left = await call('BatchCheckLayerAvailability', { repositoryName: 'images', layerDigests: [layer.digest] });
    expect(left.body.layers).toEqual([{ layerDigest: layer.digest, layerAvailability: 'UNAVAILABLE' }]);
  });

  it('have layers, whose content is at an address', async () => {
    const { api } = shared();
    const { digest, size } = await pushBlob(api.url, 'images', 'a layer');
    const layerDigests = [digest, digestOf('none'), 'x'];

    const { body } = await call('BatchCheckLayerAvailability', { repositoryName: 'images', layerDigests });
    const url = await call('GetDownloadUrlForLayer', { repositoryName: 'images', layerDigest: digest });

    expect(body).toMatchObject({
      layers: [
        { layerDigest: digest, layerAvailability: 'AVAILABLE', layerSize: size },
        { layerDigest: digestOf('none'), layerAvailability: 'UNAVAILABLE' },
      ],
      failures: [{ layerDigest: 'x', failureCode: 'InvalidLayerDigest' }],
    });
    expect(await (await fetch(url.body.downloadUrl)).text()).toBe('a layer');
  });

  it('have no findings of a scan, as no scanner ran', async () => {
    await pushImage(shared().api.url, 'images', 'scanned');

    const { body } = await call('DescribeImageScanFindings', {
      repositoryName: 'images',
      imageId: { imageTag: 'scanned' },
    });

    expect(body.__type).toBe('ScanNotFoundException');
    expect(body.message).toContain('no scanner runs on this machine');
  });
});

it('the token is one that the registry takes, at its own address', async () => {
  const { api } = shared();

  const { body } = await call('GetAuthorizationToken');

  const [{ authorizationToken, proxyEndpoint }] = body.authorizationData;
  expect(proxyEndpoint).toBe(api.url);
  const answer = await fetch(`${proxyEndpoint}/v2/`, { headers: { Authorization: `Basic ${authorizationToken}` } });
  expect(answer.status).toBe(200);
});

const NONE = { repositoryName: 'none' };
const IMAGES = { repositoryName: 'images' };
const ID = { imageTag: 'none' };

it.each([
  ['CreateRepository', { repositoryName: 'empty' }, 'RepositoryAlreadyExistsException'],
  ['CreateRepository', { repositoryName: 'UPPER' }, 'InvalidParameterException'],
  ['CreateRepository', {}, 'InvalidParameterException'],
  ['CreateRepository', { ...NONE, encryptionConfiguration: { encryptionType: 'KMS' } }, 'InvalidParameterException'],
  ['CreateRepository', { ...NONE, imageTagMutability: 'MUTABLE_WITH_EXCLUSION' }, 'InvalidParameterException'],
  ['DescribeRepositories', { repositoryNames: ['none'] }, 'RepositoryNotFoundException'],
  ['DescribeRepositories', { registryId: '111111111111', repositoryNames: ['images'] }, 'RepositoryNotFoundException'],
  ['DeleteRepository', NONE, 'RepositoryNotFoundException'],
  ['PutImageTagMutability', { ...NONE, imageTagMutability: 'MUTABLE' }, 'RepositoryNotFoundException'],
  ['SetRepositoryPolicy', { ...IMAGES, policyText: '[]' }, 'InvalidParameterException'],
  ['GetRepositoryPolicy', IMAGES, 'RepositoryPolicyNotFoundException'],
  ['DeleteRepositoryPolicy', IMAGES, 'RepositoryPolicyNotFoundException'],
  [
    'PutLifecyclePolicy',
    { ...NONE, lifecyclePolicyText: `{"rules":[${' '.repeat(100)}]}` },
    'RepositoryNotFoundException',
  ],
  ['GetLifecyclePolicy', NONE, 'RepositoryNotFoundException'],
  ['DeleteLifecyclePolicy', IMAGES, 'LifecyclePolicyNotFoundException'],
  ['PutImageScanningConfiguration', { ...NONE, imageScanningConfiguration: {} }, 'RepositoryNotFoundException'],
  ['ListImages', NONE, 'RepositoryNotFoundException'],
  ['ListImages', { ...IMAGES, nextToken: 'x' }, 'InvalidParameterException'],
  ['DescribeImages', { ...IMAGES, imageIds: [ID] }, 'ImageNotFoundException'],
  ['DescribeImages', { ...IMAGES, maxResults: 1001 }, 'InvalidParameterException'],
  ['DescribeImageScanFindings', { ...IMAGES, imageId: ID }, 'ImageNotFoundException'],
  ['BatchGetImage', { ...NONE, imageIds: [ID] }, 'RepositoryNotFoundException'],
  ['BatchDeleteImage', { ...IMAGES, imageIds: [] }, 'InvalidParameterException'],
  ['PutImage', { ...IMAGES, imageManifest: '{' }, 'InvalidParameterException'],
  ['PutImage', { ...IMAGES, imageManifest: '{}', imageDigest: digestOf('x') }, 'ImageDigestDoesNotMatchException'],
  ['PutImage', { ...IMAGES, imageManifest: '{}', imageTag: 'a b' }, 'InvalidParameterException'],
  [
    'PutImage',
    { ...IMAGES, imageManifest: manifestOf({ digest: digestOf('no'), size: 1 }, []) },
    'LayersNotFoundException',
  ],
  [
    'PutImage',
    { ...IMAGES, imageManifest: listOf(digestOf('no')), imageManifestMediaType: OCI_INDEX },
    'ReferencedImagesNotFoundException',
  ],
  ['BatchCheckLayerAvailability', { ...NONE, layerDigests: ['x'] }, 'RepositoryNotFoundException'],
  ['GetDownloadUrlForLayer', { ...IMAGES, layerDigest: digestOf('none') }, 'LayersNotFoundException'],
  ['TagResource', { resourceArn: `${ARN}/none`, tags: [] }, 'RepositoryNotFoundException'],
  ['UntagResource', { resourceArn: 'x', tagKeys: [] }, 'InvalidParameterException'],
  ['ListTagsForResource', { resourceArn: `${ARN}/none` }, 'RepositoryNotFoundException'],
])('%s %j is refused as %s', async (operation, input, code) => {
  const { status, body } = await call(operation, input);

  expect([status, body.__type]).toEqual([400, code]);
});

it('a job’s image is opened from the registry, by digest, under each of its names', async () => {
  const opened: (string | undefined)[] = [];
  const programs: Programs = {
    problem: () => undefined,
    algorithms: () => [],
    open: async (_, { pulled }) => {
      opened.push(pulled);
      throw new Error('This machine has no container engine.');
    },
  };
  const { api, call: callSageMaker, put, until } = await openScene({ programs });
  const { host } = new URL(api.url);
  put({ 'train/a.csv': '1\n' });
  await callEcr(api.url, 'CreateRepository', { repositoryName: 'team/sum' });
  const digest = await pushImage(api.url, 'team/sum', '1.2.3');
  const ecr = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/sum';
  const images = [
    `${ecr}:1.2.3`,
    `${ecr}@${digest}`,
    `${host}/team/sum:1.2.3`,
    `${ecr}:2`,
    IMAGE,
    'evil.example/team/sum:1.2.3',
  ];

  for (const [i, TrainingImage] of images.entries()) {
    const name = `job-${i}`;
    await callSageMaker('CreateTrainingJob', {
      ...trainingJob(name),
      AlgorithmSpecification: { TrainingImage, TrainingInputMode: 'File' },
    });
    await until('DescribeTrainingJob', { TrainingJobName: name }, hasEnded);
  }

  const pulled = `${host}/team/sum@${digest}`;
  expect(opened).toEqual([pulled, pulled, pulled, undefined, undefined, undefined]);
});
