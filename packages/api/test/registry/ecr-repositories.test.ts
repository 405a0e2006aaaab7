/** Repositories by ECR's operations. */
import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ECR_ARN, pushBlob, pushImage, sharedEcr } from './scene.js';

const { shared, call } = sharedEcr('images', 'empty', 'team/b', 'team/c');

const namesOf = (items: readonly { repositoryName: string }[]) => items.map(({ repositoryName }) => repositoryName);

describe('repositories', () => {
  it('are described as they were made, at the address by which the client came', async () => {
    const { host } = new URL(shared().api.url);
    const scanning = { imageScanningConfiguration: { scanOnPush: true }, imageTagMutability: 'IMMUTABLE' };

    const { body } = await call('CreateRepository', { repositoryName: 'made/here', ...scanning });

    expect(body.repository).toEqual({
      ...scanning,
      repositoryArn: `${ECR_ARN}/made/here`,
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
    const resourceArn = `${ECR_ARN}/team/b`;

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
    await call('DeleteRepository', { repositoryName: 'fixed', force: true });

    expect(same).toMatch(/^sha256:/);
    expect(moved).toContain('cannot be overwritten because the tag is immutable');
    expect(after).toBe(before);
    expect(excluded).toEqual([expect.stringMatching(/^sha256:/), expect.stringMatching(/^sha256:/), moved]);
  });
});
