/** The operations of HyperParameterTuningJob, and the list of its training jobs. */
import { sageMakerArn } from '../../account.js';
import { isEnd } from '../../jobs/job-status.js';
import type { Operation } from '../../protocol/run-operation.js';
import { ServiceError } from '../../service-error.js';
import type { StoredRecord } from '../../store/record.js';
import { progressOf } from '../../tuning/tuning-step.js';
import {
  createRecord,
  findRecord,
  now,
  type RunningSageMaker,
  removeRecord,
  validationError,
} from '../resources/context.js';
import { answerPage, type ListRequest, listRecords } from '../resources/list.js';
import { checkTrainingQuota } from '../training-jobs/instances.js';
import { pageOfTrainingJobs, type TrainingJobsRequest } from './list.js';
import { checkTuningJob } from './rules.js';
import type { TuningRun } from './run.js';
import { type CreateTuningJobRequest, TUNING_JOB, type TuningJobBody } from './shapes.js';
import { saveTuningJob } from './state.js';
import { bestOf, countersOf, inheritedSummaries, summariesOf, trialsOf } from './trials.js';

interface NameRequest {
  readonly HyperParameterTuningJobName: string;
}

export function tuningJobOperations(sageMaker: RunningSageMaker, run: TuningRun): Readonly<Record<string, Operation>> {
  const { store, account } = sageMaker;
  const find = (name: string) => findRecord<TuningJobBody>(sageMaker, TUNING_JOB, name, notFound);
  return {
    async CreateHyperParameterTuningJob(request: CreateTuningJobRequest) {
      const { Tags, ...members } = request;
      const { HyperParameterTuningJobName: name } = request;
      const arn = sageMakerArn(account, TUNING_JOB, name);
      if (store.records.find(TUNING_JOB, name)) throw inUse(name);
      const created = now();
      const { plan, template, definition } = await checkTuningJob(sageMaker, request, created);
      checkTrainingQuota(sageMaker, template.ResourceConfig, true);
      const body: TuningJobBody = {
        described: {
          ...members,
          HyperParameterTuningJobArn: arn,
          HyperParameterTuningJobStatus: 'InProgress',
          CreationTime: created,
          LastModifiedTime: created,
        },
        ...(definition.DefinitionName !== undefined && { definitionName: definition.DefinitionName }),
        ...{ plan, template, launched: [], isComplete: false },
      };
      store.transaction(() =>
        createRecord(sageMaker, { kind: TUNING_JOB, name, status: 'InProgress', created, body, tags: Tags }, () =>
          inUse(name),
        ),
      );
      run.advance(name);
      return { HyperParameterTuningJobArn: arn };
    },

    DescribeHyperParameterTuningJob({ HyperParameterTuningJobName }: NameRequest) {
      return describe(sageMaker, find(HyperParameterTuningJobName));
    },

    ListHyperParameterTuningJobs(request: ListRequest) {
      const query = { ...request, SortBy: request.SortBy ?? 'Name' };
      return answerPage(
        listRecords<TuningJobBody>(sageMaker, TUNING_JOB, query, 'Ascending'),
        'HyperParameterTuningJobSummaries',
        (record) => summarize(sageMaker, record),
      );
    },

    StopHyperParameterTuningJob({ HyperParameterTuningJobName: name }: NameRequest) {
      store.transaction(() => {
        const job = find(name);
        if (job.status === 'Stopping') return;
        if (isEnd(job.status)) {
          throw validationError(
            `The request was rejected because the hyperparameter tuning job is in status ${job.status}.`,
          );
        }
        saveTuningJob(sageMaker, job, 'Stopping');
      });
      run.advance(name);
      return {};
    },

    DeleteHyperParameterTuningJob({ HyperParameterTuningJobName: name }: NameRequest) {
      const job = find(name);
      if (!isEnd(job.status)) {
        throw validationError(
          `The hyperparameter tuning job ${job.arn} must have ended to be deleted; it is in status ${job.status}.`,
        );
      }
      removeRecord(sageMaker, job);
      return {};
    },

    ListTrainingJobsForHyperParameterTuningJob(request: TrainingJobsRequest) {
      return pageOfTrainingJobs(summariesOf(sageMaker, find(request.HyperParameterTuningJobName).body), request);
    },
  };
}

// --- internal ---

function notFound(arn: string): ServiceError {
  return new ServiceError('ResourceNotFound', `Amazon SageMaker can't find a tuning job with the ARN ${arn}.`);
}

function inUse(name: string): ServiceError {
  return new ServiceError(
    'ResourceInUse',
    `A hyperparameter tuning job with the name, ${name}, already exists. Choose a different name.`,
  );
}

function describe(sageMaker: RunningSageMaker, { body, created }: StoredRecord<TuningJobBody>): object {
  const { described, plan, convergedAt, template } = body;
  const summaries = summariesOf(sageMaker, body);
  const best = bestOf(body, summaries);
  const isIdentical = plan.warmStart?.type === 'IdenticalDataAndAlgorithm';
  const overall = isIdentical ? bestOf(body, [...summaries, ...inheritedSummaries(sageMaker, body)]) : undefined;
  const end = described.HyperParameterTuningEndTime ?? now();
  const { TrainingJobDefinition, TrainingJobDefinitions } = described;
  const complete = <D extends object>(definition: D) => ({
    ...definition,
    StaticHyperParameters: template.HyperParameters,
  });
  return {
    ...described,
    ...(TrainingJobDefinition && { TrainingJobDefinition: complete(TrainingJobDefinition) }),
    ...(TrainingJobDefinitions && { TrainingJobDefinitions: TrainingJobDefinitions.map(complete) }),
    ...countersOf(summaries),
    ...(best && { BestTrainingJob: best }),
    ...(overall && { OverallBestTrainingJob: overall }),
    TuningJobCompletionDetails: {
      NumberOfTrainingJobsObjectiveNotImproving: progressOf(plan, trialsOf(sageMaker, body)).notImproving,
      ...(convergedAt !== undefined && { ConvergenceDetectedTime: convergedAt }),
    },
    ConsumedResources: { RuntimeInSeconds: Math.max(0, Math.round(end - created)) },
  };
}

function summarize(sageMaker: RunningSageMaker, { body }: StoredRecord<TuningJobBody>): object {
  const { described } = body;
  const { Strategy, ResourceLimits } = described.HyperParameterTuningJobConfig;
  return {
    HyperParameterTuningJobName: described.HyperParameterTuningJobName,
    HyperParameterTuningJobArn: described.HyperParameterTuningJobArn,
    HyperParameterTuningJobStatus: described.HyperParameterTuningJobStatus,
    Strategy,
    CreationTime: described.CreationTime,
    ...(described.HyperParameterTuningEndTime !== undefined && {
      HyperParameterTuningEndTime: described.HyperParameterTuningEndTime,
    }),
    LastModifiedTime: described.LastModifiedTime,
    ...countersOf(summariesOf(sageMaker, body)),
    ResourceLimits,
  };
}
