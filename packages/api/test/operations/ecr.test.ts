import { callEcr, manifestOf, pushBlob, pushImage } from '../registry/scene.js';
import { checkMatrix, type MatrixCall } from '../support/matrix.js';
import { openScene } from '../support/scene.js';

const repositoryName = 'images';
const none = 'none';
const ARN = 'arn:aws:ecr:us-east-1:000000000000:repository';
const DIGEST = `sha256:${'0'.repeat(64)}`;
const NOT_FOUND = 'RepositoryNotFoundException';
const IN_ANSWER = 'what is not there is named in the answer: test/registry';
const READS = 'it reads';
const CHANGES = 'it can be done again';
const ONE = 'one answer';
const imageIds = [{ imageTag: '1' }];
const lifecyclePolicyText = JSON.stringify({ rules: [], description: 'x'.repeat(100) });
const tags = [{ Key: 'a', Value: '1' }];

/** Contents that an image may name. */
let manifest = '';
let layerDigest = '';

/** Two repositories, one with two images. */
async function open(): Promise<MatrixCall> {
  const { api } = await openScene();
  const call: MatrixCall = async (operation, input) => {
    const filled = JSON.parse(
      JSON.stringify(input)
        .replace('"MANIFEST"', () => JSON.stringify(manifest))
        .replace('"LAYER"', `"${layerDigest}"`),
    );
    const { status, body } = await callEcr(api.url, operation, filled);
    return { status, code: body?.__type, body };
  };
  for (const name of [repositoryName, 'other']) await call('CreateRepository', { repositoryName: name });
  for (const tag of ['1', '2']) await pushImage(api.url, repositoryName, tag);
  const [config, layer] = [
    await pushBlob(api.url, repositoryName, '{}'),
    await pushBlob(api.url, repositoryName, 'new'),
  ];
  manifest = manifestOf(config, [layer]);
  layerDigest = layer.digest;
  return call;
}

const pages = (items: string, request: object = { repositoryName }) => ({
  ...{ request, items, limit: 'maxResults', token: 'nextToken' },
});

checkMatrix({
  model: 'ecr',
  open,
  invalid: ['InvalidParameterException', 'InvalidParameterException'],
  rows: {
    CreateRepository: {
      right: { repositoryName: 'new' },
      missing: 'it makes what it names',
      conflict: [{ repositoryName }, 'RepositoryAlreadyExistsException'],
      paged: ONE,
    },
    DeleteRepository: {
      right: { repositoryName: 'other' },
      missing: [{ repositoryName: none }, NOT_FOUND],
      conflict: [{ repositoryName }, 'RepositoryNotEmptyException'],
      paged: ONE,
    },
    DescribeRepositories: {
      right: {},
      missing: [{ repositoryNames: [none] }, NOT_FOUND],
      conflict: READS,
      paged: pages('repositories', {}),
    },
    DescribeImages: {
      right: { repositoryName },
      missing: [{ repositoryName, imageIds: [{ imageTag: none }] }, 'ImageNotFoundException'],
      conflict: READS,
      paged: pages('imageDetails'),
    },
    ListImages: {
      right: { repositoryName },
      missing: [{ repositoryName: none }, NOT_FOUND],
      conflict: READS,
      paged: pages('imageIds'),
    },
    BatchGetImage: {
      right: { repositoryName, imageIds },
      missing: [{ repositoryName: none, imageIds }, NOT_FOUND],
      conflict: READS,
      paged: ONE,
    },
    BatchDeleteImage: {
      right: { repositoryName, imageIds },
      missing: [{ repositoryName: none, imageIds }, NOT_FOUND],
      conflict: IN_ANSWER,
      paged: ONE,
    },
    BatchCheckLayerAvailability: {
      right: { repositoryName, layerDigests: [DIGEST] },
      missing: [{ repositoryName: none, layerDigests: [DIGEST] }, NOT_FOUND],
      conflict: READS,
      paged: ONE,
    },
    GetDownloadUrlForLayer: {
      right: { repositoryName, layerDigest: 'LAYER' },
      missing: [{ repositoryName, layerDigest: DIGEST }, 'LayersNotFoundException'],
      conflict: READS,
      paged: ONE,
    },
    PutImage: {
      right: { repositoryName, imageManifest: 'MANIFEST', imageTag: 'new' },
      missing: [{ repositoryName: none, imageManifest: 'MANIFEST' }, NOT_FOUND],
      conflict: 'test/registry: tags that are immutable, images that are there',
      paged: ONE,
    },
    DescribeImageScanFindings: {
      right: { repositoryName, imageId: imageIds[0] },
      answer: 'ScanNotFoundException',
      missing: [{ repositoryName, imageId: { imageTag: none } }, 'ImageNotFoundException'],
      conflict: READS,
      paged: 'there are no findings',
    },
    SetRepositoryPolicy: {
      right: { repositoryName, policyText: '{}' },
      missing: [{ repositoryName: none, policyText: '{}' }, NOT_FOUND],
      conflict: CHANGES,
      paged: ONE,
    },
    GetRepositoryPolicy: {
      right: { repositoryName },
      answer: 'RepositoryPolicyNotFoundException',
      missing: [{ repositoryName: none }, NOT_FOUND],
      conflict: READS,
      paged: ONE,
    },
    DeleteRepositoryPolicy: {
      right: { repositoryName },
      answer: 'RepositoryPolicyNotFoundException',
      missing: [{ repositoryName: none }, NOT_FOUND],
      conflict: CHANGES,
      paged: ONE,
    },
    PutLifecyclePolicy: {
      right: { repositoryName, lifecyclePolicyText },
      missing: [{ repositoryName: none, lifecyclePolicyText }, NOT_FOUND],
      conflict: CHANGES,
      paged: ONE,
    },
    GetLifecyclePolicy: {
      right: { repositoryName },
      answer: 'LifecyclePolicyNotFoundException',
      missing: [{ repositoryName: none }, NOT_FOUND],
      conflict: READS,
      paged: ONE,
    },
    DeleteLifecyclePolicy: {
      right: { repositoryName },
      answer: 'LifecyclePolicyNotFoundException',
      missing: [{ repositoryName: none }, NOT_FOUND],
      conflict: CHANGES,
      paged: ONE,
    },
    PutImageScanningConfiguration: {
      right: { repositoryName, imageScanningConfiguration: {} },
      missing: [{ repositoryName: none, imageScanningConfiguration: {} }, NOT_FOUND],
      conflict: CHANGES,
      paged: ONE,
    },
    PutImageTagMutability: {
      right: { repositoryName, imageTagMutability: 'IMMUTABLE' },
      missing: [{ repositoryName: none, imageTagMutability: 'IMMUTABLE' }, NOT_FOUND],
      conflict: CHANGES,
      paged: ONE,
    },
    GetAuthorizationToken: { right: {}, missing: 'it names nothing', conflict: READS, paged: ONE },
    TagResource: {
      right: { resourceArn: `${ARN}/images`, tags },
      missing: [{ resourceArn: `${ARN}/none`, tags }, NOT_FOUND],
      conflict: CHANGES,
      paged: ONE,
    },
    UntagResource: {
      right: { resourceArn: `${ARN}/images`, tagKeys: ['a'] },
      missing: [{ resourceArn: `${ARN}/none`, tagKeys: ['a'] }, NOT_FOUND],
      conflict: CHANGES,
      paged: ONE,
    },
    ListTagsForResource: {
      right: { resourceArn: `${ARN}/images` },
      missing: [{ resourceArn: `${ARN}/none` }, NOT_FOUND],
      conflict: READS,
      paged: 'up to 50 come as one answer',
    },
  },
});
