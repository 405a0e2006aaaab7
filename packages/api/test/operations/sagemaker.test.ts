import { inference } from '../support/algorithm.js';
import { checkMatrix, type MatrixCall } from '../support/matrix.js';
import { IMAGE, openScene, ROLE } from '../support/scene.js';
import { tuningJob } from '../support/tuning-job.js';

const NOT_FOUND = 'ResourceNotFound';
const INVALID = 'ValidationException';
const READS = 'it reads';
const CHANGES = 'it can be done again';
const ONE = 'one answer';
const ARN = 'arn:aws:sagemaker:us-east-1:000000000000';
const EndpointName = 'endpoint';
const Tags = [{ Key: 'a', Value: '1' }];

const tuningNamed = (name: string) => ({ HyperParameterTuningJobName: name });
const packageArn = (name: string) => `${ARN}:model-package/${name}`;

/** A tuning job whose two training jobs wait, one more that was stopped, a package, and an endpoint that is being made. */
async function open(): Promise<MatrixCall> {
  const scene = await openScene({ concurrency: 0 });
  scene.put({ 'train/a.csv': '1\n' });
  const call: MatrixCall = async (operation, input) => {
    const { status, body } = await scene.call(operation, input);
    return { status, code: body?.__type, body };
  };
  for (const name of ['tune', 'ended']) await call('CreateHyperParameterTuningJob', tuningJob(name));
  await call('StopHyperParameterTuningJob', tuningNamed('ended'));
  await scene.until(
    'DescribeHyperParameterTuningJob',
    tuningNamed('ended'),
    ({ HyperParameterTuningJobStatus }) => HyperParameterTuningJobStatus === 'Stopped',
  );
  await call('CreateModelPackage', { ModelPackageName: 'package', InferenceSpecification: inference() });
  await call('CreateModel', { ModelName: 'model', PrimaryContainer: { Image: IMAGE }, ExecutionRoleArn: ROLE });
  const variant = { VariantName: 'v', ModelName: 'model', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 };
  await call('CreateEndpointConfig', { EndpointConfigName: 'config', ProductionVariants: [variant] });
  await call('CreateEndpoint', { EndpointName, EndpointConfigName: 'config' });
  return call;
}

const pages = (items: string, request: object) => ({ request, items, limit: 'MaxResults', token: 'NextToken' });
const weights = [{ VariantName: 'v', DesiredWeight: 2 }];

/** Operations that resources.test.ts has, by resources. */
const resources = [
  ...['TrainingJob', 'TransformJob', 'Algorithm', 'Model', 'ModelPackage', 'ModelPackageGroup', 'EndpointConfig'],
  'Endpoint',
].flatMap((noun) => [
  ...[`Create${noun}`, `Describe${noun}`, `List${noun}s`],
  ...(noun === 'TransformJob' ? [] : [`Delete${noun}`]),
  ...(noun === 'TransformJob' || noun === 'TrainingJob' ? [`Stop${noun}`] : []),
]);

checkMatrix({
  model: 'sagemaker',
  open,
  invalid: [INVALID, INVALID],
  elsewhere: resources,
  rows: {
    CreateHyperParameterTuningJob: {
      right: tuningJob('new'),
      missing: 'it makes what it names',
      conflict: [tuningJob('tune'), 'ResourceInUse'],
      paged: ONE,
    },
    DescribeHyperParameterTuningJob: {
      right: tuningNamed('tune'),
      missing: [tuningNamed('none'), NOT_FOUND],
      conflict: READS,
      paged: ONE,
    },
    ListHyperParameterTuningJobs: {
      right: {},
      missing: 'none is an answer',
      conflict: READS,
      paged: pages('HyperParameterTuningJobSummaries', {}),
    },
    StopHyperParameterTuningJob: {
      right: tuningNamed('tune'),
      missing: [tuningNamed('none'), NOT_FOUND],
      conflict: [tuningNamed('ended'), INVALID],
      paged: ONE,
    },
    DeleteHyperParameterTuningJob: {
      right: tuningNamed('ended'),
      missing: [tuningNamed('none'), NOT_FOUND],
      conflict: [tuningNamed('tune'), INVALID],
      paged: ONE,
    },
    ListTrainingJobsForHyperParameterTuningJob: {
      right: tuningNamed('tune'),
      missing: [tuningNamed('none'), NOT_FOUND],
      conflict: READS,
      paged: pages('TrainingJobSummaries', tuningNamed('tune')),
    },
    AddTags: {
      right: { ResourceArn: packageArn('package'), Tags },
      missing: [{ ResourceArn: packageArn('none'), Tags }, INVALID],
      conflict: CHANGES,
      paged: ONE,
    },
    DeleteTags: {
      right: { ResourceArn: packageArn('package'), TagKeys: ['a'] },
      missing: [{ ResourceArn: packageArn('none'), TagKeys: ['a'] }, INVALID],
      conflict: CHANGES,
      paged: ONE,
    },
    ListTags: {
      right: { ResourceArn: packageArn('package') },
      missing: [{ ResourceArn: packageArn('none') }, INVALID],
      conflict: READS,
      paged: 'up to 50 come as one answer',
    },
    Search: {
      right: { Resource: 'TrainingJob' },
      missing: 'none is an answer',
      conflict: READS,
      paged: pages('Results', { Resource: 'TrainingJob' }),
    },
    BatchDescribeModelPackage: {
      right: { ModelPackageArnList: [packageArn('package')] },
      missing: 'what is not there is named in the answer: test/model-packages.test.ts',
      conflict: READS,
      paged: ONE,
    },
    UpdateModelPackage: {
      right: { ModelPackageArn: packageArn('package'), ApprovalDescription: 'good' },
      missing: [{ ModelPackageArn: packageArn('none'), ApprovalDescription: 'good' }, INVALID],
      conflict: CHANGES,
      paged: ONE,
    },
    UpdateEndpoint: {
      right: { EndpointName, EndpointConfigName: 'config' },
      answer: INVALID, // it is being made; sagemaker/endpoints/ updates one that is in service
      missing: [{ EndpointName: 'none', EndpointConfigName: 'config' }, INVALID],
      conflict: [{ EndpointName, EndpointConfigName: 'config' }, INVALID],
      paged: ONE,
    },
    UpdateEndpointWeightsAndCapacities: {
      right: { EndpointName, DesiredWeightsAndCapacities: weights },
      answer: INVALID, // the same
      missing: [{ EndpointName: 'none', DesiredWeightsAndCapacities: weights }, INVALID],
      conflict: [{ EndpointName, DesiredWeightsAndCapacities: weights }, INVALID],
      paged: ONE,
    },
  },
});
