/** Every operation of a resource × right, missing, conflict, invalid, paged, deleted. */
import { describe, expect, it } from 'vitest';
import { inference, sumAlgorithm } from '../support/algorithm.js';
import { makeModel, placeModel } from '../support/model.js';
import { hasEnded, openScene, ROLE, type Scene, sharedScene, trainingJob } from '../support/scene.js';

type Body = Readonly<Record<string, unknown>>;

interface Resource {
  /** In operations and members. */
  readonly noun: string;
  /** As in ARNs. */
  readonly kind: string;
  /** What is needed before one can be made. */
  prepare?(scene: Scene): Promise<unknown>;
  request(name: string): object;
  /** Waits until one can be deleted. */
  settle?(scene: Scene, name: string): Promise<unknown>;
  /** Member of the answer of List. */
  readonly summaries: string;
  readonly list?: string;
  readonly missing: RegExp;
  readonly conflict: readonly [code: string, message: RegExp];
  readonly canDelete: boolean;
  /** The order of a list without SortOrder. */
  readonly order: 'Ascending' | 'Descending';
}

const variant = { VariantName: 'v', ModelName: 'model', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 };
const refused = 'ValidationException';

const RESOURCES: readonly Resource[] = [
  {
    ...{ noun: 'TrainingJob', kind: 'training-job', summaries: 'TrainingJobSummaries', order: 'Ascending' },
    prepare: async ({ put }) => put({ 'train/a.csv': '1\n' }),
    request: (name) => trainingJob(name),
    settle: (scene, name) => scene.until('DescribeTrainingJob', { TrainingJobName: name }, hasEnded),
    missing: /^Requested resource not found\.$/,
    conflict: ['ResourceInUse', /^Training job names must be unique .* already exists \(arn:/],
    canDelete: true,
  },
  {
    ...{ noun: 'TransformJob', kind: 'transform-job', summaries: 'TransformJobSummaries', order: 'Descending' },
    prepare: makeModel,
    request: (name) => ({
      ...{ TransformJobName: name, ModelName: 'model' },
      TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/train' } } },
      TransformOutput: { S3OutputPath: 's3://data/predicted' },
      TransformResources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1 },
    }),
    missing: /^Could not find requested job with name: none$/,
    conflict: ['ResourceInUse', /^Job name must be unique .* already exists \(arn:/],
    canDelete: false,
  },
  {
    ...{ noun: 'Algorithm', kind: 'algorithm', summaries: 'AlgorithmSummaryList', order: 'Ascending' },
    request: (name) => sumAlgorithm(name),
    missing: /^Algorithm arn:.*:algorithm\/none does not exist\.$/,
    conflict: [refused, /^Algorithm with ARN arn:.* already exists\.$/],
    canDelete: true,
  },
  {
    ...{ noun: 'Model', kind: 'model', summaries: 'Models', order: 'Descending' },
    request: (name) => ({ ModelName: name, PrimaryContainer: { Image: 'sum' }, ExecutionRoleArn: ROLE }),
    missing: /^Could not find model "arn:.*:model\/none"\.$/,
    conflict: [refused, /^Cannot create already existing model "arn:/],
    canDelete: true,
  },
  {
    ...{ noun: 'ModelPackage', kind: 'model-package', summaries: 'ModelPackageSummaryList', order: 'Ascending' },
    request: (name) => ({ ModelPackageName: name, InferenceSpecification: inference() }),
    missing: /^ModelPackage arn:.*:model-package\/none does not exist\.$/,
    conflict: [refused, /^Model package with ARN arn:.* already exists\.$/],
    canDelete: true,
  },
  {
    ...{ noun: 'ModelPackageGroup', kind: 'model-package-group', order: 'Ascending' },
    summaries: 'ModelPackageGroupSummaryList',
    request: (name) => ({ ModelPackageGroupName: name }),
    missing: /^ModelPackageGroup arn:.*:model-package-group\/none does not exist\.$/,
    conflict: [refused, /^Model Package Group already exists: arn:/],
    canDelete: true,
  },
  {
    ...{ noun: 'EndpointConfig', kind: 'endpoint-config', summaries: 'EndpointConfigs', order: 'Descending' },
    prepare: placeModel,
    request: (name) => ({ EndpointConfigName: name, ProductionVariants: [variant] }),
    missing: /^Could not find endpoint configuration "arn:.*:endpoint-config\/none"\.$/,
    conflict: [refused, /^Cannot create already existing endpoint configuration "arn:/],
    canDelete: true,
  },
  {
    ...{ noun: 'Endpoint', kind: 'endpoint', summaries: 'Endpoints', order: 'Descending' },
    async prepare(scene) {
      await placeModel(scene);
      await scene.call('CreateEndpointConfig', { EndpointConfigName: 'config', ProductionVariants: [variant] });
    },
    request: (name) => ({ EndpointName: name, EndpointConfigName: 'config' }),
    settle: (scene, name) =>
      scene.until('DescribeEndpoint', { EndpointName: name }, ({ EndpointStatus }) => EndpointStatus === 'InService'),
    missing: /^Could not find endpoint "arn:.*:endpoint\/none"\.$/,
    conflict: [refused, /^Cannot create already existing endpoint "arn:/],
    canDelete: true,
  },
];

describe.each(RESOURCES)('$noun', (resource) => {
  const { noun, kind, summaries, missing, conflict, canDelete, order } = resource;
  const shared = sharedScene();
  const named = (name: string) => ({ [`${noun}Name`]: name });

  async function openWith(names: readonly string[]): Promise<Scene> {
    const scene = await openScene({ concurrency: 4 });
    await resource.prepare?.(scene);
    for (const name of names) {
      const { status, body } = await scene.call(`Create${noun}`, resource.request(name));
      expect([status, body]).toMatchObject([200, {}]);
    }
    return scene;
  }

  async function namesOf(scene: Scene, request: object): Promise<readonly unknown[]> {
    const { status, body } = await scene.call(`List${noun}s`, request);
    expect([status, body]).toMatchObject([200, {}]);
    return body[summaries].map((summary: Body) => summary[`${noun}Name`]).filter((name: unknown) => name !== 'job');
  }

  it('is made once, described, listed and deleted', async () => {
    const scene = await openWith(['A-1', 'b']);

    const again = await scene.call(`Create${noun}`, resource.request('A-1'));
    const described = await scene.call(`Describe${noun}`, named('A-1'));
    const tags = await scene.call('ListTags', { ResourceArn: described.body[`${noun}Arn`] });
    await resource.settle?.(scene, 'A-1');
    const deleted = canDelete ? await scene.call(`Delete${noun}`, named('A-1')) : undefined;

    expect(again).toMatchObject({
      status: 400,
      body: { __type: conflict[0], message: expect.stringMatching(conflict[1]) },
    });
    expect(described).toMatchObject({
      status: 200,
      body: { ...named('A-1'), [`${noun}Arn`]: `arn:aws:sagemaker:us-east-1:000000000000:${kind}/a-1` },
    });
    expect(tags.body).toEqual({ Tags: [] });
    if (!deleted) return;
    expect(deleted).toMatchObject({ status: 200, body: {} });
    const gone = await scene.untilRefused(`Describe${noun}`, named('A-1'));
    expect(gone.__type).toBe(refused);
    expect(await namesOf(scene, {})).toEqual(['b']);
    expect((await scene.call(`Create${noun}`, resource.request('A-1'))).status).toBe(200);
  });

  it('that is missing is refused by each operation that names it', async () => {
    const { call } = shared();
    const operations = [
      `Describe${noun}`,
      ...(canDelete ? [`Delete${noun}`] : []),
      ...(/Job$/.test(noun) ? [`Stop${noun}`] : []),
    ];

    for (const operation of operations) {
      const { status, body } = await call(operation, named('none'));

      expect([operation, status, body.__type]).toEqual([operation, 400, refused]);
      expect(body.message).toMatch(missing);
    }
  });

  it.each(['', '../x', 'a/../b', 'a b', '-a', 'a'.repeat(64)])('with the name "%s" is invalid', async (name) => {
    const { status, body } = await shared().call(`Create${noun}`, resource.request(name));

    expect([status, body.__type]).toEqual([400, refused]);
    const member = `${noun.charAt(0).toLowerCase()}${noun.slice(1)}Name`;
    expect(body.message).toContain(`Value '${name}' at '${member}' failed to satisfy constraint: Member must`);
  });

  it('is listed in pages, sorted and filtered', async () => {
    const scene = await openWith(['b', 'a', 'c']);
    const pages: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const request = { SortBy: 'Name', SortOrder: 'Descending', MaxResults: 2, NameContains: '', NextToken };
      const { body } = await scene.call(`List${noun}s`, { ...request, NameContains: undefined });
      pages.push(body[summaries].map((summary: Body) => summary[`${noun}Name`]));
      NextToken = body.NextToken;
    } while (NextToken !== undefined);
    const first = await scene.call(`List${noun}s`, { MaxResults: 1 });
    const foreign = await scene.call(`List${noun}s`, {
      MaxResults: 1,
      SortBy: 'Name',
      NextToken: first.body.NextToken,
    });

    expect(pages.flat().filter((name) => name !== 'job')).toEqual(['c', 'b', 'a']);
    expect(pages[0]).toHaveLength(2);
    expect(await namesOf(scene, {})).toEqual(order === 'Ascending' ? ['b', 'a', 'c'] : ['c', 'a', 'b']);
    expect(await namesOf(scene, { NameContains: 'a' })).toEqual(['a']);
    expect(await namesOf(scene, { CreationTimeAfter: 4_102_444_800 })).toEqual([]);
    expect(await namesOf(scene, { CreationTimeBefore: 1 })).toEqual([]);
    expect(foreign.body).toMatchObject({
      __type: refused,
      message: expect.stringMatching(/^NextToken must be one of this list/),
    });
    expect((await scene.call(`List${noun}s`, { MaxResults: 101 })).body.message).toContain('less than or equal to 100');
  });
});

it('tags are added, replaced, listed and removed, up to 50', async () => {
  const { call } = await openScene();
  const request = { ModelPackageGroupName: 'g', Tags: [{ Key: 'b', Value: '1' }] };
  const { ModelPackageGroupArn: ResourceArn } = (await call('CreateModelPackageGroup', request)).body;

  const added = await call('AddTags', {
    ResourceArn,
    Tags: [
      { Key: 'a', Value: '' },
      { Key: 'b', Value: '2' },
    ],
  });
  const many = Array.from({ length: 49 }, (_, i) => ({ Key: `k${i}`, Value: '' }));
  const tooMany = await call('AddTags', { ResourceArn, Tags: many });
  const reserved = await call('AddTags', { ResourceArn, Tags: [{ Key: 'aws:x', Value: '' }] });
  const created = await call('CreateModelPackageGroup', {
    ModelPackageGroupName: 'h',
    Tags: [{ Key: 'AWS:x', Value: '' }],
  });
  const twice = [
    { Key: 'c', Value: '1' },
    { Key: 'c', Value: '2' },
  ];
  const duplicates = [
    await call('AddTags', { ResourceArn, Tags: twice }),
    await call('CreateModelPackageGroup', { ModelPackageGroupName: 'i', Tags: twice }),
  ];
  await call('DeleteTags', { ResourceArn, TagKeys: ['a', 'none'] });
  const left = await call('ListTags', { ResourceArn });
  const missing = await call('ListTags', { ResourceArn: `${ResourceArn}x` });

  expect(added.body.Tags).toEqual([
    { Key: 'a', Value: '' },
    { Key: 'b', Value: '2' },
  ]);
  expect(tooMany.body.message).toBe('A resource can have 50 tags; with these it would have 51.');
  for (const { body } of [reserved, created]) {
    expect(body).toMatchObject({
      __type: 'ValidationException',
      message: 'aws: prefixed tag key names are not allowed for external use.',
    });
  }
  for (const { body } of duplicates) {
    expect(body).toMatchObject({
      __type: 'ValidationException',
      message: 'Duplicate tag key: each must be given once; "c" is given twice.',
    });
  }
  expect(left.body.Tags).toEqual([{ Key: 'b', Value: '2' }]);
  expect(missing.body.__type).toBe('ValidationException');
});
