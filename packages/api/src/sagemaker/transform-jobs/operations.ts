/** CreateTransformJob, DescribeTransformJob, ListTransformJobs, StopTransformJob. */
import { ArgumentError, checkInferenceIds, planDataProcessing } from '@algo/local';
import { sageMakerArn } from '../../account.js';
import { missingInput } from '../../jobs/input-data.js';
import { lasting } from '../../protocol/lasting-answer.js';
import type { Operation } from '../../protocol/run-operation.js';
import type { StoredRecord } from '../../store/record.js';
import type { Tag } from '../../store/tags.js';
import { findModel } from '../models/operations.js';
import { findRecord, type RunningSageMaker, type SageMaker, validationError } from '../resources/context.js';
import { answerPage, type ListRequest, listRecords, pick } from '../resources/list.js';
import { noObjects } from '../resources/no-objects.js';
import { stopJob } from '../resources/stop-job.js';
import { insertTransformJob, transformJobInUse } from './new-job.js';
import { changeTransformJob, TRANSFORM_JOB } from './run.js';
import { processedData, type TransformJobBody, type TransformJobMembers } from './shapes.js';

interface NameRequest {
  readonly TransformJobName: string;
}

export function transformJobOperations(sageMaker: RunningSageMaker): Readonly<Record<string, Operation>> {
  const { store, scheduler, account } = sageMaker;
  const find = (name: string) =>
    findRecord<TransformJobBody>(sageMaker, TRANSFORM_JOB, name, () =>
      validationError(`Could not find requested job with name: ${name}`),
    );
  return {
    async CreateTransformJob({ Tags, ...job }: TransformJobMembers & { readonly Tags?: readonly Tag[] }) {
      const { TransformJobName: name } = job;
      if (store.records.find(TRANSFORM_JOB, name)) throw transformJobInUse(sageMakerArn(account, TRANSFORM_JOB, name));
      await checkTransformJob(sageMaker, job);
      const TransformJobArn = store.transaction(() => {
        const arn = insertTransformJob(sageMaker, job, Tags);
        store.work.add({ kind: TRANSFORM_JOB, name });
        return arn;
      });
      scheduler.wake();
      return { TransformJobArn };
    },

    DescribeTransformJob({ TransformJobName }: NameRequest) {
      return describe(find(TransformJobName).body);
    },

    ListTransformJobs(request: ListRequest) {
      const page = listRecords<TransformJobBody>(sageMaker, TRANSFORM_JOB, request, 'Descending');
      return answerPage(page, 'TransformJobSummaries', summarize);
    },

    StopTransformJob({ TransformJobName: name }: NameRequest) {
      stopJob(
        sageMaker,
        { kind: TRANSFORM_JOB, name },
        {
          what: 'transform job',
          status: () => find(name).status,
          stopping: () => changeTransformJob(sageMaker, name, { TransformJobStatus: 'Stopping' }),
          stopped: () => changeTransformJob(sageMaker, name, { TransformJobStatus: 'Stopped' }),
        },
      );
      return {};
    },
  };
}

// --- internal ---

const SUMMARY = [
  'TransformJobName',
  'TransformJobArn',
  'CreationTime',
  'TransformEndTime',
  'TransformJobStatus',
] as const;

const describe = lasting(({ Model: _, ...answer }: TransformJobBody) => answer);

function summarize({ body, modified }: StoredRecord<TransformJobBody>): object {
  return { ...pick(body, [...SUMMARY, 'FailureReason']), LastModifiedTime: modified };
}

/** @throws ServiceError ValidationException */
export async function checkTransformJob(sageMaker: SageMaker, job: TransformJobMembers): Promise<void> {
  const { TransformInput, TransformOutput, TransformResources, MaxConcurrentTransforms = 1, MaxPayloadInMB = 0 } = job;
  const { InferenceExecutionConfig, ExecutionRoleArn = '' } = findModel(sageMaker, job.ModelName).body;
  if (InferenceExecutionConfig?.Mode === 'Direct') {
    throw validationError(`Model ${job.ModelName} must not have InferenceExecutionConfig Mode Direct.`);
  }
  checkAvailable(job);
  checkDataProcessing(job);
  const { InstanceCount } = TransformResources;
  if (InstanceCount !== 1) {
    throw validationError(`TransformResources.InstanceCount must be 1 on this machine; received ${InstanceCount}.`);
  }
  if (MaxPayloadInMB > 100) throw validationError(`MaxPayloadInMB must be up to 100; received ${MaxPayloadInMB}.`);
  if (Math.max(1, MaxConcurrentTransforms) * MaxPayloadInMB > 100) {
    throw validationError(
      `MaxConcurrentTransforms × MaxPayloadInMB must be up to 100 MB; received ${MaxConcurrentTransforms} × ${MaxPayloadInMB}.`,
    );
  }
  if (job.BatchStrategy === 'SingleRecord' && (TransformInput.SplitType ?? 'None') === 'None') {
    throw validationError('BatchStrategy SingleRecord must have a SplitType other than None.');
  }
  const { S3Uri } = TransformInput.DataSource.S3DataSource;
  const missing = await missingInput(sageMaker.objects, S3Uri);
  if (missing !== undefined) throw noObjects(sageMaker, S3Uri, ExecutionRoleArn, missing);
  await checkPlace(sageMaker, 'TransformOutput.S3OutputPath', TransformOutput.S3OutputPath);
  const { DataCaptureConfig } = job;
  if (DataCaptureConfig) {
    await checkPlace(sageMaker, 'DataCaptureConfig.DestinationS3Uri', DataCaptureConfig.DestinationS3Uri);
  }
}

/** Of objects that the job makes: their bucket must be there. */
async function checkPlace({ objects }: SageMaker, member: string, uri: string): Promise<void> {
  const problem = await missingInput(objects, uri);
  if (problem === undefined || problem === 'No S3 objects found') return;
  throw validationError(`${member} "${uri}": ${problem}`);
}

/** What would change the output and is not available here is refused by name. */
function checkAvailable({ TransformInput }: TransformJobMembers): void {
  const { S3DataType } = TransformInput.DataSource.S3DataSource;
  if (S3DataType === 'S3Prefix' || S3DataType === 'ManifestFile') return;
  throw validationError(`S3DataType ${S3DataType} is not available on this machine.`);
}

function checkDataProcessing(job: TransformJobMembers): void {
  try {
    planDataProcessing(processedData(job));
    if (job.DataCaptureConfig?.GenerateInferenceId) checkInferenceIds(processedData(job));
  } catch (error) {
    throw error instanceof ArgumentError ? validationError(error.message) : error;
  }
}
