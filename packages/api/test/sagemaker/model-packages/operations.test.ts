import { describe, expect, it } from 'vitest';
import { inference, sumAlgorithm, transformDefinition } from '../../support/algorithm.js';
import { invoke } from '../../support/endpoint.js';
import { makeModel } from '../../support/model.js';
import { openScene, ROLE, type Scene, sharedScene } from '../../support/scene.js';

const MODEL_URL = 's3://data/out/job/output/model.tar.gz';

async function openWithModel(): Promise<Scene> {
  const scene = await openScene();
  await makeModel(scene);
  scene.put({ 'batch/a.csv': '5\n' });
  return scene;
}

function modelPackage(name: string, changes: object = {}) {
  return {
    ModelPackageName: name,
    InferenceSpecification: inference({ ModelDataUrl: MODEL_URL }),
    CertifyForMarketplace: true,
    ValidationSpecification: {
      ValidationRole: ROLE,
      ValidationProfiles: [{ ProfileName: 'profile', TransformJobDefinition: transformDefinition }],
    },
    ...changes,
  };
}

function settled(scene: Scene, ModelPackageName: string) {
  return scene.until('DescribeModelPackage', { ModelPackageName }, ({ ModelPackageStatus }) =>
    ['Completed', 'Failed'].includes(ModelPackageStatus),
  );
}

describe('a model package', () => {
  const shared = sharedScene();

  it('is validated by a transform job and then serves behind a model with its own variables', async () => {
    const scene = await openWithModel();

    const { body } = await scene.call('CreateModelPackage', modelPackage('Pack'));
    const found = await settled(scene, body.ModelPackageArn);
    const PrimaryContainer = { ModelPackageName: body.ModelPackageArn, Environment: { REFUSE: '13' } };
    await scene.call('CreateModel', { ModelName: 'packed', PrimaryContainer, ExecutionRoleArn: ROLE });
    const variant = { VariantName: 'v', ModelName: 'packed', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 };
    await scene.call('CreateEndpointConfig', { EndpointConfigName: 'c', ProductionVariants: [variant] });
    await scene.call('CreateEndpoint', { EndpointName: 'e', EndpointConfigName: 'c' });
    await scene.until(
      'DescribeEndpoint',
      { EndpointName: 'e' },
      ({ EndpointStatus }) => EndpointStatus === 'InService',
    );

    expect(found).toMatchObject({
      ModelPackageName: 'Pack',
      ModelPackageStatus: 'Completed',
      ModelPackageStatusDetails: { ValidationStatuses: [{ Name: 'profile', Status: 'Completed' }] },
    });
    expect((await invoke(scene.api.url, 'e', '5')).text).toBe('15');
    expect((await invoke(scene.api.url, 'e', '13')).status).toBe(424);
  });

  it('is made of an algorithm and the artifacts of a training job', async () => {
    const scene = await openWithModel();
    await scene.call('CreateAlgorithm', sumAlgorithm('sum'));
    const SourceAlgorithms = [{ AlgorithmName: 'sum', ModelDataUrl: MODEL_URL }];

    const { status } = await scene.call('CreateModelPackage', {
      ModelPackageName: 'made',
      SourceAlgorithmSpecification: { SourceAlgorithms },
    });
    const { body } = await scene.call('DescribeModelPackage', { ModelPackageName: 'made' });

    expect(status).toBe(200);
    expect(body.InferenceSpecification.Containers).toMatchObject([{ ModelDataUrl: MODEL_URL }]);
    expect(body.SourceAlgorithmSpecification).toEqual({ SourceAlgorithms });
  });

  it('whose transform fails is Failed with its reason, and no model can use it', async () => {
    const scene = await openWithModel();
    const InferenceSpecification = inference({ ModelDataUrl: MODEL_URL, Environment: { BEHAVE: 'exit' } });

    await scene.call('CreateModelPackage', modelPackage('bad', { InferenceSpecification }));
    const found = await settled(scene, 'bad');
    const PrimaryContainer = { ModelPackageName: 'bad' };
    const model = await scene.call('CreateModel', { ModelName: 'm', PrimaryContainer, ExecutionRoleArn: ROLE });

    const [{ Status, FailureReason }] = found.ModelPackageStatusDetails.ValidationStatuses;
    expect([found.ModelPackageStatus, Status]).toEqual(['Failed', 'Failed']);
    expect(FailureReason).toMatch(/-transform is Failed: AlgorithmError: .*exited with code 4/s);
    expect(model.body.message).toMatch(/must be in status Completed to be used; it is in status Failed\.$/);
  });

  it('with the client token of an earlier request is that of it', async () => {
    const scene = await openWithModel();
    const request = modelPackage('once', { ClientToken: 'token-1' });

    const [first, again] = [
      await scene.call('CreateModelPackage', request),
      await scene.call('CreateModelPackage', request),
    ];
    const other = await scene.call('CreateModelPackage', modelPackage('once'));

    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(other.body.message).toMatch(/^Model package with ARN arn:.*\/once already exists\.$/);
  });

  it.each([
    [
      { ModelPackageGroupName: 'g' },
      'Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one to use.',
    ],
    [{ ModelPackageName: undefined }, 'Missing ARN.'],
    [{ ModelApprovalStatus: 'Approved' }, 'ModelApprovalStatus must not be given for an unversioned model package.'],
    [
      { InferenceSpecification: undefined },
      'Exactly one of InferenceSpecification and SourceAlgorithmSpecification must be given.',
    ],
    [
      { InferenceSpecification: { Containers: [{ Image: 'sum' }] } },
      'InferenceSpecification must have SupportedTransformInstanceTypes for an unversioned model package.',
    ],
    [{ InferenceSpecification: inference({ Image: 'none' }) }, /^Cannot find repository/],
  ])('with %j is refused', async (changes, message) => {
    const { body } = await shared().call('CreateModelPackage', modelPackage('p', changes));

    expect(body.__type).toBe('ValidationException');
    expect(body.message).toMatch(message);
  });
});

describe('a group', () => {
  it('counts its versions, and no number is used twice', async () => {
    const { call } = await openScene();
    await call('CreateModelPackageGroup', { ModelPackageGroupName: 'group', ModelPackageGroupDescription: 'g' });
    const version = { ModelPackageGroupName: 'group', InferenceSpecification: { Containers: [{ Image: 'sum' }] } };

    const arns = [];
    for (let i = 0; i < 2; i++) arns.push((await call('CreateModelPackage', version)).body.ModelPackageArn);
    await call('DeleteModelPackage', { ModelPackageName: arns[1] });
    const third = (await call('CreateModelPackage', version)).body.ModelPackageArn;
    await call('UpdateModelPackage', {
      ModelPackageArn: third,
      ModelApprovalStatus: 'Approved',
      CustomerMetadataProperties: { a: '1', b: '2' },
      CustomerMetadataPropertiesToRemove: ['b'],
    });
    const described = await call('DescribeModelPackage', { ModelPackageName: 'group/3' });
    await call('UpdateModelPackage', { ModelPackageArn: third, CustomerMetadataPropertiesToRemove: ['a'] });
    const { body: emptied } = await call('DescribeModelPackage', { ModelPackageName: 'group/3' });
    const approved = await call('ListModelPackages', {
      ModelPackageGroupName: 'group',
      ModelApprovalStatus: 'Approved',
    });
    const unversioned = await call('ListModelPackages');
    const busy = await call('DeleteModelPackageGroup', { ModelPackageGroupName: 'group' });
    const batch = await call('BatchDescribeModelPackage', { ModelPackageArnList: [third, arns[1]] });

    expect([...arns, third].map((arn) => arn.split(':').at(-1))).toEqual([
      ...['model-package/group/1', 'model-package/group/2', 'model-package/group/3'],
    ]);
    expect(described.body).toMatchObject({
      ModelPackageVersion: 3,
      ModelApprovalStatus: 'Approved',
      CustomerMetadataProperties: { a: '1' },
    });
    expect(emptied.CustomerMetadataProperties).toBeUndefined();
    expect(described.body).not.toHaveProperty('ModelPackageName'); // as in the service's answers
    expect(approved.body.ModelPackageSummaryList).toMatchObject([{ ModelPackageArn: third }]);
    expect(unversioned.body.ModelPackageSummaryList).toEqual([]);
    expect(busy.body.__type).toBe('ConflictException');
    expect(batch.body.ModelPackageSummaries[third]).toMatchObject({ ModelPackageVersion: 3 });
    expect(batch.body.BatchDescribeModelPackageErrorMap[arns[1]].ErrorCode).toBe('ResourceNotFound');
  });
});
