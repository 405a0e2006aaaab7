/**
 * What CreateTrainingJob checks beyond the members of a request: an algorithm that can be run, input that is there, and what
 * this machine does not have, refused by name so that no job runs other than it was asked to.
 */
import { fastFileInput, missingInput } from '../../jobs/input-data.js';
import type { ServiceError } from '../../service-error.js';
import { usableAlgorithm } from '../algorithms/lookup.js';
import type { AlgorithmBody } from '../algorithms/shapes.js';
import { checkMetrics } from '../definitions/metrics.js';
import type { Channel } from '../definitions/training-job.js';
import { isProductArn, refuseProductImage } from '../marketplace/products.js';
import { type SageMaker, validationError } from '../resources/context.js';
import { noObjects } from '../resources/no-objects.js';
import { checkAgainstAlgorithm } from './algorithm-rules.js';
import { trainingImageOf } from './image.js';
import { checkInstances } from './instances.js';
import {
  type CheckedTrainingJob,
  type CreateTrainingJobRequest,
  DEFAULT_MAX_RUNTIME_SECONDS,
  type TrainingJobMembers,
} from './shapes.js';

/** Of managed spot training with a product, whatever the job asks for. */
const PRODUCT_WAIT_SECONDS = 3600;
/** Members of CreateTrainingJob that would change what a job does and are not available here. */
const NOT_AVAILABLE = ['ServerlessJobConfig', 'ModelPackageConfig', 'RetryStrategy'] as const;

/**
 * @param validated the algorithm that is being validated, which is not Completed yet; its job may use it
 * @returns the job with what its algorithm adds, so that it runs also when that is deleted meanwhile
 * @throws ServiceError ValidationException
 */
export async function checkTrainingJob(
  sageMaker: SageMaker,
  request: CreateTrainingJobRequest,
  validated?: AlgorithmBody,
): Promise<CheckedTrainingJob> {
  const job = requireMembers(request);
  checkInstances(job);
  for (const member of NOT_AVAILABLE) {
    if (request[member] !== undefined) throw notAvailable(member);
  }
  checkSpot(job);
  const completed = applyAlgorithm(sageMaker, job, validated);
  checkMetrics(completed.AlgorithmSpecification.MetricDefinitions);
  const image = trainingImageOf(sageMaker, completed.AlgorithmSpecification);
  const problem = sageMaker.programs.problem(image);
  if (problem !== undefined) throw validationError(`Cannot find repository: ${problem}`);
  for (const channel of job.InputDataConfig ?? []) await checkChannel(sageMaker, channel, job);
  await checkOutput(sageMaker, job);
  return { ...completed, ResolvedImage: sageMaker.programs.resolve?.(image) ?? image };
}

// --- internal ---

function notAvailable(what: string): ServiceError {
  return validationError(`${what} is not available on this machine.`);
}

/** Serverless jobs have no algorithm of their own, so the model does not require these; any other job needs them. */
function requireMembers(request: CreateTrainingJobRequest): TrainingJobMembers {
  const { AlgorithmSpecification } = request;
  const missing = (['AlgorithmSpecification', 'ResourceConfig', 'StoppingCondition'] as const).filter(
    (member) => request[member] === undefined,
  );
  if (missing.length > 0 || !AlgorithmSpecification) {
    throw validationError(`CreateTrainingJob must have ${missing.join(' and ')}; ${missing.length} missing.`);
  }
  const { Tags: _, SessionChainingConfig: __, ...members } = request; // what DescribeTrainingJob does not answer
  return { ...members, AlgorithmSpecification };
}

function checkSpot({ EnableManagedSpotTraining, StoppingCondition }: TrainingJobMembers): void {
  const { MaxRuntimeInSeconds = DEFAULT_MAX_RUNTIME_SECONDS, MaxWaitTimeInSeconds } = StoppingCondition;
  if (EnableManagedSpotTraining) {
    if (MaxWaitTimeInSeconds !== undefined && MaxWaitTimeInSeconds >= MaxRuntimeInSeconds) return;
    throw validationError(
      `Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds`,
    );
  }
  if (MaxWaitTimeInSeconds !== undefined) {
    throw validationError(
      'Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true',
    );
  }
}

/** Exactly one of image and algorithm; what an algorithm defines is checked and recorded with the job. */
function applyAlgorithm(
  sageMaker: SageMaker,
  job: TrainingJobMembers,
  validated: AlgorithmBody | undefined,
): TrainingJobMembers {
  const specification = job.AlgorithmSpecification;
  const { TrainingImage, AlgorithmName, ContainerEntrypoint, ContainerArguments } = specification;
  if ((TrainingImage === undefined) === (AlgorithmName === undefined)) {
    throw validationError('AlgorithmSpecification must have exactly one of TrainingImage and AlgorithmName.');
  }
  if (AlgorithmName !== undefined && (ContainerEntrypoint || ContainerArguments)) {
    throw validationError('ContainerEntrypoint and ContainerArguments must be with TrainingImage, not AlgorithmName.');
  }
  if (ContainerEntrypoint && sageMaker.programs.engine === undefined) {
    throw validationError(
      'AlgorithmSpecification.ContainerEntrypoint must have an image to be in: start the server with --runner container.',
    );
  }
  refuseProductImage(TrainingImage, job.RoleArn);
  if (AlgorithmName === undefined) return job;
  if (specification.MetricDefinitions) {
    throw validationError('MetricDefinitions cannot be given with AlgorithmName: the algorithm defines its metrics.');
  }
  const algorithm = validated ?? usableAlgorithm(sageMaker, AlgorithmName);
  const { TrainingSpecification: training, AlgorithmArn } = algorithm;
  checkAgainstAlgorithm(training, job);
  return {
    ...(isProductArn(AlgorithmName) ? asProductJob(job) : job),
    AlgorithmSpecification: {
      ...specification,
      AlgorithmName: AlgorithmArn,
      ...(training.MetricDefinitions && { MetricDefinitions: training.MetricDefinitions }),
    },
  };
}

/** What AWS Marketplace asks of, and does to, the jobs of its algorithms. */
function asProductJob(job: TrainingJobMembers): TrainingJobMembers {
  if (!job.EnableNetworkIsolation) {
    throw validationError('EnableNetworkIsolation must be true for jobs using SageMaker Marketplace algorithms.');
  }
  if (!job.EnableManagedSpotTraining) return job;
  return { ...job, StoppingCondition: { ...job.StoppingCondition, MaxWaitTimeInSeconds: PRODUCT_WAIT_SECONDS } };
}

async function checkChannel(sageMaker: SageMaker, channel: Channel, job: TrainingJobMembers): Promise<void> {
  const { ChannelName, DataSource, InputMode = job.AlgorithmSpecification.TrainingInputMode } = channel;
  const source = DataSource.S3DataSource;
  const where = `InputDataConfig channel ${ChannelName}:`;
  if (!source)
    throw validationError(`${where} S3DataSource must be given; other data sources are not on this machine.`);
  if (source.S3DataType === 'Converse') throw notAvailable(`${where} S3DataType Converse`);
  if (source.S3DataType === 'AugmentedManifestFile') {
    if (!source.AttributeNames) throw validationError(`${where} AugmentedManifestFile must have AttributeNames.`);
    if (InputMode !== 'Pipe') throw validationError(`${where} AugmentedManifestFile must have InputMode Pipe.`);
  } else if (source.AttributeNames) {
    throw validationError(`${where} AttributeNames must have S3DataType AugmentedManifestFile.`);
  }
  if (InputMode === 'FastFile' && source.S3DataType !== 'S3Prefix') {
    throw validationError(`${where} InputMode FastFile must have S3DataType S3Prefix; received ${source.S3DataType}.`);
  }
  // AWS's pattern allows them; as names of folders they mean others.
  if (/^\.\.?$/.test(ChannelName)) throw validationError(`${where} the name must not be "." or "..".`);
  const names = job.InputDataConfig!.filter((other) => other.ChannelName === ChannelName);
  if (names.length > 1) throw validationError(`${where} each channel's name must be used once.`);
  const problem = await missingInput(sageMaker.objects, source.S3Uri);
  if (problem === undefined) {
    if (InputMode !== 'FastFile' || (await fastFileInput(sageMaker.objects, source.S3Uri)) !== undefined) return;
    throw validationError(
      `${where} with InputMode FastFile, S3Uri must name a whole folder; received "${source.S3Uri}".`,
    );
  }
  throw noObjects(sageMaker, source.S3Uri, job.RoleArn, problem);
}

/** The buckets that the job writes to must be there; whether they have objects does not matter. */
async function checkOutput(
  { objects }: SageMaker,
  { OutputDataConfig, CheckpointConfig }: TrainingJobMembers,
): Promise<void> {
  const places: readonly (readonly [member: string, uri: string])[] = [
    ['OutputDataConfig.S3OutputPath', OutputDataConfig.S3OutputPath],
    ...(CheckpointConfig ? ([['CheckpointConfig.S3Uri', CheckpointConfig.S3Uri]] as const) : []),
  ];
  for (const [member, uri] of places) {
    const problem = await missingInput(objects, uri);
    if (problem === undefined || problem === 'No S3 objects found') continue;
    throw validationError(`${member} "${uri}": ${problem}`);
  }
}
