/** CreateTrainingJob, DescribeTrainingJob, ListTrainingJobs, StopTrainingJob, DeleteTrainingJob. */
import { sageMakerArn } from '../account.js';
import type { Operation } from '../protocol/json.js';
import { ServiceError } from '../service-error.js';
import type { StoredRecord } from '../store/record.js';
import { createRecord, findRecord, now, type RunningSageMaker, removeRecord, validationError } from './context.js';
import { answerPage, type ListRequest, listRecords, pick } from './list.js';
import { checkQuota, recordsInUse } from './quotas.js';
import { stopJob } from './stop-job.js';
import { modelArtifactsUri } from './training-artifacts.js';
import { checkTrainingJob } from './training-job-rules.js';
import { TRAINING_LOG_GROUP } from './training-job-run.js';
import type { CreateTrainingJobRequest, TrainingJobBody } from './training-job-shapes.js';
import { end, enter, firstTransition, isEnd, TRAINING_JOB } from './training-job-state.js';

interface NameRequest {
  readonly TrainingJobName: string;
}

/** Members of TrainingJobSummary. */
const SUMMARY = [
  ...(['TrainingJobName', 'TrainingJobArn', 'CreationTime', 'TrainingEndTime'] as const),
  ...(['LastModifiedTime', 'TrainingJobStatus', 'SecondaryStatus'] as const),
];

export function trainingJobOperations(sageMaker: RunningSageMaker): Readonly<Record<string, Operation>> {
  const { store, scheduler } = sageMaker;
  const find = (name: string) => findRecord<TrainingJobBody>(sageMaker, TRAINING_JOB, name, notFound);
  return {
    async CreateTrainingJob(request: CreateTrainingJobRequest) {
      const { TrainingJobName: name, Tags } = request;
      if (store.records.find(TRAINING_JOB, name)) throw inUse(sageMakerArn(sageMaker.account, TRAINING_JOB, name));
      const job = await checkTrainingJob(sageMaker, request);
      const time = now();
      const body: TrainingJobBody = {
        ...job,
        EnableNetworkIsolation: job.EnableNetworkIsolation ?? false,
        EnableInterContainerTrafficEncryption: job.EnableInterContainerTrafficEncryption ?? false,
        EnableManagedSpotTraining: job.EnableManagedSpotTraining ?? false,
        TrainingJobArn: sageMakerArn(sageMaker.account, TRAINING_JOB, name),
        ModelArtifacts: { S3ModelArtifacts: modelArtifactsUri(job) },
        TrainingJobStatus: 'InProgress',
        SecondaryStatus: 'Starting',
        CreationTime: time,
        LastModifiedTime: time,
        SecondaryStatusTransitions: [firstTransition(time)],
        ProfilingStatus: 'Disabled',
      };
      const type = job.ResourceConfig.InstanceType!;
      const isOfType = (other: TrainingJobBody) => other.ResourceConfig.InstanceType === type;
      const arn = store.transaction(() => {
        const record = { kind: TRAINING_JOB, name, status: 'InProgress', created: time, body, tags: Tags };
        checkQuota(sageMaker, 'training job usage', type, recordsInUse(sageMaker, TRAINING_JOB, isOfType), 1);
        const made = createRecord(sageMaker, record, inUse);
        store.work.add({ kind: TRAINING_JOB, name });
        return made;
      });
      scheduler.wake();
      return { TrainingJobArn: arn };
    },

    DescribeTrainingJob: ({ TrainingJobName }: NameRequest) => find(TrainingJobName).body,

    ListTrainingJobs(request: ListRequest) {
      return answerPage(
        listRecords<TrainingJobBody>(sageMaker, TRAINING_JOB, request, 'Ascending'),
        'TrainingJobSummaries',
        summarize,
      );
    },

    StopTrainingJob({ TrainingJobName: name }: NameRequest) {
      stopJob(
        sageMaker,
        { kind: TRAINING_JOB, name },
        {
          what: 'training job',
          status: () => find(name).status,
          stopping: () => enter(sageMaker, name, 'Stopping'),
          stopped: () => end(sageMaker, name, 'Stopped', 'Stopped'),
        },
      );
      return {};
    },

    DeleteTrainingJob({ TrainingJobName: name }: NameRequest) {
      const job = find(name);
      if (!isEnd(job.status)) {
        throw new ServiceError(
          'ResourceInUse',
          `The training job ${job.arn} must have ended to be deleted; it is in status ${job.status}.`,
        );
      }
      store.transaction(() => {
        removeRecord(sageMaker, job);
        store.logs.remove(TRAINING_LOG_GROUP, name);
      });
      return {};
    },
  };
}

// --- internal ---

/** The service's own code and words for this one. */
function notFound(): ServiceError {
  return validationError('Requested resource not found.');
}

function inUse(arn: string): ServiceError {
  return new ServiceError(
    'ResourceInUse',
    `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
  );
}

function summarize({ body }: StoredRecord<TrainingJobBody>): object {
  return pick(body, SUMMARY);
}
