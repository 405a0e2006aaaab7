/** CreateTrainingJob, DescribeTrainingJob, ListTrainingJobs, StopTrainingJob, DeleteTrainingJob. */
import { sageMakerArn } from '../../account.js';
import { isEnd } from '../../jobs/job-status.js';
import { lasting } from '../../protocol/lasting-answer.js';
import type { Operation } from '../../protocol/run-operation.js';
import { ServiceError } from '../../service-error.js';
import type { StoredRecord } from '../../store/record.js';
import {
  findRecord,
  type RunningSageMaker,
  removeRecord,
  type SageMaker,
  validationError,
} from '../resources/context.js';
import { answerPage, type ListRequest, listRecords, pick } from '../resources/list.js';
import { stopJob } from '../resources/stop-job.js';
import { TRAINING_LOG_GROUP } from './host-logs.js';
import { insertTrainingJob, trainingJobInUse } from './new-job.js';
import { checkTrainingJob } from './rules.js';
import type { CreateTrainingJobRequest, TrainingJobBody } from './shapes.js';
import { end, enter, TRAINING_JOB } from './state.js';

interface NameRequest {
  readonly TrainingJobName: string;
}

interface ListTrainingJobsRequest extends ListRequest {
  readonly WarmPoolStatusEquals?: string;
  readonly TrainingPlanArnEquals?: string;
}

/** Members of TrainingJobSummary. */
const SUMMARY = [
  ...(['TrainingJobName', 'TrainingJobArn', 'CreationTime', 'TrainingEndTime'] as const),
  ...(['LastModifiedTime', 'TrainingJobStatus', 'SecondaryStatus'] as const),
];

export function trainingJobOperations(sageMaker: RunningSageMaker): Readonly<Record<string, Operation>> {
  const { store, scheduler } = sageMaker;
  const find = (name: string) => findTrainingJob(sageMaker, name);
  return {
    async CreateTrainingJob(request: CreateTrainingJobRequest) {
      const { TrainingJobName: name, Tags } = request;
      if (store.records.find(TRAINING_JOB, name))
        throw trainingJobInUse(sageMakerArn(sageMaker.account, TRAINING_JOB, name));
      const job = await checkTrainingJob(sageMaker, request);
      const TrainingJobArn = store.transaction(() => {
        const arn = insertTrainingJob(sageMaker, job, Tags);
        store.work.add({ kind: TRAINING_JOB, name });
        return arn;
      });
      scheduler.wake();
      return { TrainingJobArn };
    },

    DescribeTrainingJob({ TrainingJobName }: NameRequest) {
      return describe(find(TrainingJobName).body);
    },

    ListTrainingJobs(request: ListTrainingJobsRequest) {
      // No job here has a warm pool or a training plan.
      if (request.WarmPoolStatusEquals !== undefined || request.TrainingPlanArnEquals !== undefined) {
        return { TrainingJobSummaries: [] };
      }
      return answerPage(
        listRecords<TrainingJobBody>(sageMaker, TRAINING_JOB, request, 'Ascending'),
        'TrainingJobSummaries',
        summarize,
      );
    },

    StopTrainingJob({ TrainingJobName: name }: NameRequest) {
      stopTrainingJob(sageMaker, name);
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
        store.logs.removeValues(TRAINING_LOG_GROUP, name); // another job of its name would have them; its log stays
      });
      return {};
    },
  };
}

/** @throws ServiceError ValidationException when the job has ended, or there is none */
export function stopTrainingJob(sageMaker: RunningSageMaker, name: string): void {
  stopJob(
    sageMaker,
    { kind: TRAINING_JOB, name },
    {
      what: 'training job',
      status: () => findTrainingJob(sageMaker, name).status,
      stopping: () => enter(sageMaker, name, 'Stopping'),
      stopped: () => end(sageMaker, name, 'Stopped', 'Stopped'),
    },
  );
}

// --- internal ---

/** @throws ServiceError ValidationException, in the service's own words, when there is none */
function findTrainingJob(sageMaker: SageMaker, name: string): StoredRecord<TrainingJobBody> {
  return findRecord<TrainingJobBody>(sageMaker, TRAINING_JOB, name, () =>
    validationError('Requested resource not found.'),
  );
}

const describe = lasting(({ ResolvedImage: _, ...answer }: TrainingJobBody) => answer);

function summarize({ body }: StoredRecord<TrainingJobBody>): object {
  return pick(body, SUMMARY);
}
