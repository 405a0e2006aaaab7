/**
 * The states of a training job, in the order of the service: Starting, Downloading, Training, Uploading, and an end. A job
 * whose spot instance is taken away is Interrupted, then Starting again. Each change is recorded as a transition with the
 * service's own message.
 */

import { failureReason as withPlatformNames } from '../../jobs/failure.js';
import { isEnd } from '../../jobs/job-status.js';
import type { StoredRecord } from '../../store/record.js';
import { now, type SageMaker } from '../resources/context.js';
import type { SecondaryStatus, TrainingJobBody, TrainingJobStatus, Transition } from './shapes.js';

export const TRAINING_JOB = 'training-job';

const MESSAGES: Readonly<Record<SecondaryStatus, string>> = {
  Starting: 'Starting the training job',
  Downloading: 'Downloading input data',
  Training: 'Training image download completed. Training in progress.',
  Interrupted: 'The job stopped because the managed spot training instances were interrupted.',
  Uploading: 'Uploading generated training model',
  Stopping: 'Stopping the training job',
  Stopped: 'Training job stopped',
  MaxRuntimeExceeded: 'Training job runtime exceeded MaxRuntimeInSeconds provided',
  MaxWaitTimeExceeded: 'Training job wait time exceeded MaxWaitTimeInSeconds provided',
  Completed: 'Training job completed',
  Failed: 'Training job failed',
};

/** Members of the body that a change sets beside its status. */
export type Changes = Partial<Pick<TrainingJobBody, 'FinalMetricDataList' | 'ModelArtifacts'>>;

export function firstTransition(time: number): Transition {
  return { Status: 'Starting', StartTime: time, StatusMessage: MESSAGES.Starting };
}

/** The job as it is now; undefined when it has been deleted. */
export function findJob({ store }: SageMaker, name: string): StoredRecord<TrainingJobBody> | undefined {
  return store.records.find<TrainingJobBody>(TRAINING_JOB, name);
}

/** Changes the secondary status of a job that has not ended, in a transaction of its own. A job that is stopping stays so. */
export function enter(sageMaker: SageMaker, name: string, secondary: SecondaryStatus): void {
  sageMaker.store.transaction(() => {
    const job = findJob(sageMaker, name);
    if (!job || isEnd(job.status) || job.body.SecondaryStatus === secondary) return;
    const status = secondary === 'Stopping' ? 'Stopping' : job.body.TrainingJobStatus;
    if (status === 'Stopping' && secondary !== 'Stopping' && secondary !== 'Uploading') return;
    const time = now();
    const { TrainingStartTime = time } = job.body;
    save(sageMaker, job, { status, secondary, time }, secondary === 'Training' ? { TrainingStartTime } : {});
  });
}

/**
 * Sets a job back to its first status: no program of it has been started. In a transaction of the caller's.
 * @returns false when it is being stopped, or has been deleted
 */
export function beginAgain(sageMaker: SageMaker, name: string): boolean {
  const job = findJob(sageMaker, name);
  if (job?.status !== 'InProgress') return false;
  const { TrainingStartTime: _, ...kept } = job.body;
  const body: TrainingJobBody = {
    ...kept,
    ...{ SecondaryStatus: 'Starting', LastModifiedTime: now() },
    SecondaryStatusTransitions: [firstTransition(job.body.CreationTime)],
  };
  sageMaker.store.records.update({ ...job, modified: body.LastModifiedTime, body });
  return true;
}

/** Records the end of a job, in a transaction of the caller's. */
export function end(
  sageMaker: SageMaker,
  name: string,
  status: TrainingJobStatus,
  secondary: SecondaryStatus,
  { failureReason, ...changes }: Changes & { readonly failureReason?: string | undefined } = {},
): void {
  const job = findJob(sageMaker, name);
  if (!job || isEnd(job.status)) return;
  const time = now();
  const { TrainingStartTime, SecondaryStatusTransitions } = job.body;
  const seconds = TrainingStartTime && Math.max(1, Math.ceil(secondsOnInstances(SecondaryStatusTransitions, time)));
  save(
    sageMaker,
    job,
    { status, secondary, time },
    {
      ...changes,
      TrainingEndTime: time,
      ...(seconds !== undefined && { TrainingTimeInSeconds: seconds, BillableTimeInSeconds: seconds }),
      ...(failureReason !== undefined && { FailureReason: withPlatformNames(sageMaker, failureReason) }),
    },
  );
}

// --- internal ---

/** From each start of the training until its instance was taken away, or until the end of the job. */
function secondsOnInstances(transitions: readonly Transition[], end: number): number {
  let seconds = 0;
  let since: number | undefined;
  for (const { Status, StartTime } of [...transitions, { Status: 'Interrupted', StartTime: end }]) {
    if (Status === 'Training') since ??= StartTime;
    if (Status !== 'Interrupted' || since === undefined) continue;
    seconds += StartTime - since;
    since = undefined;
  }
  return seconds;
}

interface Entered {
  readonly status: TrainingJobStatus;
  readonly secondary: SecondaryStatus;
  /** Of the transition, as of everything that is recorded with it. */
  readonly time: number;
}

function save(
  { store, watch }: SageMaker,
  job: StoredRecord<TrainingJobBody>,
  { status, secondary, time }: Entered,
  changes: Partial<TrainingJobBody>,
): void {
  const earlier = job.body.SecondaryStatusTransitions;
  const transition: Transition = {
    Status: secondary,
    StartTime: time,
    ...(isEnd(status) && { EndTime: time }),
    StatusMessage: changes.FailureReason ?? MESSAGES[secondary],
  };
  const body: TrainingJobBody = {
    ...job.body,
    ...changes,
    TrainingJobStatus: status,
    SecondaryStatus: secondary,
    LastModifiedTime: time,
    SecondaryStatusTransitions: [...earlier.slice(0, -1), { ...earlier.at(-1)!, EndTime: time }, transition],
  };
  store.records.update({ ...job, status, modified: time, body });
  if (isEnd(status)) watch.changed(job.name);
}
