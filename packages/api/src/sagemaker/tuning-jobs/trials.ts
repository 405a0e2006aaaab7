/** The training jobs of a tuning job: as trials for its strategy, as summaries, counted by status, and the best of them. */

import { isEnd } from '../../jobs/job-status.js';
import { isMeasured, signOf, type Trial } from '../../tuning/trial.js';
import type { SageMaker } from '../resources/context.js';
import { TRAINING_LOG_GROUP } from '../training-jobs/host-logs.js';
import type { TrainingJobBody } from '../training-jobs/shapes.js';
import { findJob } from '../training-jobs/state.js';
import { type Launched, type TrainingJobSummary, TUNING_JOB, type TuningJobBody } from './shapes.js';

/** What was read of trials before, by the job's name. */
export interface KnownTrials {
  /** Of jobs that have ended: nothing about them changes any more. */
  readonly ended: Map<string, Trial>;
  /** The values of a running job's metric. */
  readonly readers: Map<string, () => readonly number[]>;
}

export function knownTrials(): KnownTrials {
  return { ended: new Map(), readers: new Map() };
}

/** Forgets a tuning job's trials. */
export function forgetTrials({ ended, readers }: KnownTrials, { launched }: TuningJobBody): void {
  for (const { name } of launched) {
    ended.delete(name);
    readers.delete(name);
  }
}

/**
 * The trial of each launched job, in their order. A job that has been deleted counts as failed.
 * @param known what was read before, to which this adds
 */
export function trialsOf(sageMaker: SageMaker, tuning: TuningJobBody, known = knownTrials()): Trial[] {
  const { ended, readers } = known;
  return tuning.launched.map((job) => {
    const trial = ended.get(job.name) ?? readTrial(sageMaker, tuning, job, readers);
    if (trial.status !== 'InProgress') {
      ended.set(job.name, trial);
      readers.delete(job.name);
    }
    return trial;
  });
}

/** Of the launched jobs that still exist, in the order of their launch. */
export function summariesOf(sageMaker: SageMaker, tuning: TuningJobBody): TrainingJobSummary[] {
  return tuning.launched.flatMap((job) => summarizeJob(sageMaker, tuning, job) ?? []);
}

/** Of its parents' jobs in a warm start that still exist. */
export function inheritedSummaries(sageMaker: SageMaker, { plan }: TuningJobBody): TrainingJobSummary[] {
  return (plan.warmStart?.parents ?? []).flatMap(({ name }) => {
    const parent = sageMaker.store.records.find<TuningJobBody>(TUNING_JOB, name);
    return parent ? summariesOf(sageMaker, parent.body) : [];
  });
}

/** TrainingJobStatusCounters and ObjectiveStatusCounters. Failures of training jobs are not retried. */
export function countersOf(summaries: readonly TrainingJobSummary[]): object {
  const count = (isCounted: (summary: TrainingJobSummary) => boolean) => summaries.filter(isCounted).length;
  const status = (name: string) => count(({ TrainingJobStatus }) => TrainingJobStatus === name);
  const objective = (name: string) => count(({ ObjectiveStatus }) => ObjectiveStatus === name);
  return {
    TrainingJobStatusCounters: {
      Completed: status('Completed'),
      InProgress: status('InProgress') + status('Stopping'),
      RetryableError: 0,
      NonRetryableError: status('Failed'),
      Stopped: status('Stopped'),
    },
    ObjectiveStatusCounters: {
      Succeeded: objective('Succeeded'),
      Pending: objective('Pending'),
      Failed: objective('Failed'),
    },
  };
}

/** The summary with the best final objective; the first of equal ones. */
export function bestOf(
  { plan }: TuningJobBody,
  summaries: readonly TrainingJobSummary[],
): TrainingJobSummary | undefined {
  const sign = signOf(plan.objective.type);
  const loss = (summary: TrainingJobSummary) =>
    sign * (summary.FinalHyperParameterTuningJobObjectiveMetric?.Value ?? Number.NaN);
  return summaries
    .filter((summary) => Number.isFinite(loss(summary)))
    .reduce<TrainingJobSummary | undefined>((best, one) => (best && loss(best) <= loss(one) ? best : one), undefined);
}

/** How many trials have ended, how many of them were not failures, and how many gave a result. */
export function outcomeOf(trials: readonly Trial[]): { ended: number; succeeded: number; measured: number } {
  const ended = trials.filter(({ status }) => status !== 'InProgress');
  return {
    ended: ended.length,
    succeeded: ended.filter(({ status }) => status !== 'Failed').length,
    measured: ended.filter(isMeasured).length,
  };
}

// --- internal ---

function readTrial(
  sageMaker: SageMaker,
  { plan }: TuningJobBody,
  { name, hyperparameters }: Launched,
  readers: KnownTrials['readers'],
): Trial {
  const job = findJob(sageMaker, name)?.body;
  if (!job) return { hyperparameters, status: 'Failed', endedAt: 0 };
  const { metric } = plan.objective;
  const status = job.TrainingJobStatus;
  const objective = finalObjective(job, metric);
  const needsMeasurements = plan.stopsByMedian || plan.hyperband !== undefined;
  const read = readers.get(name) ?? sageMaker.store.logs.reader(TRAINING_LOG_GROUP, name, metric);
  if (needsMeasurements) readers.set(name, read);
  return {
    hyperparameters,
    status: status === 'Stopping' ? 'InProgress' : status,
    ...(objective !== undefined && { objective }),
    ...(isEnd(status) && { endedAt: job.TrainingEndTime ?? job.LastModifiedTime }),
    ...(needsMeasurements && { measurements: read() }),
  };
}

function finalObjective({ FinalMetricDataList = [] }: TrainingJobBody, metric: string): number | undefined {
  return FinalMetricDataList.find(({ MetricName }) => MetricName === metric)?.Value;
}

function summarizeJob(
  sageMaker: SageMaker,
  { described, definitionName, plan }: TuningJobBody,
  { name, hyperparameters }: Launched,
): TrainingJobSummary | undefined {
  const job = findJob(sageMaker, name)?.body;
  if (!job) return undefined;
  const { type: Type, metric: MetricName } = plan.objective;
  const Value = finalObjective(job, MetricName);
  const { TrainingStartTime, TrainingEndTime, FailureReason } = job;
  const hasResult = Value !== undefined && job.TrainingJobStatus !== 'Failed';
  return {
    ...(definitionName !== undefined && { TrainingJobDefinitionName: definitionName }),
    TrainingJobName: name,
    TrainingJobArn: job.TrainingJobArn,
    TuningJobName: described.HyperParameterTuningJobName,
    CreationTime: job.CreationTime,
    ...(TrainingStartTime !== undefined && { TrainingStartTime }),
    ...(TrainingEndTime !== undefined && { TrainingEndTime }),
    TrainingJobStatus: job.TrainingJobStatus,
    TunedHyperParameters: hyperparameters,
    ...(FailureReason !== undefined && { FailureReason }),
    ...(hasResult && {
      FinalHyperParameterTuningJobObjectiveMetric: { ...(definitionName !== undefined && { Type }), MetricName, Value },
    }),
    ObjectiveStatus: isEnd(job.TrainingJobStatus) ? (hasResult ? 'Succeeded' : 'Failed') : 'Pending',
  };
}
