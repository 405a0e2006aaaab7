/** The record of a transform job as it begins, whoever asks for it: a client, a validation. */
import { sageMakerArn } from '../../account.js';
import { ServiceError } from '../../service-error.js';
import type { Tag } from '../../store/tags.js';
import { refuseMultiModel } from '../models/multi-model.js';
import { defineModel } from '../models/served.js';
import { createRecord, now, type SageMaker } from '../resources/context.js';
import { checkQuota, jobsInUse } from '../resources/quotas.js';
import { TRANSFORM_JOB } from './run.js';
import type { TransformJobBody, TransformJobMembers } from './shapes.js';

/**
 * Makes a transform job that has been checked, in a transaction of the caller's, who also says when it runs.
 * @returns its ARN
 * @throws ServiceError ResourceInUse, ResourceLimitExceeded
 */
export function insertTransformJob(sageMaker: SageMaker, job: TransformJobMembers, tags?: readonly Tag[]): string {
  const { TransformJobName: name } = job;
  const { InstanceType } = job.TransformResources;
  const time = now();
  const used = jobsInUse(sageMaker, TRANSFORM_JOB, '$.TransformResources.InstanceType', InstanceType);
  checkQuota(sageMaker, 'transform job usage', InstanceType, used, 1);
  const Model = defineModel(sageMaker, job.ModelName);
  refuseMultiModel(Model.containers, 'batch transform');
  const body: TransformJobBody = {
    ...job,
    Model,
    DataProcessing: { InputFilter: '$', OutputFilter: '$', JoinSource: 'None', ...job.DataProcessing },
    TransformJobArn: sageMakerArn(sageMaker.account, TRANSFORM_JOB, name),
    TransformJobStatus: 'InProgress',
    CreationTime: time,
  };
  const record = { kind: TRANSFORM_JOB, name, status: 'InProgress', created: time, body, tags };
  return createRecord(sageMaker, record, transformJobInUse);
}

export function transformJobInUse(arn: string): ServiceError {
  return new ServiceError(
    'ResourceInUse',
    `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
  );
}
