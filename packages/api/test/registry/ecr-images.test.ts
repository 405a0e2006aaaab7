/** Images by ECR's operations, and as what jobs run. */
import { describe, expect, it } from 'vitest';
import type { Programs } from '../../src/index.js';
import { hasEnded, IMAGE, openScene, trainingJob } from '../support/scene.js';
import { callEcr, digestOf, manifestOf, OCI_MANIFEST, pushBlob, pushImage, sharedEcr } from './scene.js';

const { shared, call } = sharedEcr('images');

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
