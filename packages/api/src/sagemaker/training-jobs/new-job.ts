/** The record of a training job as it begins, whoever asks for it: a client, a validation, a tuning job. */
import { sageMakerArn } from '../../account.js';
import { ServiceError } from '../../service-error.js';
import type { Tag } from '../../store/tags.js';
import { createRecord, now, type SageMaker } from '../resources/context.js';
import { modelArtifactsUri } from './artifacts.js';
import { checkTrainingQuota } from './instances.js';
import { type CheckedTrainingJob, DEFAULT_MAX_RUNTIME_SECONDS, type TrainingJobBody } from './shapes.js';
import { firstTransition, TRAINING_JOB } from './state.js';

/**
 * Makes a training job that has been checked, in a transaction of the caller's, who also says when it runs.
 * @param tuningJobArn of the tuning job that launches it
 * @returns its ARN
 * @throws ServiceError ResourceInUse, ResourceLimitExceeded
 */
export function insertTrainingJob(
  sageMaker: SageMaker,
  job: CheckedTrainingJob,
  tags?: readonly Tag[],
  tuningJobArn?: string,
): string {
  const { TrainingJobName: name } = job;
  const time = now();
  checkTrainingQuota(sageMaker, job.ResourceConfig);
  const body: TrainingJobBody = {
    ...job,
    // As the service answers them where a request has none; SageMaker's Python SDK v2 reads both.
    OutputDataConfig: { KmsKeyId: '', ...job.OutputDataConfig },
    StoppingCondition: { MaxRuntimeInSeconds: DEFAULT_MAX_RUNTIME_SECONDS, ...job.StoppingCondition },
    EnableNetworkIsolation: job.EnableNetworkIsolation ?? false,
    EnableInterContainerTrafficEncryption: job.EnableInterContainerTrafficEncryption ?? false,
    EnableManagedSpotTraining: job.EnableManagedSpotTraining ?? false,
    TrainingJobArn: sageMakerArn(sageMaker.account, TRAINING_JOB, name),
    ...(tuningJobArn !== undefined && { TuningJobArn: tuningJobArn }),
    ModelArtifacts: { S3ModelArtifacts: modelArtifactsUri(job) },
    TrainingJobStatus: 'InProgress',
    SecondaryStatus: 'Starting',
    CreationTime: time,
    LastModifiedTime: time,
    SecondaryStatusTransitions: [firstTransition(time)],
    ProfilingStatus: 'Disabled',
  };
  const record = { kind: TRAINING_JOB, name, status: 'InProgress', created: time, body, tags };
  return createRecord(sageMaker, record, trainingJobInUse);
}

export function trainingJobInUse(arn: string): ServiceError {
  return new ServiceError(
    'ResourceInUse',
    `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
  );
}
