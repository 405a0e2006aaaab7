import { describe, expect, it } from 'vitest';
import { inference, sumAlgorithm } from '../../support/algorithm.js';
import { invoke } from '../../support/endpoint.js';
import { hasEnded, ROLE, type Scene, sharedScene, trainingJob } from '../../support/scene.js';

const PRODUCT = 'arn:aws:sagemaker:us-east-1:865070037744:algorithm/sum';
const PACKAGE = 'arn:aws:sagemaker:us-east-1:865070037744:model-package/ready';
const PRODUCT_IMAGE = '865070037744.dkr.ecr.us-east-1.amazonaws.com/sum:1.2.3';
const DENIED = `Access denied for repository: sum in registry ID: 865070037744. Please check if your ECR repository and image exist and role ${ROLE} has proper pull permissions for SageMaker: `;

const jobOf = (name: string, changes: object = {}) =>
  trainingJob(name, { AlgorithmSpecification: { AlgorithmName: PRODUCT, TrainingInputMode: 'File' }, ...changes });

/** A product, and a package that its buyer made of a training job's artifacts. */
async function sell({ call, put, until }: Scene): Promise<void> {
  put({ 'train/a.csv': '1,2\n3,4\n' });
  await call('CreateAlgorithm', sumAlgorithm('sum', { CertifyForMarketplace: true }));
  await call('CreateAlgorithm', sumAlgorithm('private'));
  const pack = { ModelPackageName: 'ready', InferenceSpecification: inference(), CertifyForMarketplace: true };
  await call('CreateModelPackage', pack);
  await call('CreateTrainingJob', jobOf('bought', { EnableNetworkIsolation: true }));
  const { ModelArtifacts } = await until('DescribeTrainingJob', { TrainingJobName: 'bought' }, hasEnded);
  await call('CreateModelPackage', {
    ModelPackageName: 'fitted',
    SourceAlgorithmSpecification: {
      SourceAlgorithms: [{ AlgorithmName: PRODUCT, ModelDataUrl: ModelArtifacts.S3ModelArtifacts }],
    },
  });
  await call('CreateModel', modelOf('fitted', { EnableNetworkIsolation: true }));
}

const modelOf = (ModelPackageName: string, changes: object = {}) => ({
  ...{ ModelName: 'model', PrimaryContainer: { ModelPackageName }, ExecutionRoleArn: ROLE },
  ...changes,
});

describe('a product of AWS Marketplace', () => {
  const scene = sharedScene(sell);

  it('is described as buyers see it: with its images in a registry of AWS Marketplace', async () => {
    const { body } = await scene().call('DescribeAlgorithm', { AlgorithmName: PRODUCT });
    const pack = await scene().call('DescribeModelPackage', { ModelPackageName: PACKAGE });

    expect(body).toMatchObject({
      ...{ AlgorithmName: 'sum', AlgorithmArn: PRODUCT },
      TrainingSpecification: { TrainingImage: PRODUCT_IMAGE },
      InferenceSpecification: { Containers: [{ Image: PRODUCT_IMAGE }] },
    });
    expect(pack.body.InferenceSpecification.Containers).toMatchObject([{ Image: PRODUCT_IMAGE }]);
  });

  it('trains, and serves behind a model package', async () => {
    const { call, until, api } = scene();
    const variant = { VariantName: 'all', ModelName: 'model', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 };

    const job = await call('DescribeTrainingJob', { TrainingJobName: 'bought' });
    await call('CreateEndpointConfig', { EndpointConfigName: 'config', ProductionVariants: [variant] });
    await call('CreateEndpoint', { EndpointName: 'end', EndpointConfigName: 'config' });
    await until('DescribeEndpoint', { EndpointName: 'end' }, ({ EndpointStatus }) => EndpointStatus !== 'Creating');

    expect(job.body).toMatchObject({
      TrainingJobStatus: 'Completed',
      AlgorithmSpecification: { AlgorithmName: PRODUCT, MetricDefinitions: [{ Name: 'train:sum' }] },
    });
    expect((await invoke(api.url, 'end', '5')).text).toBe('15');
  });

  it('waits for spot instances for an hour, whatever its job asks for', async () => {
    const { call } = scene();
    const StoppingCondition = { MaxRuntimeInSeconds: 600, MaxWaitTimeInSeconds: 7200 };
    const spot = { EnableManagedSpotTraining: true, StoppingCondition, EnableNetworkIsolation: true };

    await call('CreateTrainingJob', jobOf('spot', spot));
    const { body } = await call('DescribeTrainingJob', { TrainingJobName: 'spot' });

    expect(body.StoppingCondition).toEqual({ MaxRuntimeInSeconds: 600, MaxWaitTimeInSeconds: 3600 });
  });

  const endpoint = (changes: object, variant: object = {}) => ({
    EndpointConfigName: 'refused',
    ProductionVariants: [{ VariantName: 'all', ModelName: 'model', ...variant }],
    ...changes,
  });
  const instances = { InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 };
  const byImage = (Image: string) => ({ ModelName: 'm', PrimaryContainer: { Image }, ExecutionRoleArn: ROLE });
  const certified = (changes: object) => ({ ModelPackageName: 'p', CertifyForMarketplace: true, ...changes });
  const byProduct = {
    SourceAlgorithmSpecification: { SourceAlgorithms: [{ AlgorithmName: PRODUCT, ModelDataUrl: 's3://data/x' }] },
  };
  it.each([
    [
      'training with a network',
      'CreateTrainingJob',
      jobOf('open'),
      'EnableNetworkIsolation must be true for jobs using SageMaker Marketplace algorithms.',
    ],
    ['its image in a model', 'CreateModel', byImage(PRODUCT_IMAGE), DENIED],
    [
      'its image in a training job',
      'CreateTrainingJob',
      jobOf('image', { AlgorithmSpecification: { TrainingImage: PRODUCT_IMAGE, TrainingInputMode: 'File' } }),
      DENIED,
    ],
    [
      'its image in an algorithm',
      'CreateAlgorithm',
      sumAlgorithm('copy', {}, { TrainingImage: PRODUCT_IMAGE }),
      'Access denied for repository: sum in registry ID: 865070037744.',
    ],
    [
      'its image in a package',
      'CreateModelPackage',
      { ModelPackageName: 'p', InferenceSpecification: inference({ Image: PRODUCT_IMAGE }) },
      'Access denied for repository: sum in registry ID: 865070037744.',
    ],
    [
      'a package of it as another product',
      'CreateModelPackage',
      certified(byProduct),
      'CertifyForMarketplace must not be given for a model package made of a product.',
    ],
    [
      'a model of it with a network',
      'CreateModel',
      modelOf('fitted', { ModelName: 'm' }),
      'EnableNetworkIsolation must be true for models using SageMaker Marketplace model packages.',
    ],
    [
      'asynchronous inference',
      'CreateEndpointConfig',
      endpoint({ AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://data/a' } } }, instances),
      'Marketplace images are not supported when specifying an AsyncInferenceConfig.',
    ],
    [
      'serverless inference',
      'CreateEndpointConfig',
      endpoint({}, { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 } }),
      'Marketplace images are not supported when specifying a ServerlessConfig.',
    ],
    [
      'an algorithm that is not for AWS Marketplace',
      'CreateTrainingJob',
      jobOf('x', {
        AlgorithmSpecification: { AlgorithmName: PRODUCT.replace('sum', 'private'), TrainingInputMode: 'File' },
      }),
      'Caller is not subscribed to the marketplace offering.',
    ],
    [
      'a product that is not there',
      'CreateModel',
      modelOf(PRODUCT.replace('algorithm/sum', 'model-package/none'), { ModelName: 'm' }),
      'Caller is not subscribed to the marketplace offering.',
    ],
    [
      'a product of another region',
      'DescribeAlgorithm',
      { AlgorithmName: 'arn:aws:sagemaker:us-west-2:594846645681:algorithm/sum' },
      'ARN should be scoped to correct region: us-east-1',
    ],
    [
      'being deleted by a buyer',
      'DeleteModelPackage',
      { ModelPackageName: PACKAGE },
      `ModelPackage ${PACKAGE} does not exist.`,
    ],
  ])('refuses %s', async (_, operation, request, message) => {
    const { status, body } = await scene().call(operation, request);

    expect([status, body.__type]).toEqual([400, expect.stringContaining('ValidationException')]);
    expect(body.message).toContain(message);
  });

  it('leaves its seller free to use the algorithm by name', async () => {
    const { call, until } = scene();

    const own = { AlgorithmName: 'sum', TrainingInputMode: 'File' };
    await call('CreateTrainingJob', jobOf('own', { AlgorithmSpecification: own }));
    const job = await until('DescribeTrainingJob', { TrainingJobName: 'own' }, hasEnded);

    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', EnableNetworkIsolation: false });
  });
});
