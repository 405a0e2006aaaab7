/** The token by which clients of ECR sign in, and requests that are refused. */
import { expect, it } from 'vitest';
import { digestOf, ECR_ARN, listOf, manifestOf, OCI_INDEX, sharedEcr } from './scene.js';

const { shared, call } = sharedEcr('images', 'empty');

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
  ['TagResource', { resourceArn: `${ECR_ARN}/none`, tags: [] }, 'RepositoryNotFoundException'],
  ['UntagResource', { resourceArn: 'x', tagKeys: [] }, 'InvalidParameterException'],
  ['ListTagsForResource', { resourceArn: `${ECR_ARN}/none` }, 'RepositoryNotFoundException'],
])('%s %j is refused as %s', async (operation, input, code) => {
  const { status, body } = await call(operation, input);

  expect([status, body.__type]).toEqual([400, code]);
});
